/** One program under the runtime that is not Node's, on Deno, on Bun, and on Node where a bundle has no condition `node`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fetchPackages } from "../support/fetch-package.ts";
import { ROOT } from "../support/load-fixture.ts";
import { runProcess } from "../support/run-cli.ts";
import { writeProgram } from "./programs.ts";

const API = pathToFileURL(join(ROOT, "dist/esm/api/index.js")).href;
const PROGRAM = `import * as mprof from ${JSON.stringify(API)};
import { table } from ${JSON.stringify(pathToFileURL(join(ROOT, "dist/esm/runtime/index.js")).href)};
const module = table({ version: 1, file: "program.js", functions: [[0, 1]], listings: [
  { name: "load", first: 1, lines: ["function load() {", "  kept.push(new Uint8Array(50 * 2 ** 20).fill(1));", "}"] }] });
const kept = [];
function load() { const a = module.enter(0); try { a.line(2); kept.push(new Uint8Array(50 * 2 ** 20).fill(1)); } finally { a.exit(); } }
mprof.configure({ precision: 2 });
load();
load();
const { host, backend } = mprof.getProfile();
console.log(host.runtime, backend);`;

describe("the runtime without Node's modules", function () {
  this.timeout(120_000);
  const path = writeProgram(PROGRAM);

  function itMeasures(name: string, command: string, args: string[]): void {
    it(`measures resident memory on ${name}, and reports at the end`, async () => {
      const { stdout, stderr, code } = await runProcess(command, [...args, path]);
      assert.equal(stderr, "");
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^${name.toLowerCase()} rss\nFilename: program\\.js\n\nLine # `));
      const [, increment, occurrences] = / +2 +[\d.]+ MiB +([\d.]+) MiB +(\d+) /.exec(stdout)!;
      assert.ok(Math.abs(Number(increment) - 100) < 5, `${increment} MiB`);
      assert.equal(occurrences, "2");
    });
  }

  itMeasures("Node", process.execPath, []);

  it("collects nothing with MPROF=off", async () => {
    const { stdout } = await runProcess(process.execPath, [path], { env: { MPROF: "off" } });
    assert.equal(stdout, "node rss\n");
  });

  const folder = fetchPackages("hosts", { bun: "1.4.5", deno: "2.9.6" });
  if (folder === null) return;
  itMeasures("Deno", join(folder, "node_modules/.bin/deno"), ["run"]);
  itMeasures("Bun", join(folder, "node_modules/.bin/bun"), ["run"]);
});
