/** `expectMemory`: a budget in a test, in whatever runs it. */
import assert from "node:assert/strict";
import { expectMemory } from "../../api/node.ts";
import { MprofError } from "../../contract/errors.ts";
import { REGISTER, runProcess, withFolder } from "../support/run-cli.ts";

const kept: Buffer[] = [];
const keep = (mib: number) => kept.push(Buffer.alloc(mib * 2 ** 20, 1));

describe("memory that a function is expected to take", () => {
  it("may stay under a limit", async () => {
    await expectMemory(() => [1]).toStayUnder("30 MiB");
    await expectMemory(() => keep(1)).toKeepUnder("3 MiB");
  });

  it("is told in one line where it does not, with the cure where nothing is profiled", async () => {
    await assert.rejects(
      expectMemory(async () => keep(60)).toStayUnder("20 MiB"),
      (error) =>
        error instanceof MprofError &&
        /^\[mprof\] memory rose by [\d.]+ MiB: more than 20 MiB\n {2}(\+|Mark functions with @profile)/.test(
          error.message,
        ),
    );
    await assert.rejects(
      expectMemory(() => keep(8)).toKeepUnder("4 MiB"),
      /^MprofError: \[mprof\] what stays allocated grew by [78]\.\d+ MiB: more than 4 MiB\n/,
    );
  });

  it("is kept once the promise is settled, and what the function throws is thrown", async () => {
    const late = () => new Promise<void>((resolve) => setTimeout(() => resolve(void keep(8)), 20));
    await assert.rejects(expectMemory(late).toKeepUnder("4 MiB"), /more than 4 MiB/);
    for (const ask of ["toStayUnder", "toKeepUnder"] as const)
      await assert.rejects(expectMemory(() => Promise.reject(new RangeError("own")))[ask]("1 GiB"), RangeError);
  });

  it("refuses what is no size before it runs anything", async () => {
    let runs = 0;
    await assert.rejects(
      expectMemory(() => runs++).toStayUnder("10"),
      /option "limit" of expectMemory must be a size with its unit, .* got string: "10"/,
    );
    assert.equal(runs, 0);
  });

  it("names the five worst rows under node:test", () =>
    withFolder(
      {
        "load.js": `// @profile
exports.load = function load() {
  const rows = new Array(4e6).fill(1);
  const copy = rows.slice();
  return [rows, copy];
}
`,
        "a.test.js": `const { test } = require("node:test");
const { expectMemory, configure } = require("mprof");
configure({ report: "none" });
const { load } = require("./load.js");
test("load", () => expectMemory(load).toStayUnder("10 MiB"));
`,
      },
      async (cwd) => {
        const { code, stdout, stderr } = await runProcess(
          process.execPath,
          ["--require", REGISTER, "--test-reporter", "spec", "a.test.js"],
          { cwd },
        );
        assert.equal(code, 1, stderr);
        assert.match(
          stdout,
          /\[mprof\] memory rose by [\d.]+ MiB: more than 10 MiB\n +\+3\d\.\d+ MiB {2}load\.js:[34] /,
        );
      },
    ));
});
