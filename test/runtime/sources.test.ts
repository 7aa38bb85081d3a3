/** The sources of this host, on real memory. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { Profile } from "../../contract/profile.ts";
import { BACKENDS } from "../../contract/units.ts";
import { createSources } from "../../runtime/core/create-sources.ts";
import { programStart, writeProgram } from "./programs.ts";
import { createTestRuntime } from "./test-runtime.ts";

const SIZE = 20_000_000;

function measure(backend: string, source: string, env: Record<string, string> = {}): Profile {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--expose-gc",
      // So that V8 collects nothing within a line.
      "--min-semi-space-size=64",
      "--max-semi-space-size=64",
      writeProgram(`${programStart}
      mprof.configure({ backend: ${JSON.stringify(backend)}, report: "none" });
      ${source}
      mprof.report({ reporter: "json" });`),
    ],
    { encoding: "utf8", env: { ...process.env, ...env } },
  );
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

describe("a source of this host", () => {
  for (const backend of BACKENDS) {
    const isLinuxOnly = backend === "pss" || backend === "uss";
    if (isLinuxOnly && process.platform !== "linux") continue;
    it(`shows a buffer of 20 MB: ${backend}`, () => {
      // What is collected before falls in no row: a buffer of this size may be what V8 starts a collection for.
      const { listings, metrics } = measure(
        backend,
        `let kept; gc(); f(() => { kept = Buffer.alloc(${SIZE}).fill(1); });`,
      );
      const { figures } = listings[0]!.rows[1]!.data!;
      assert.deepEqual(Object.keys(figures), metrics);
      for (const [metric, { increment, usage }] of Object.entries(figures)) {
        const expected = metric === "heapUsed" || metric === "heapTotal" ? 0 : SIZE;
        // V8 gives pages back in the background: on a busy machine some of them within the very line.
        const within = ["rss", "pss", "uss"].includes(metric) ? 4 * 2 ** 20 : 2 ** 20;
        assert.ok(Math.abs(increment - expected) < within, `${metric} grew by ${increment}`);
        assert.ok(usage >= expected && usage < 2 ** 30);
      }
    });
  }

  it("is read beside the one of the probes at entry and exit of each call", () => {
    const heaps: number[] = [];
    // V8 counts an area of its own as it is begun, and frees some of its code when it likes: of three runs one has little of it.
    for (let run = 0; run < 3; run++) {
      const { listings } = measure("rss", `let kept; gc(); f(() => { kept = Buffer.alloc(${SIZE}); }); f();`);
      const { aside } = listings[0]!;
      assert.deepEqual(Object.keys(aside), ["heap", "external"]);
      assert.ok(Math.abs(aside.external!.net - SIZE) < 1000, `${aside.external!.net}`);
      assert.ok(aside.external!.peak > SIZE);
      heaps.push(aside.heap!.net - SIZE);
    }
    assert.ok(Math.min(...heaps.map(Math.abs)) < 200_000, heaps.join());
    assert.deepEqual(Object.keys(measure("all", "f();").listings[0]!.aside), []);
    assert.deepEqual(Object.keys(measure("heap", "f();").listings[0]!.aside), ["rss", "external"]);
  });

  it("shows what is retained with gc: true", () => {
    const garbage = "f(() => { for (let i = 0; i < 100; i++) new Array(10_000).fill(i); });";
    const profile = measure("heapUsed", `mprof.configure({ gc: true }); ${garbage}`);
    assert.equal(profile.gc, true);
    assert.ok(Math.abs(profile.listings[0]!.rows[1]!.data!.figures.heapUsed!.increment) < 400_000);
  });

  it("says of heap rows with few executions that they are cold", () => {
    assert.equal(measure("heap", "f();").listings[0]!.rows[1]!.data!.cold, true);
    assert.equal(measure("heap", "for (let i = 0; i < 2000; i++) f();").listings[0]!.rows[1]!.data!.cold, undefined);
    assert.equal(measure("rss", "f();").listings[0]!.rows[1]!.data!.cold, undefined);
  });
});

describe("a host that measures nothing", () => {
  it("counts lines and times them, and says so", () => {
    let now = 1000;
    const sources = createSources({ time: () => now });
    const { runtime, module, printed } = createTestRuntime({ sources });
    runtime.configure({ backend: "time" });
    const m = module({ lines: ["function f() {", "  work();", "}"] });
    for (const spent of [2, 0.5]) {
      const a = m.enter(0);
      a.line(2);
      now += spent;
      a.exit();
      now += 100;
    }
    runtime.report();
    assert.equal(
      printed[0],
      `Filename: a.js

Line #                      Time  Occurrences   Line Contents
=============================================================
     1                  0.000 ms           2   function f() {
     2                  2.500 ms           2     work();
     3                                         }


`,
    );
    const { backend, listings } = runtime.getProfile();
    assert.equal(backend, "time");
    assert.deepEqual(listings[0]!.rows[1]!.data!.figures, { time: { usage: 1102.5, increment: 2.5 } });
  });
});
