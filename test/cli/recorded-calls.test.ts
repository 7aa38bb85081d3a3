import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readDat } from "../../cli/recording/dat.ts";
import type { FunctionCall } from "../../contract/recording.ts";
import { CallBudget } from "../../runtime/node/call-budget.ts";
import { runCli, withFolder } from "../support/run-cli.ts";

const read = (cwd: string) => readDat(readFileSync(join(cwd, "a.dat")));
const record = (cwd: string, script: string) => runCli(["run", "-T", "0.05", "-o", "a.dat", script], { cwd });

/** A call of so many seconds that changes memory by so many MiB. */
const call = (seconds: number, change = 0): FunctionCall => ({
  name: "app.f",
  enter: { memory: 50, time: 100 },
  exit: { memory: 50 + change, time: 100 + seconds },
  level: 0,
});

describe("which calls are written one by one", () => {
  it("all of the first thousand, then the long ones and those that move memory; the others are counted", () => {
    const budget = new CallBudget();
    for (let i = 0; i < 1000; i++) assert.ok(budget.take(call(0)));
    assert.equal(budget.takeRest(), undefined);
    assert.equal(budget.take(call(0.0005)), false);
    assert.equal(budget.take(call(0.0005, 0.125)), false);
    assert.ok(budget.take(call(0.002)));
    assert.ok(budget.take(call(0, -0.5)));
    const { count, seconds, highest } = budget.takeRest()!;
    assert.equal(count, 2);
    assert.ok(Math.abs(seconds - 0.001) < 1e-9);
    assert.equal(highest.memory, 50.125);
    assert.equal(budget.takeRest(), undefined);
  });

  it("a thousand for each doubling, however many there are", () => {
    const budget = new CallBudget();
    let written = 0;
    // Ten hours of calls of a second.
    for (let i = 0; i < 36_000; i++) if (budget.take(call(0.9 + (i % 3) / 10, i % 2))) written++;
    assert.ok(written <= 12_000, `${written}`);
    assert.equal(written + budget.takeRest()!.count, 36_000);
  });

  it("a hot function leaves a small file, and the rest is told in it, at the end and in a picture", () =>
    withFolder(
      {
        "app.js":
          "// @profile\nfunction tiny(n) { return n + 1; }\n// @profile\nfunction big() { for (let i = 0; i < 30_000; i++) tiny(i); return Buffer.alloc(3e7, 1); }\nbig();",
      },
      async (cwd) => {
        const { stderr, code } = await record(cwd, "app.js");
        assert.equal(code, 0);
        const { calls, rest } = read(cwd);
        assert.deepEqual([...rest.keys()], ["app.tiny"]);
        assert.equal(calls.length + rest.get("app.tiny")!.count, 30_001);
        assert.ok(calls.some(({ name }) => name === "app.big"));
        assert.ok(statSync(join(cwd, "a.dat")).size < 400_000);
        assert.match(
          stderr,
          /^\[mprof\] the recording counts short calls after the first thousand of a function: app\.tiny \d+\n {2}[^\n]+MPROF_CALLS_COUNTED/m,
        );
        const drawn = await runCli(["plot", "-o", "a.svg", "a.dat"], { cwd });
        assert.match(drawn.stderr, /^\[mprof\] in the legend only: \d+ calls that the recording counts\n {2}[^\n]+\n$/);
        assert.match(readFileSync(join(cwd, "a.svg"), "utf8"), /tiny 30000 × /);
      },
    ));
});

describe("the clock of a recording", () => {
  it("is the real one, whatever the program makes of its own", () =>
    withFolder(
      {
        "app.js": `const spin = process.hrtime.bigint.bind(process.hrtime);
// @profile
function load() { const begun = spin(); while (spin() - begun < 200_000_000n); }
performance.now = () => 42;
Object.defineProperty(performance, "timeOrigin", { value: 0 });
Date.now = () => 42;
globalThis.Date = class extends Date { constructor() { super(42); } };
process.hrtime = Object.assign(() => [0, 0], { bigint: () => 0n });
globalThis.setTimeout = globalThis.setInterval = () => {};
load(); load();`,
      },
      async (cwd) => {
        const before = Date.now() / 1000;
        assert.equal((await record(cwd, "app.js")).code, 0);
        const { calls } = read(cwd);
        assert.equal(calls.length, 2);
        for (const { enter, exit } of calls) {
          assert.ok(enter.time >= before - 0.1 && exit.time <= Date.now() / 1000 + 0.1);
          assert.ok(exit.time - enter.time > 0.19, `${exit.time - enter.time}`);
        }
        assert.ok(calls[1]!.enter.time >= calls[0]!.exit.time);
      },
    ));
});

describe("calls that never end", () => {
  it("are counted, and no level counts them", () =>
    withFolder(
      {
        "gen.mjs": `// @profile
function* numbers() { for (let i = 0; i < 3; i++) yield i; }
// @profile
function work() { return inner(); }
// @profile
function inner() { return new Array(1e6).fill(0).length; }
// @profile
function main() { work(); process.exit(0); }
for (let i = 0; i < 5; i++) numbers().next();
main();`,
      },
      async (cwd) => {
        const { stderr } = await record(cwd, "gen.mjs");
        const { calls, open } = read(cwd);
        assert.deepEqual(
          calls.map(({ name, level }) => `${name} ${level}`),
          ["gen.inner 2", "gen.work 1"],
        );
        assert.deepEqual([...open].sort(), [
          ["gen.main", 1],
          ["gen.numbers", 5],
        ]);
        assert.match(
          stderr,
          /^\[mprof\] the recording counts calls that had not ended: gen\.numbers 5, gen\.main 1\n {2}[^\n]+MPROF_CALLS_OPEN/m,
        );
      },
    ));
});

describe("runs that begin in one second", () => {
  it("have a recording each", () =>
    withFolder({ "app.js": "// @profile\nfunction f() { return [1]; }\nf();" }, async (cwd) => {
      const flags = ["run", "-T", "0.02"];
      const runs = await Promise.all([1, 2, 3].map((i) => runCli([...flags, "app.js", String(i)], { cwd })));
      assert.deepEqual(
        runs.map(({ code }) => code),
        [0, 0, 0],
      );
      const recordings = readdirSync(cwd).filter((name) => /^mprofile_\d{14}\.dat$/.test(name));
      const found = recordings.map((name) => readDat(readFileSync(join(cwd, name))));
      assert.deepEqual(found.map(({ command }) => command).sort(), ["app.js 1", "app.js 2", "app.js 3"]);
      for (const { calls } of found) assert.equal(calls.length, 1);
    }));
});

describe("times beyond what a timer of Node takes, 24.8 days", () => {
  it("are waited for: --timeout, --interval", () =>
    withFolder({}, async (cwd) => {
      const long = String(30 * 86_400);
      const first = await runCli(["run", "-T", "0.05", "-t", long, "-o", "t.dat", "sleep", "1"], { cwd });
      assert.doesNotMatch(first.stderr, /Warning/);
      assert.ok(readDat(readFileSync(join(cwd, "t.dat"))).samples.length > 5);
      const second = await runCli(["run", "-T", long, "-o", "u.dat", "sleep", "1"], { cwd });
      assert.doesNotMatch(second.stderr, /Warning/);
      assert.equal(readDat(readFileSync(join(cwd, "u.dat"))).samples.length, 1);
    }));
});
