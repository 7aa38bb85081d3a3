import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FUNCTION_OUTER, FUNCTION_SUSPENDS, type ModuleHandle } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { instrument } from "../../plugin/node/source.ts";
import { REPORTERS } from "../../runtime/reporters/index.ts";
import { REGISTER, runCli, runProcess, withFolder } from "../support/run-cli.ts";
import { scratchFolder } from "../support/scratch.ts";
import { createTestRuntime, type TestRuntime } from "./test-runtime.ts";

/** A runtime whose clock stands still unless `work` lets it go on. */
function timed(): TestRuntime & { work(ms: number): void; times(i?: number): string; readsTake(ms: number): void } {
  let now = 1000;
  let perRead = 0;
  const test = createTestRuntime({ clock: () => now, isTimed: true });
  const read = test.memory.read;
  test.memory.read = function (this: typeof test.memory) {
    now += perRead;
    return read.call(this);
  };
  return {
    ...test,
    work: (ms) => {
      now += ms;
    },
    readsTake: (ms) => {
      perRead = ms;
    },
    times(i = 0) {
      const { rows, time } = test.runtime.getProfile().listings[i]!;
      const cells = rows.flatMap(({ line, data }) => (data?.time ? [`${line}:${data.time}`] : []));
      return `${cells.join(" ")} | ${time!.self} ${time!.total}`;
    },
  };
}

const OUTER: [number, number][] = [[0, FUNCTION_OUTER]];
const SUSPENDS: [number, number][] = [[0, FUNCTION_OUTER | FUNCTION_SUSPENDS]];

