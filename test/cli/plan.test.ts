import assert from "node:assert/strict";
import { runCli, withFolder } from "../support/run-cli.ts";

const APP = `import { sink } from "./sink.js";

export const other = 1;

// @profile
export async function load(n: number) {
  const rows = [];
  for (const each of await sink(
    n,
  ))
    rows.push(() => each);
  return rows;
}
${"\n".repeat(5)}
export const last = 1;
`;

const LONG_FORMS = `export async function h(xs) {
  for await (const x of xs) { if (x) continue; f(x); }
  f(() => f(() => f(() => 1)));
  try { f(); } catch ({ message = f() }) { f(message); }
  while (xs) { if (xs.a) continue; xs = xs.next; }
}
export class A { a = 1; b = f(); get() { return f(); } }
`;

describe("mprof plan", () => {
  it("shows what is written where, below each line", () =>
    withFolder({ "app.ts": APP }, async (cwd) => {
      const { stdout, stderr, code } = await runCli(["plan", "--mode", "exact", "app.ts"], { cwd });
      assert.equal(stderr, "");
      assert.equal(code, 0);
      assert.equal(
        stdout,
        `[mprof] the plan of app.ts
    6:8  k 0  load, rows 5 to 13, suspends
  11:15  k 1  a function in load

   :
 4 |
 5 | // @profile
 6 | export async function load(n: number) {
   |    6:8  enter            const __mp = __mp_m().enter(0); try { …; } finally { __mp.exit(); }
 7 |   const rows = [];
   |    7:3  before           __mp.line(7); …;
 8 |   for (const each of await sink(
   |    8:3  before           __mp.line(8); …;
   |   8:22  resume           __mp.resume(…)
   |   8:28  suspend          __mp.suspend(…)
 9 |     n,
10 |   ))
11 |     rows.push(() => each);
   |   11:5  round            { …; __mp.line(8); }
   |   11:5  before           __mp.line(11); …;
   |  11:15  enter-concise    { const __mp = __mp_m().enter(1); try { __mp.line(11); return (…
   |                          ); } finally { __mp.exit(); } }
12 |   return rows;
   |   12:3  before           __mp.line(12); …;
13 | }
14 |
15 |
   :

`,
      );
    }));

  it("stays within 100 columns, whatever is written", () =>
    withFolder({ "a.mjs": LONG_FORMS }, async (cwd) => {
      const { stdout } = await runCli(["plan", "--mode", "exact", "--functions", "all", "a.mjs"], { cwd });
      assert.match(stdout, /await-round/);
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 100),
        [],
      );
    }));

  it("takes several files, and says how to select when there is nothing in one", () =>
    withFolder({ "a.js": "function f() {}\n", "b.js": "// @profile\nfunction g() {}\n" }, async (cwd) => {
      const { stdout, code } = await runCli(["plan", "--mode", "exact", "a.js", "b.js"], { cwd });
      assert.match(stdout, /^\[mprof\] nothing is profiled in a\.js\n {2}Mark a function .*--functions all\.\n/);
      assert.match(stdout, /\n\[mprof\] the plan of b\.js\n/);
      assert.equal(code, 0);
    }));

  it("selects as the program's own run would, with paths from the root", () =>
    withFolder({ "a.js": "function f() {}\nfunction g() {}\n" }, async (cwd) => {
      assert.match(
        (await runCli(["plan", "--mode", "exact", "--functions", "all", "a.js"], { cwd })).stdout,
        /k 0 {2}f,.*\n.*k 1 {2}g,/,
      );
      const { stdout } = await runCli(["plan", "--mode", "exact", "--func", "g", "--root", "..", "a.js"], { cwd });
      assert.match(stdout, /^\[mprof\] the plan of mprof-\w+\/a\.js\n +2:1 {2}k 0 {2}g, rows 2 to 2\n\n/);
      const none = await runCli(["plan", "--mode", "exact", "--func", "h", "a.js"], { cwd });
      assert.match(none.stdout, /^\[mprof\] nothing is profiled in a\.js\n {2}No function of it is selected/);
    }));

  it("says on standard error what cannot be honoured", () =>
    withFolder({ "a.js": "// @profile\nconst x = 1;\n", "b.js": "// @profile\nfunction (\n" }, async (cwd) => {
      const { stdout, stderr, code } = await runCli(["plan", "--mode", "exact", "a.js", "b.js"], { cwd });
      assert.equal(stdout, "");
      assert.match(
        stderr,
        /^\[mprof\] a mark stands on something.*\(a\.js:1:4\)\n.*\n\[mprof\] the file does not parse.*\(b\.js:2:\d+\)/,
      );
      assert.equal(code, 0);
    }));

  it("says in a line that there is no such file", () =>
    withFolder({ "a.js": "// @profile\nfunction f() {}\n" }, async (cwd) => {
      const { stdout, stderr, code } = await runCli(["plan", "--mode", "exact", "a.js", "b.js"], { cwd });
      assert.equal(stdout, "");
      assert.match(stderr, /^\[mprof\] there is no such file: b\.js\n {2}Looked for .*b\.js\.\n$/);
      assert.equal(code, 2);
      assert.match((await runCli(["plan", "."], { cwd })).stderr, /^\[mprof\] this is no file: \.\n/);
      assert.equal((await runCli(["plan"], { cwd })).code, 2);
    }));
});
