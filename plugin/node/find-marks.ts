/** Marks in the files of a project, found in their text: for what only has to name some. */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface FoundMark {
  file: string;
  /** Of the first mark in it; starts at 1. */
  line: number;
}

/** A mark that begins its line, in any form but the call, which a text alone does not tell from others' `profile`. */
const MARK = /^[ \t]*(?:\/\/[ \t]*|\/?\*+[ \t]*)?@profile\b(?![-.\w])|^[ \t]*["']use profile["']/m;

const SCRIPT = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** A search that is longer than a person waits says nothing of the rest. */
const MOST_FILES = 5000;
const MOST_BYTES = 1 << 20;

/**
 * The first mark of each file below a folder that has one; `node_modules` and folders whose names begin with a dot apart.
 * @param most files with a mark
 */
export function findMarks(folder: string, most: number): FoundMark[] {
  const found: FoundMark[] = [];
  let looked = 0;
  const waiting = [folder];
  for (let next = waiting.shift(); next !== undefined && found.length < most; next = waiting.shift()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) waiting.push(path);
      if (!entry.isFile() || !SCRIPT.test(entry.name)) continue;
      if (++looked > MOST_FILES) return found;
      const line = found.length < most ? lineOfMark(path) : null;
      if (line !== null) found.push({ file: path, line });
    }
  }
  return found;
}

/** In the order of their names; a folder that may not be read has none. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function lineOfMark(file: string): number | null {
  try {
    if (statSync(file).size > MOST_BYTES) return null;
    const text = readFileSync(file, "utf8");
    const mark = MARK.exec(text);
    return mark && text.slice(0, mark.index).split("\n").length;
  } catch {
    return null;
  }
}