describe("the time of rows", () => {
  it("is what passes until control goes to another row, without the readings", () => {
    const { module, work, times, readsTake } = timed();
    const handle = module({ name: "f" });
    readsTake(7);
    const call = handle.enter(0);
    call.line(2);
    work(10);
    call.line(3);
    work(5);
    call.line(2);
    work(1);
    call.exit();
    work(100);
    assert.equal(times(), "2:11 3:5 | 16 16");
  });

  it("leaves out what readies a function for its first call", () => {
    const { runtime, module, work, times } = timed();
    const first = module({ name: "f" });
    const second = module({ name: "g" }, OUTER, "b.js");
    const { prepare } = runtime;
    runtime.prepare = function (listing) {
      const isReady = prepare.call(this, listing);
      work(50);
      return isReady;
    };
    const f = first.enter(0);
    f.line(2);
    work(3);
    const g = second.enter(0);
    g.line(2);
    work(4);
    g.exit();
    f.exit();
    assert.equal(times(0), "2:3 | 3 7");
    assert.equal(times(1), "2:4 | 4 4");
  });

  it("of a call of another profiled function is that function's; the caller's total has it", () => {
    const { module, work, times } = timed();
    const outer = module({ name: "f" }, OUTER, "a.js");
    const inner = module({ name: "g" }, OUTER, "b.js");
    const f = outer.enter(0);
    f.line(2);
    work(1);
    const g = inner.enter(0);
    g.line(2);
    work(10);
    g.exit();
    work(2);
    f.line(3);
    work(4);
    f.exit();
    assert.equal(times(0), "2:3 3:4 | 7 17");
    assert.equal(times(1), "2:10 | 10 10");
  });

  it("counts recursion once, through another function, too", () => {
    const { module, work, times } = timed();
    const even = module({ name: "even" }, OUTER, "a.js");
    const odd = module({ name: "odd" }, OUTER, "b.js");
    const call = (handles: ModuleHandle[], depth: number): void => {
      const activation = handles[0]!.enter(0);
      activation.line(2);
      work(1);
      if (depth > 0) call([handles[1]!, handles[0]!], depth - 1);
      work(2);
      activation.exit();
    };
    call([even, odd], 5);
    assert.equal(times(0), "2:9 | 9 18");
    assert.equal(times(1), "2:9 | 9 15", "not the first 1 and the last 2 of the outermost");
  });

  it("goes on with the caller's row after a call of its own", () => {
    const { module, work, times } = timed();
    const handle = module({ name: "f" });
    const call = (depth: number): void => {
      const activation = handle.enter(0);
      activation.line(2);
      work(1);
      activation.line(3);
      if (depth > 0) call(depth - 1);
      work(10);
      activation.exit();
    };
    call(3);
    assert.equal(times(), "2:4 3:40 | 44 44");
  });

  it("is nobody's while a call waits", () => {
    const { module, work, times } = timed();
    const handle = module({ name: "f" }, SUSPENDS);
    const a = handle.enter(0);
    a.line(2);
    work(1);
    a.suspend();
    work(100);
    const b = handle.enter(0);
    b.line(2);
    work(2);
    b.suspend();
    work(100);
    a.resume();
    work(4);
    a.exit();
    work(100);
    b.line(3);
    work(8);
    b.exit();
    assert.equal(times(), "2:7 3:8 | 15 15");
  });

  it("of a generator's consumer is the consumer's", () => {
    const { module, work, times } = timed();
    const producer = module({ name: "g" }, SUSPENDS, "a.js");
    const consumer = module({ name: "f" }, OUTER, "b.js");
    const f = consumer.enter(0);
    f.line(2);
    work(1);
    const g = producer.enter(0);
    g.line(2);
    work(10);
    g.suspend();
    work(2);
    f.line(3);
    work(4);
    g.line(3);
    work(20);
    g.exit();
    f.exit();
    assert.equal(times(0), "2:10 3:20 | 30 30");
    assert.equal(times(1), "2:3 3:4 | 7 37");
  });

  it("of a call that throws ends where it throws", () => {
    const { module, work, times } = timed();
    const outer = module({ name: "f" }, OUTER, "a.js");
    const inner = module({ name: "g" }, OUTER, "b.js");
    const f = outer.enter(0);
    f.line(2);
    const fails = () => {
      const g = inner.enter(0);
      try {
        g.line(2);
        work(5);
        throw new Error("as planned");
      } finally {
        g.exit();
      }
    };
    assert.throws(fails);
    work(3);
    f.exit();
    work(9);
    assert.equal(times(0), "2:3 | 3 8");
    assert.equal(times(1), "2:5 | 5 5");
  });

  it("is forgotten by reset, in the middle of a call, too", () => {
    const { runtime, module, work, times } = timed();
    const call = module({ name: "f" }).enter(0);
    call.line(2);
    work(5);
    runtime.reset();
    work(2);
    call.exit();
    assert.equal(times(), "2:2 | 2 2");
  });

  it("is apart for each call in reports per call", () => {
    const { runtime, module, work, printed } = timed();
    runtime.configure({ functions: { f: { report: "call" } } });
    const handle = module({ name: "f" });
    for (const ms of [4, 6]) {
      const call = handle.enter(0);
      call.line(2);
      work(ms);
      call.exit();
    }
    assert.match(printed[0]!, /^ {5}2 .* 1 +4\.000 ms +4\.000 ms {3}line 2$/m);
    assert.match(printed[1]!, /^ {5}2 .* 1 +6\.000 ms +6\.000 ms {3}line 2$/m);
    assert.deepEqual(runtime.getProfile().listings[0]!.time, { self: 10, total: 10 });
  });

  it("is not there without the option", () => {
    const { runtime, module } = createTestRuntime({ clock: () => 0 });
    const call = module({ name: "f" }).enter(0);
    call.line(2);
    call.exit();
    const [listing] = runtime.getProfile().listings;
    assert.equal(listing!.time, undefined);
    assert.ok(listing!.rows.every(({ data }) => data === undefined || !("time" in data)));
  });
});

const SPIN = `const spent = {};
function spin(ms, key) {
  const began = performance.now();
  while (performance.now() < began + ms);
  spent[key] = (spent[key] ?? 0) + performance.now() - began;
}
`;

/** Long enough that an interruption of some milliseconds is no tenth of it. */
const KNOWN = `${SPIN.replace("began + ms", "began + 4 * ms")}
/** @profile */
function leaf(ms) {
  spin(ms, "leaf 2");
}
/** @profile */
function fact(n) {
  spin(2, "fact 2");
  return n === 0 ? 1 : n * fact(n - 1);
}
/** @profile */
function* numbers() {
  spin(10, "numbers 2");
  yield 1;
  spin(20, "numbers 4");
}
/** @profile */
async function waits() {
  spin(15, "waits 2");
  await new Promise((done) => setTimeout(done, 80));
  spin(25, "waits 4");
}
/** @profile */
function main() {
  spin(30, "main 2");
  leaf(20);
  fact(9);
  for (const _ of numbers()) spin(12, "main 5");
  try { fails(); } catch { spin(11, "main 6"); }
}
/** @profile */
function fails() {
  spin(14, "fails 2");
  throw new Error();
}
main();
spin(40, "nobody 0");
waits().then(() => console.log(JSON.stringify(spent)));
`;

