import { readFileSync, resolve } from "./builtins.ts";
import { currentFolder } from "./main-context.ts";

/**
 * Reads sources from where the program is now, wherever it goes later: the lines as they are on disk, or undefined for a
 * file that is not there.
 */
export function openSources(): (file: string) => string[] | undefined {
  const start = currentFolder();
  return (file) => {
    try {
      return readFileSync(resolve(start, file), "utf8").split(/\r\n|\n|\r|\u2028|\u2029/);
    } catch {
      return undefined;
    }
  };
}
