import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is there until the tests end, however they do. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mprof-"));
  folders.push(folder);
  return folder;
}