/** Lines that run often: each of some microseconds. */
const OFTEN = `${SPIN}
/** @profile */
function leaf() {
  spin(0.03, "leaf 2");
}
/** @profile */
function main(n) {
  for (let i = 0; i < n; i++) {
    spin(0.06, "main 3");
    leaf();
  }
}
main(15000);
console.log(JSON.stringify(spent));
`;

async function profileOf(source: string, ...flags: string[]): Promise<{ profile: Profile; spent: [string, number][] }> {
  const folder = scratchFolder();
  writeFileSync(join(folder, "app.js"), source);
  const args = [...flags, "--time", "-q", "-o", join(folder, "report.txt"), "--json", join(folder, "p.json"), "app.js"];
  const { stdout, stderr, code } = await runCli(args, { cwd: folder });
  assert.equal(code, 0, stderr);
  const profile: Profile = JSON.parse(readFileSync(join(folder, "p.json"), "utf8"));
  return { profile, spent: Object.entries(JSON.parse(stdout)) };
}

function timeOf({ listings }: Profile, place: string): number {
  const [name, row] = place.split(" ");
  const listing = listings.find((each) => each.name === name);
  // From the line of the function's own; the mark is the row before.
  return listing?.rows[Number(row)]?.data?.time ?? 0;
}

function assertNear(profile: Profile, spent: [string, number][]): void {
  for (const [place, ms] of spent) {
    if (place.startsWith("nobody")) continue;
    const found = timeOf(profile, place);
    assert.ok(Math.abs(found - ms) <= 0.1 * ms, `${place}: ${found} ms instead of ${ms}`);
  }
}

function noteShare(found: Map<string, number[]>, place: string, share: number): void {
  found.set(place, [...(found.get(place) ?? []), share]);
}

describe("the time of programs that know theirs", function () {
  this.timeout(60_000);
  this.retries(3);

  for (const flags of [
    ["--backend", "rss"],
    ["--backend", "heap"],
    ["--mode", "auto"],
  ]) {
    it(`is within 10 % with ${flags.join(" ")}`, async () => {
      const { profile, spent } = await profileOf(KNOWN, ...flags);
      assertNear(profile, spent);
      const all = spent.filter(([place]) => !place.startsWith("nobody")).reduce((sum, [, ms]) => sum + ms, 0);
      const self = profile.listings.reduce((sum, { time }) => sum + time!.self, 0);
      assert.ok(Math.abs(self - all) <= 0.1 * all, `${self} ms in all instead of ${all}`);
      const main = profile.listings.find(({ name }) => name === "main")!;
      const waits = profile.listings.find(({ name }) => name === "waits")!;
      assert.ok(Math.abs(main.time!.total - (self - waits.time!.self)) <= 1, "what main called, and nothing twice");
      assert.equal(profile.cost, undefined, "nothing is estimated");
    });
  }

  it("is within 10 % in mode auto where lines are not read each time", async () => {
    // Where the machine interrupts a sampled line, its time is that of many: the middle one of three runs.
    const found = new Map<string, number[]>();
    for (let run = 0; run < 3; run++) {
      const { profile, spent } = await profileOf(OFTEN, "--mode", "auto", "--backend", "heap");
      assert.ok(profile.cost!.executions > profile.cost!.measured);
      const [leaf, main] = profile.listings;
      const total = main!.time!.self + leaf!.time!.self;
      const shares = spent.filter(([place]) => !place.startsWith("nobody"));
      for (const [place, ms] of shares) noteShare(found, place, timeOf(profile, place) / ms);
      noteShare(found, "main in all", main!.time!.total / total);
    }
    for (const [place, shares] of found) {
      const median = shares.sort((a, b) => a - b)[1]!;
      assert.ok(Math.abs(median - 1) <= 0.1, `${place}: ${shares.join()} of what it took`);
    }
  });
});

