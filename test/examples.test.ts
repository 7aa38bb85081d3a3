import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageData } from "../cli/report-page/page-data.ts";
import { MIB } from "../contract/units.ts";
import { rowOf, runCli, withFolder } from "./support/run-cli.ts";

/** Every program of examples/, run by the command that its head comment and the README give. */
describe("the examples", function () {
  // Resident memory is the process's: on a busy machine V8's and Node's own threads touch some within a row.
  this.retries(3);

  const near = (actual: number, expected: number, within: number, what: string) =>
    assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual} MiB, expected ${expected} ± ${within}`);

  it("classic: two arrays", async () => {
    const { stdout } = await runCli(["examples/classic.ts"]);
    near(rowOf(stdout, "new Array(1e6).fill(1)")!.increment, 7.6, 0.3, "the small array");
    near(rowOf(stdout, "new Array(2e7).fill(2)")!.increment, 152.6, 1.5, "the large array");
  });

  it("classic --gc: the large one let go", async () => {
    const { stdout } = await runCli(["--gc", "examples/classic.ts"]);
    near(rowOf(stdout, "b = null")!.increment, -152.6, 3, "b = null");
  });

  it("sparse: the full table takes many times what the sparse one does", async () => {
    const { stdout } = await runCli(["examples/sparse.ts"]);
    const full = rowOf(stdout, "table.push(")!.increment;
    const sparse = rowOf(stdout, "table.set(")!.increment;
    assert.ok(full > 40 && full > 5 * sparse, `${full} against ${sparse}`);
  });

  it("leak: the cache that never forgets keeps every answer, the other one gives back what it forgets", async () => {
    const { stdout } = await runCli(["--backend", "heap", "examples/leak.ts"]);
    const [, leaking, bounded] = stdout.split("Filename:");
    near(rowOf(leaking!, "compute(i)")!.increment, 40, 1, "kept by the leak");
    near(rowOf(bounded!, "compute(i)")!.increment, 40, 1, "computed again");
    near(rowOf(bounded!, ".delete(oldest!)")!.increment, -32, 1, "forgotten");
  });

  it("patterns: each thrifty way needs less than the wasteful one", async () => {
    const { stdout, code } = await runCli(["--gc", "--backend", "heap", "examples/patterns.ts"]);
    assert.equal(code, 0);
    assert.equal(stdout.split("Filename:").length - 1, 8);
    near(rowOf(stdout, "raw = null")!.increment, -7.6, 0.2, "letting go early");
    near(rowOf(stdout, "signal.slice(0")!.increment, 3.8, 0.2, "a copy");
    near(rowOf(stdout, "signal.subarray(0")!.increment, 0, 0.2, "a view");
  });

  it("timeline: nested async functions all have a listing", async () => {
    const { stdout, code } = await runCli(["examples/timeline.ts"]);
    assert.equal(code, 0);
    assert.ok(stdout.split("Filename:").length - 1 >= 3);
  });

  it("processes: each child prints its own report", async () => {
    const { stdout, code } = await runCli(["examples/processes.ts"]);
    assert.equal(code, 0);
    assert.ok(stdout.split("Filename:").length - 1 >= 2, stdout);
  });

  it("memory-usage: samples while a function computes, and the peak of another", async () => {
    const { stdout, stderr, code } = await runCli(["examples/memory-usage.ts"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^4 blocks, \d+ samples\n0\.00 s .*#\n/);
    const [first, ...rest] = [...stdout.matchAll(/ s +(\d+) MiB /g)].map(([, mib]) => Number(mib));
    assert.ok(rest.length >= 2 && Math.max(...rest) > first! + 24, stdout);
    const [, increment] = /peak memory: \S+ MiB, increment: (\S+) MiB\n$/.exec(stdout)!;
    near(Number(increment), 16, 8, "two blocks");
    assert.ok(readFileSync("examples/README.md", "utf8").includes("## memory-usage.ts"));
  });

  it("orders: a page whose hot rows are those that keep orders", () =>
    withFolder({}, async (folder) => {
      const html = join(folder, "orders.html");
      const { code, stderr } = await runCli(["--backend", "all", "--html", html, "examples/orders.ts"]);
      assert.equal(code, 0, stderr);
      const [, data] = /type="application\/json">(.*)<\/script>/.exec(readFileSync(html, "utf8"))!;
      const { functions, metrics }: PageData = JSON.parse(data!);
      assert.deepEqual(metrics, ["rss", "heap", "external"]);
      const pages = functions.find(({ name }) => name === "exportPages")!;
      const external = pages.figures.external!.increment.map((bytes) => (bytes ?? 0) / MIB);
      // 30 pages of 400 kB are kept; as much is made on the way to them, and collected some time.
      const kept = (30 * 400_000) / MIB;
      near(Math.max(...external), 1.5 * kept, 0.5 * kept + 0.5, "buffers of pages");
      assert.ok(readFileSync("examples/README.md", "utf8").includes("## orders.ts"));
    }));

  it("are all listed in examples/README.md with their reports", () => {
    const page = readFileSync("examples/README.md", "utf8");
    for (const name of ["classic", "sparse", "leak", "patterns", "timeline", "processes"]) {
      assert.ok(page.includes(`## ${name}.ts`) && page.includes(`Filename: examples/${name}.ts`), name);
    }
  });
});
