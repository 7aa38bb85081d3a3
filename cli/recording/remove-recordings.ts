import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { type Io, UsageError } from "../command.ts";

/** Removes recordings, or only says which. @throws UsageError if one cannot be removed */
export function removeRecordings(names: readonly string[], dryRun: true | undefined, io: Io): void {
  if (dryRun) {
    io.out(`Files to be removed: \n${names.map((name) => `${name}\n`).join("")}`);
    return;
  }
  for (const name of names) {
    try {
      rmSync(resolve(io.cwd, name));
    } catch (error) {
      throw new UsageError(`${name} cannot be removed: ${(error as Error).message}`, "Check the rights of the folder.");
    }
  }
}
