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
  for (const file of scriptsIn(folder)) {
    if (found.length >= most) break;
    const text = textOf(file);
    const mark = text === null ? null : MARK.exec(text);
    if (mark) found.push({ file, line: lineAt(mark) });
  }
  return found;
}

/** How often a mark is written in each of its forms; decorators above what is no class or member by themselves. */
export interface MarkCounts {
  files: number;
  comments: number;
  directives: number;
  calls: number;
  members: number;
  /** Where a decorator stands above a function or a variable. */
  functions: FoundMark[];
}

const COMMENT = /^[ \t]*(?:\/\/[ \t]*|\/?\*+[ \t]*)@profile\b(?![-.\w])/gm;
const DIRECTIVE = /^[ \t]*["']use profile["']/gm;
const CALL = /(?<![.\w@$])profile[ \t]*\(/g;
const DECORATOR = /^[ \t]*@profile\b(?![-.\w])(?:\([^)]*\))?\s*([^\n]*)/gm;
const FUNCTION = /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|const|let|var)\b/;

/** Counts the marks of a folder, by their text. */
export function countMarks(folder: string): MarkCounts {
  const counts: MarkCounts = { files: 0, comments: 0, directives: 0, calls: 0, members: 0, functions: [] };
  for (const file of scriptsIn(folder)) {
    const text = textOf(file);
    if (text === null || !text.includes("profile")) continue;
    const [comments, directives] = [COMMENT, DIRECTIVE].map((form) => [...text.matchAll(form)].length);
    // Others have a function of that name, too.
    const calls = /["']mprof["']/.test(text) ? [...text.matchAll(CALL)].length : 0;
    const decorators = [...text.matchAll(DECORATOR)];
    const above = decorators.filter(([, next]) => FUNCTION.test(next!));
    counts.comments += comments!;
    counts.directives += directives!;
    counts.calls += calls;
    counts.members += decorators.length - above.length;
    counts.functions.push(...above.map((mark) => ({ file, line: lineAt(mark) })));
    if (comments! + directives! + calls + decorators.length > 0) counts.files++;
  }
  return counts;
}

function* scriptsIn(folder: string): Generator<string> {
  let looked = 0;
  const waiting = [folder];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) waiting.push(path);
      if (!entry.isFile() || !SCRIPT.test(entry.name)) continue;
      if (++looked > MOST_FILES) return;
      yield path;
    }
  }
}

/** In the order of their names; a folder that may not be read has none. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** `null` for a file that is too long, or may not be read. */
function textOf(file: string): string | null {
  try {
    return statSync(file).size > MOST_BYTES ? null : readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function lineAt({ index, input }: RegExpExecArray): number {
  return input.slice(0, index).split("\n").length;
}
