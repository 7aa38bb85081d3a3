import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Where the program was started: it may go elsewhere. */
const START = process.cwd();

/** The lines of a source as they are on disk now, or undefined if it is not there. */
export function readSource(file: string): string[] | undefined {
  try {
    return readFileSync(resolve(START, file), "utf8").split(/\r\n|\n|\r|\u2028|\u2029/);
  } catch {
    return undefined;
  }
}
