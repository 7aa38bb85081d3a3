/**
 * A program that hides or replaces globals while it loads a library, as tests of fallbacks do. Compiled code loads the
 * runtime at its first call: just then.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { scratchFolder } from "../support/scratch.ts";

const TABLE = `{ version: 1, file: "lib.js", functions: [[0, 1]], listings: [
  { name: "add", first: 1, lines: ["function add(a, b) {", "  return a + b;", "}"] }] }`;
const ADD = `function add(a, b) { const __mp = __mp_m().enter(0); try { __mp.line(2); return a + b; } finally { __mp.exit(); } }`;
const runtime = (format: "cjs" | "esm") => JSON.stringify(join(ROOT, `dist/${format}/runtime/node/index.js`));

/** As the compiler writes a module of either kind. */
const LIBRARIES: Record<string, string> = {
  "lib.cjs": `var __mp_t; function __mp_m() { return __mp_t || (__mp_t = require(${runtime("cjs")}).table(${TABLE})); } exports.add = ${ADD};`,
  "lib.mjs": `import __mp_table from ${runtime("esm")}; var __mp_t; function __mp_m() { return __mp_t || (__mp_t = __mp_table.table(${TABLE})); } export ${ADD}`,
};

/** Hides what `name` stands for in any copy of the global object, loads the library, calls it, puts it back, calls again. */
function mainOf(library: string, name: string, replacement: string): string {
  const [load, writer] = library.endsWith(".cjs")
    ? [`require("./${library}")`, `const { writeSync } = require("node:fs");`]
    : [`await import("./${library}")`, `import { writeSync } from "node:fs";`];
  return `${writer}
const write = writeSync, { defineProperty, getOwnPropertyDescriptor } = Object;
const path = ${JSON.stringify(name)}.split("."), last = path.pop();
let holder = globalThis;
for (let i = 0; i < path.length; i++) holder = holder[path[i]];
const saved = getOwnPropertyDescriptor(holder, last);
defineProperty(holder, last, { value: ${replacement}, configurable: true, writable: true });
const { add } = ${load};
write(1, add(1, 2) + "\\n");
defineProperty(holder, last, saved);
write(1, add(3, 4) + "\\n");`;
}

function run(library: string, name: string, replacement = "undefined") {
  const folder = scratchFolder();
  const main = join(folder, library.endsWith(".cjs") ? "main.cjs" : "main.mjs");
  writeFileSync(join(folder, library), LIBRARIES[library]!);
  writeFileSync(main, mainOf(library, name, replacement));
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], { encoding: "utf8", timeout: 5_000 });
  return { status, stdout, stderr };
}

/** What a program may take away, and whether the call in which it is away can be measured all the same. */
const HIDDEN: Record<string, boolean> = {
  Symbol: false,
  Map: false,
  Set: false,
  WeakMap: false,
  WeakSet: false,
  FinalizationRegistry: false,
  Float64Array: false,
  Date: false,
  Reflect: false,
  "Object.fromEntries": false,
  "Object.entries": false,
  "Array.prototype.flatMap": false,
  JSON: true,
  performance: true,
  process: true,
  "process.memoryUsage": true,
  Buffer: true,
  Promise: true,
  WeakRef: true,
};

describe("a global that is hidden while a profiled function runs for the first time", () => {
  for (const library of Object.keys(LIBRARIES)) {
    for (const [name, isMeasured] of Object.entries(HIDDEN)) {
      it(`is the program's business: ${name}, ${library}`, () => {
        const { status, stdout, stderr } = run(library, name);
        assert.equal(status, 0, stderr);
        assert.match(stdout, /^3\n7\nFilename: lib\.js\n/, stderr);
        assert.match(stdout, isMeasured ? / 2 {3} {2}return a \+ b;$/m : / [12] {3} {2}return a \+ b;$/m, stderr);
        if (isMeasured) assert.equal(stderr, "");
        else
          assert.match(
            stderr,
            /^(\[mprof\] not profiled: .*\n {2}The next call tries again\. {3}\(MPROF_FAULT, .*\)\n)?$/,
          );
      });
    }

    it(`may be replaced: process.memoryUsage, ${library}`, () => {
      const { status, stdout, stderr } = run(library, "process.memoryUsage", "() => ({ rss: 1 })");
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^3\n7\nFilename: lib\.js\n(?:.*\n)* .* 2 {3} {2}return a \+ b;$/m);
    });
  }

  it("and stays hidden is one line, and the program ends as it does without us", () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, "lib.cjs"), LIBRARIES["lib.cjs"]!);
    const main = join(folder, "main.cjs");
    writeFileSync(
      main,
      `globalThis.Map = undefined; const { add } = require("./lib.cjs");\nfor (let i = 0; i < 5; i++) add(i, i);`,
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [main], { encoding: "utf8", timeout: 5_000 });
    assert.deepEqual([status, stdout], [0, ""]);
    assert.match(stderr, /^\[mprof\] not profiled: TypeError: Map is not a constructor\n.*\n$/);
  });
});
