/** Programs for processes of their own: hand-compiled, with one profiled function `f(work)` in `program.js`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../support/scratch.ts";

const BUILT_RUNTIME = new URL("../../runtime/node/index.js", import.meta.url).href;

/** Imports the runtime as `mprof` and defines `f`; the options of its mark can be put in place of the comment. */
export const programStart = `import * as mprof from ${JSON.stringify(BUILT_RUNTIME)};
const module = mprof.table({ version: 1, file: "program.js", functions: [[0, 1]], listings: [
  { name: "f", /* options */ first: 1, lines: ["function f(work) {", "  work?.();", "}"] }] });
function f(work) { const a = module.enter(0); try { a.line(2); work?.(); } finally { a.exit(); } }
`;

/** Writes a program to a file of its own and returns its path. */
export function writeProgram(source: string, name = "program.mjs"): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, source);
  return path;
}
