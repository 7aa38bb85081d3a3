/** A file that is there whole or not at all, whenever somebody reads it and whatever ends the process that writes. */
import { lstatSync, renameSync, rmSync, writeFileSync } from "./builtins.ts";
import { mainProcess } from "./main-context.ts";

/** A folder that takes no new file may still hold one that can be written. */
const NO_ROOM_BESIDE = ["EACCES", "EPERM", "EROFS"];

/** What is no plain file (a pipe, `/dev/stdout`, a link) is written to as it is. @throws what keeps it from being written */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return writeFileSync(path, content);
  const beside = `${path}.${mainProcess.pid}.tmp`;
  try {
    writeFileSync(beside, content, { mode: there?.mode ?? 0o666 });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    if (there === undefined || !NO_ROOM_BESIDE.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    writeFileSync(path, content);
  }
}
