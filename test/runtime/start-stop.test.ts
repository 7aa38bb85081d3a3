import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { FUNCTION_OUTER, FUNCTION_SUSPENDS } from "../../contract/module-table.ts";
import { programStart, writeProgram } from "./programs.ts";
import { createTestRuntime } from "./test-runtime.ts";

function run(source: string, env: Record<string, string> = {}) {
  const path = writeProgram(`${programStart}${source}`);
  return spawnSync(process.execPath, [path], { encoding: "utf8", env: { ...process.env, ...env } });
}

describe("start and stop", () => {
  it("switch collection off and on, for modules loaded before and after", () => {
    const { runtime, memory, module, rows } = createTestRuntime();
    const early = module({ name: "early" });
    const call = (m: typeof early) => {
      const a = m.enter(0);
      a.line(2);
      memory.add(1);
      a.exit();
    };
    call(early);
    runtime.stop();
    call(early);
    const late = module({ name: "late" });
    call(late);
    assert.deepEqual(rows(), ["1 50/50/1", "2 51/1/1"]);
    assert.equal(runtime.getProfile().listings.length, 1);
    runtime.start();
    call(early);
    call(late);
    assert.deepEqual(rows(), ["1 53/50/2", "2 54/2/2"]);
    assert.equal(runtime.getProfile().listings.length, 2);
  });

  it("let calls in progress run to their end", () => {
    const { runtime, memory, module, rows } = createTestRuntime();
    const m = module({}, [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]]);
    const a = m.enter(0);
    a.line(2);
    a.suspend();
    runtime.stop();
    a.line(3);
    memory.add(4);
    a.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 50/0/1", "3 54/4/1"]);
    const idle = m.enter(0);
    runtime.start();
    idle.line(2);
    idle.exit();
    assert.deepEqual(rows(), ["1 50/50/1", "2 50/0/1", "3 54/4/1"]);
  });
});

describe("a process that is started with MPROF=off", () => {
  for (const value of ["off", "0", "FALSE"]) {
    it(`collects nothing, and reports nothing: MPROF=${value}`, () => {
      const { status, stdout, stderr } = run("f();", { MPROF: value });
      assert.deepEqual([status, stdout, stderr], [0, "", ""]);
    });
  }

  it("collects from start() on, and reports that at its end", () => {
    const { stdout, stderr } = run("f(); mprof.start(); f(); f(); mprof.stop(); f();", { MPROF: "off" });
    assert.equal(stderr, "");
    assert.match(stdout, /^Filename: program\.js\n[\s\S]* 2 {5}work\?\.\(\);\n/);
  });
});