describe("the option time", () => {
  it("in mode auto leaves no line only counted, and lets each call say that it ends", () => {
    const source = `// @profile
function sum(n) {
  let s = 0;
  for (let i = 0; i < n; i++) s ^= i;
  return s;
}`;
    const compile = (time: boolean) => instrument(source, { filename: "sum.js", mode: "auto", time })!;
    const plain = compile(false);
    assert.match(plain.code, /\.count\(/);
    assert.doesNotMatch(plain.code, /finally/);
    assert.equal(plain.table!.listings[0]!.slots!.timed, undefined);
    const timed = compile(true);
    assert.doesNotMatch(timed.code, /\.count\(/);
    assert.match(timed.code, /finally \{ __mp0\.exit\(\); \}/);
    assert.equal(timed.table!.listings[0]!.slots!.timed, true);
    const exact = (time: boolean) => instrument(source, { filename: "sum.js", time })!.code;
    assert.equal(exact(true), exact(false), "and changes nothing in mode exact");
  });

  it("says what is left out: code that was built for mode auto without it", async () => {
    await withFolder({ "app.js": "// @profile\nfunction f() {\n  return [1].map(String);\n}\nf();\n" }, async (cwd) => {
      const args = ["--mode", "auto", "app.js"];
      // What was compiled before is kept.
      const env = { MPROF_COMPILE: JSON.stringify({ mode: "auto", time: false }), MPROF_TIME: "1", MPROF_CACHE: "0" };
      const { stdout, stderr } = await runProcess(process.execPath, ["--require", REGISTER, "app.js"], { cwd, env });
      assert.match(
        stderr,
        /the time of app\.js is not taken: .*\n {2}Set MPROF_TIME=1 while building, too\. {3}\(MPROF_TIME_MISSING/,
      );
      assert.doesNotMatch(stdout, /Per hit/);
      const timed = await runCli(["--time", ...args], { cwd });
      assert.match(timed.stdout, /Occurrences {9}Time {6}Per hit {3}Line Contents\n={87}\n/);
      assert.equal(timed.stderr, "");
    });
  });

  it("does not take what is neither yes nor no", async () => {
    await withFolder({ "app.js": "" }, async (cwd) => {
      const flag = await runCli(["--time=yes please", "app.js"], { cwd });
      assert.equal(flag.code, 2);
      assert.match(flag.stderr, /--time=yes please/);
      const { stderr } = await runCli(["app.js"], { cwd, env: { MPROF_TIME: "perhaps" } });
      assert.match(stderr, /MPROF_TIME must be 0 or 1: "perhaps"\n {2}The default applies/);
    });
    assert.throws(
      () => instrument("", { filename: "a.js", time: "yes" as never }),
      /option "time" must be true or false/,
    );
  });
});

describe("the report of a profile with times and costs", () => {
  const { runtime, module, work } = timed();
  const call = module({ name: "f", lines: ["function f() {", "  a();", "  b();", "}"] }).enter(0);
  call.line(2);
  work(12_500);
  call.line(3);
  work(0.25);
  call.exit();
  const profile = runtime.getProfile();

  it("has two columns, each in the unit of its largest value", () => {
    assert.equal(
      REPORTERS.text!.render(profile),
      `Filename: a.js

Line #    Mem usage    Increment  Occurrences         Time      Per hit   Line Contents
=======================================================================================
     1     50.0 MiB     50.0 MiB           1       0.000 s      0.000 s   function f() {
     2     50.0 MiB      0.0 MiB           1      12.500 s     12.500 s     a();
     3     50.0 MiB      0.0 MiB           1       0.000 s      0.000 s     b();
     4                                                                    }


`,
    );
    assert.match(
      REPORTERS.summary!.render(profile),
      /Self time {4}Total time {8}Calls {3}Function\n=+\n {5}12\.500 s {6}12\.500 s {12}1 {3}f \(a\.js:1\)/,
    );
  });

  it("ends with what was estimated, and what is in no row: the five largest", () => {
    const ambiguous = [1, 9, 3, 4, 5, 6].map((mib) => ({ bytes: mib * MIB, candidates: [`a.js:${mib}`, "a.js:7"] }));
    const cost = { executions: 3_000_000, measured: 7500, overhead: 0.0512 };
    const report = REPORTERS.text!.render({ ...profile, readings: 41_230, cost, ambiguous });
    assert.equal(
      report.slice(report.lastIndexOf("}\n") + 4),
      `~ estimated from 0.25 % of 3,000,000 executions; 41,230 readings took 5.1 % of the time.
In no row, because more than one can have taken it: 9.0 MiB by a.js:9 or a.js:7; 6.0 MiB by a.js:6 or a.js:7; 5.0 MiB by a.js:5 or a.js:7; 4.0 MiB by a.js:4 or a.js:7; 3.0 MiB by a.js:3 or a.js:7; 1.0 MiB by others.

`,
    );
  });
});
