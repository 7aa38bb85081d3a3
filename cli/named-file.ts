import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Io, UsageError } from "./command.ts";

/** The path of a file that a user has named. @throws UsageError if it is none */
export function namedFile(name: string, { cwd }: Io): string {
  const path = resolve(cwd, name);
  if (!existsSync(path)) throw new UsageError(`there is no such file: ${name}`, `Looked for ${path}.`);
  if (!statSync(path).isFile()) throw new UsageError(`this is no file: ${name}`, "Name the files in it.");
  return path;
}
