import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { programStart, writeProgram } from "./programs.ts";

/** Runs `main`, which may start workers by `start(workerSource index)`; returns the report. */
function run(main: string, worker: string, withRuntime = true) {
  const url = pathToFileURL(
    writeProgram(`${programStart}import { parentPort } from "node:worker_threads";\n${worker}`),
  ).href;
  const source = `import { Worker } from "node:worker_threads";
const start = () => new Worker(new URL(${JSON.stringify(url)}));
const message = (worker) => new Promise((resolve) => worker.once("message", resolve));
const end = (worker) => new Promise((resolve) => worker.once("exit", resolve));
${withRuntime ? programStart : ""}${main}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [writeProgram(source)], { encoding: "utf8" });
  assert.equal(stderr, "");
  return { status, stdout };
}

/** Occurrences of the baseline row, once for every table. */
const calls = (stdout: string) =>
  [...stdout.matchAll(/^ {5}1 .* (\d+) {3}function f/gm)].map(([, count]) => Number(count));

describe("worker threads", () => {
  it("are merged into one listing by file and function", () => {
    const { stdout } = run("f(); await Promise.all([start(), start()].map(end));", "f(); f();");
    assert.deepEqual(calls(stdout), [5]);
  });

  it("are counted after they were terminated", () => {
    const { stdout } = run(
      "const w = start(); await message(w); await w.terminate();",
      "f(); f(); f(); parentPort.postMessage(1); setInterval(() => {}, 1000);",
    );
    assert.deepEqual(calls(stdout), [3]);
  });

  it("are counted when the main thread exits first", () => {
    const { status, stdout } = run(
      "f(); const w = start(); await message(w); process.exit(5);",
      "f(); parentPort.postMessage(1); for (;;);",
    );
    assert.equal(status, 5);
    assert.deepEqual(calls(stdout), [2]);
  });

  it("have the figures of both copies of a module that is loaded twice in one of them", () => {
    const copy = `const copy = mprof.table({ version: 1, file: "program.js", functions: [[0, 1]], listings: [
      { name: "f", first: 1, lines: ["function f(work) {", "  work?.();", "}"] }] });
      for (let i = 0; i < 3; i++) { const a = copy.enter(0); a.line(2); a.exit(); } f();`;
    const { stdout } = run("f(); await end(start());", `f(); ${copy}`);
    assert.deepEqual(calls(stdout), [6]);
  });

  it("report for themselves when nothing in the main thread is profiled", () => {
    const { stdout } = run("await end(start());", "f(); f();", false);
    assert.deepEqual(calls(stdout), [2]);
  });
});
