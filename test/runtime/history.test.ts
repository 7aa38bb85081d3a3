/** How increments came over the run: in pieces of time, which are at most 32 however long it is. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Profile } from "../../contract/profile.ts";
import { readProfile } from "../../contract/read-profile.ts";
import { MIB } from "../../contract/units.ts";
import { FIRST_INTERVAL, History, MOST_PIECES } from "../../runtime/history/history.ts";
import { ROOT } from "../support/load-fixture.ts";
import { REGISTER, runCli, runProcess, withFolder } from "../support/run-cli.ts";
import { type SampleRow, sampleListing, sampleProfile } from "../support/sample-profile.ts";
import { createTestRuntime } from "./test-runtime.ts";

/** A clock that is set, and a profile of one row that is looked at. */
class Watched {
  now = 1000;
  readonly history = new History(() => this.now);

  profile(bytes: number, file = "src/app.ts"): Profile {
    const rows: SampleRow[] = [
      ["f() {", 0],
      ["  grow();", bytes],
    ];
    return sampleProfile([sampleListing("f", rows, { file })]);
  }

  /** Milliseconds since the start. */
  at(ms: number, bytes: number): void {
    this.now = 1000 + ms;
    this.history.look(() => this.profile(bytes).listings);
  }

  seen(bytes: number): { interval?: number; came?: number[] } {
    const profile = this.profile(bytes);
    this.history.add(profile);
    const came = profile.listings[0]!.rows[1]!.data!.figures.rss!.history;
    return { ...(profile.history && { interval: profile.history.interval }), ...(came && { came }) };
  }
}

describe("the history of a row", () => {
  it("says what came in each piece of time, the reading on entry left out", () => {
    const watched = new Watched();
    watched.at(10, 5);
    watched.at(30, 7);
    watched.at(110, 4);
    assert.deepEqual(watched.seen(4), { interval: FIRST_INTERVAL, came: [5, 2, 0, 0, -3] });
    const profile = watched.profile(4);
    watched.history.add(profile);
    assert.deepEqual(profile.history, { interval: FIRST_INTERVAL, pieces: 5 });
    assert.equal(profile.listings[0]!.rows[0]!.data!.figures.rss!.history, undefined, "nothing came there");
  });

  it("has twice as long pieces when there are too many, and says the same", () => {
    const watched = new Watched();
    for (let i = 0; i < MOST_PIECES; i++) watched.at(i * FIRST_INTERVAL, i + 1);
    assert.deepEqual(
      watched.seen(32).came,
      Array.from({ length: MOST_PIECES }, () => 1),
    );
    watched.at(MOST_PIECES * FIRST_INTERVAL + 1, 100);
    const { interval, came } = watched.seen(100);
    assert.deepEqual([interval, came], [2 * FIRST_INTERVAL, [...Array.from({ length: 16 }, () => 2), 68]]);
  });

  it("sums up to the increment, whatever comes when", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: -1000, max: 1000 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const watched = new Watched();
        let [ms, bytes] = [0, 0];
        for (const [passed, came] of all) {
          ms += passed;
          bytes += came;
          watched.at(ms, bytes);
        }
        const { came, interval = 0 } = watched.seen(bytes);
        if (came === undefined) return;
        assert.ok(came.length <= MOST_PIECES && came.length * interval >= ms);
        assert.ok(Math.abs(came.reduce((sum, each) => sum + each, 0) - bytes) < 1e-6);
      }),
    );
  });

  it("is left out where it is not of all that came, and of a run of one piece", () => {
    const watched = new Watched();
    watched.at(10, 5);
    assert.deepEqual(watched.seen(5), {});
    watched.at(60, 8);
    assert.deepEqual(watched.seen(9), { interval: FIRST_INTERVAL }, "one byte came in another process");
    const other = watched.profile(8, "src/other.ts");
    watched.history.add(other);
    assert.equal(other.listings[0]!.rows[1]!.data!.figures.rss!.history, undefined);
    watched.history.reset();
    assert.equal(watched.seen(8).came, undefined);
  });

  it("is looked at no more often than it is worth, and as looks allow", () => {
    const watched = new Watched();
    const look = (ms: number) =>
      watched.history.look(() => {
        watched.now += ms;
        return [];
      });
    assert.ok(watched.history.isDue);
    look(50);
    assert.ok(!watched.history.isDue);
    watched.now += FIRST_INTERVAL / 2;
    assert.ok(watched.history.isDue, "the first takes longest");
    look(2);
    watched.now += 999;
    assert.ok(!watched.history.isDue);
    watched.now += 1;
    assert.ok(watched.history.isDue);
  });
});

describe("a runtime that follows increments", () => {
  it("has them in the profile, and no other runtime has", () => {
    let now = 0;
    const follow = { clock: () => now, followThreads: () => [] };
    for (const platform of [follow, { clock: () => now }]) {
      now = 0;
      const { runtime, module, memory } = createTestRuntime(platform);
      const call = module({ name: "f" }).enter(0);
      for (const passed of [30, 100]) {
        now += passed;
        call.line(2);
        memory.add(passed);
        call.line(3);
        runtime.lookBack();
      }
      call.exit();
      const { history, listings } = runtime.getProfile();
      const { figures } = listings[0]!.rows[1]!.data!;
      const came = [0, 30 * MIB, 0, 0, 0, 100 * MIB];
      assert.deepEqual(history, platform === follow ? { interval: FIRST_INTERVAL, pieces: 6 } : undefined);
      assert.deepEqual(figures.scripted!.history, platform === follow ? came : undefined);
      runtime.reset();
      assert.deepEqual(runtime.getProfile().listings, []);
    }
  });
});

const API = join(ROOT, "dist/cjs/api/node-cjs.js");
const PROGRAM = `
const kept = [];
// @profile
async function grow() {
  for (let i = 0; i < 8; i++) {
    kept.push(Buffer.alloc(4e6, 1));
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
grow();
`;

describe("a program whose profile is written", () => {
  for (const mode of ["exact", "auto"])
    it(`says how increments came, in mode ${mode}`, () =>
      withFolder({ "app.js": PROGRAM }, async (cwd) => {
        const { code, stderr } = await runCli(["--mode", mode, "--json", "p.json", "app.js"], { cwd });
        assert.equal(code, 0, stderr);
        const { history, listings } = readProfile(readFileSync(join(cwd, "p.json"), "utf8"));
        assert.ok(history!.pieces > 2 && history!.interval * history!.pieces > 3000);
        const came = listings[0]!.rows.find(({ text }) => text.includes("kept.push"))!.data!.figures.rss!.history!;
        assert.equal(came.length, history!.pieces);
        assert.ok(came.filter((bytes) => bytes > 3e6).length >= 3, `not at once: ${came}`);
      }));

  it("does not if it is told not to, or none is written", () =>
    withFolder({ "app.js": PROGRAM.replace("400", "40") }, async (cwd) => {
      const { code } = await runCli(["--json", "p.json", "app.js"], { cwd, env: { MPROF_HISTORY: "0" } });
      assert.equal(code, 0);
      assert.equal(readProfile(readFileSync(join(cwd, "p.json"), "utf8")).history, undefined);
      const ask = `setTimeout(() => console.log(require(${JSON.stringify(API)}).getProfile().history?.pieces ?? "none"), 600);`;
      writeFileSync(join(cwd, "app.js"), `${PROGRAM.replace("400", "40")}\n${ask}`);
      const say = (env: Record<string, string>) =>
        runProcess(process.execPath, ["--require", REGISTER, "app.js"], { cwd, env });
      assert.match((await say({})).stdout, /^none$/m);
      assert.match((await say({ MPROF_HISTORY: "1" })).stdout, /^\d+$/m);
    }));
});
