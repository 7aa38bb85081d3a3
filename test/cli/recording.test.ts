import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDat } from "../../cli/recording/dat.ts";
import { peakOf, writeOpen, writeRest } from "../../contract/recording.ts";
import { ROOT } from "../support/load-fixture.ts";
import { rowOf, runCli, runProcess, withFolder } from "../support/run-cli.ts";

const SAMPLE = "mprofile_20261122120143.dat";
const CHILDREN = "mprofile_20261122122202.dat";
const MPROF = "/usr/bin/python3-mprof";

/** Grows by known steps, and says itself what it has at each: seconds since the epoch, MiB. */
const STEPS = `import { appendFileSync } from "node:fs";
const kept: Buffer[] = [];
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
@profile
async function grow(mib: number): Promise<void> {
  kept.push(Buffer.alloc(mib * 1048576, 1));
  appendFileSync("own.txt", Date.now() / 1000 + " " + process.memoryUsage.rss() / 1048576 + "\\n");
  await sleep(300);
}
async function main(): Promise<void> {
  for (const mib of [30, 60, 90]) await grow(mib);
  process.exitCode = Number(process.argv[2] ?? 0);
}
main();
`;

describe("mprof run", function () {
  // A busy machine wakes the sampler late.
  this.retries(3);

  it("records a script over time, with its calls and its report", () =>
    withFolder({ "steps.ts": STEPS }, async (cwd) => {
      const { stdout, stderr, code } = await runCli(["run", "-T", "0.01", "steps.ts"], { cwd });
      assert.equal(code, 0, stderr);
      assert.equal(rowOf(stdout, "Buffer.alloc")!.occurrences, 3);
      const [name] = readdirSync(cwd).filter((each) => /^mprofile_\d{14}\.dat$/.test(each));
      const text = readFileSync(join(cwd, name!), "utf8");
      assert.match(text, /^CMDLINE steps\.ts$/m);
      for (const line of text.trimEnd().split("\n").slice(1)) {
        assert.match(line, /^(MEM \d+\.\d{6} \d+\.\d{4}|FUNC \S+ (\d+\.\d{4} ){4}\d+)$/);
      }
      const { samples, calls } = readDat(Buffer.from(text));
      assert.deepEqual(
        calls.map(({ name: each }) => each),
        ["steps.grow", "steps.grow", "steps.grow"],
      );

      // What the program says of itself is in the recording, within an interval and 1 %.
      for (const line of readFileSync(join(cwd, "own.txt"), "utf8").trim().split("\n")) {
        const [time, memory] = line.split(" ").map(Number) as [number, number];
        const near = samples.find((sample) => sample.time >= time)!;
        assert.ok(near.time - time < 0.06, `sampled ${near.time - time} s later`);
        assert.ok(
          Math.abs(near.memory - memory) < 0.01 * memory,
          `${near.memory} MiB recorded, ${memory} MiB in the program`,
        );
      }
      const gaps = samples.slice(1).map((sample, i) => sample.time - samples[i]!.time);
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      assert.ok(Math.abs(mean - 0.01) < 0.002, `mean interval ${mean} s`);
    }));

  it("passes arguments and the exit code, and says so with -E", () =>
    withFolder({ "steps.ts": STEPS }, async (cwd) => {
      const { code, stderr } = await runCli(["run", "-E", "-o", "a.dat", "steps.ts", "7"], { cwd });
      assert.equal(code, 7);
      assert.match(stderr, /ERROR:mprof:Program resulted with a non-zero exit code: 7/);
      assert.match(readFileSync(join(cwd, "a.dat"), "utf8"), /^CMDLINE steps\.ts 7$/m);
    }));

  it("records any executable, and leaves its arguments alone", () =>
    withFolder({ "a.txt": "1\n2\n" }, async (cwd) => {
      const { stdout, code } = await runCli(["run", "-o", "a.dat", "head", "-1", "a.txt"], { cwd });
      assert.equal(stdout, "1\n");
      assert.equal(code, 0);
    }));

  it("adds children with -C and records each with -M", () =>
    withFolder(
      {
        "parent.js":
          "const { fork } = require('node:child_process');\nfor (let i = 0; i < 2; i++) fork('./child.js');\nsetTimeout(() => {}, 700);",
        "child.js": "globalThis.kept = Buffer.alloc(60e6, 1);\nsetTimeout(() => {}, 500);",
      },
      async (cwd) => {
        await runCli(["run", "-M", "-C", "-T", "0.05", "-o", "a.dat", "parent.js"], { cwd });
        const { samples, children } = readDat(readFileSync(join(cwd, "a.dat")));
        assert.equal(children.size, 2);
        const peak = (values: { memory: number }[]) => Math.max(...values.map(({ memory }) => memory));
        for (const own of children.values()) assert.ok(peak(own) > 57);
        assert.ok(peak(samples) > 150, `${peak(samples)}`);
      },
    ));

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`keeps everything and leaves no orphan on ${signal}`, () =>
      withFolder(
        {
          "busy.js":
            "// @profile\nfunction f() { return [1]; }\nf();\nconsole.log(process.pid); setInterval(() => {}, 1000);",
        },
        async (cwd) => {
          let sent = false;
          const onOutput = (text: string, kill: (signal: NodeJS.Signals) => void) => {
            if (!sent && /^\d+\n/.test(text)) setTimeout(() => kill(signal), 400);
            sent = true;
          };
          const finished = await runCli(["run", "-T", "0.02", "-o", "a.dat", "busy.js"], { cwd, onOutput });
          assert.equal(finished.signal, signal);
          assert.throws(() => process.kill(Number.parseInt(finished.stdout, 10), 0), /ESRCH/);
          const { samples, calls } = readDat(readFileSync(join(cwd, "a.dat")));
          assert.ok(samples.length > 10, `${samples.length} samples`);
          assert.deepEqual(
            calls.map(({ name }) => name),
            ["busy.f"],
          );
        },
      ));
  }
});

describe("mprof attach", () => {
  it("records a running process until it ends, by id and by name", () =>
    withFolder({ "some-service.js": "setTimeout(() => {}, 1500); console.log('ready')" }, async (cwd) => {
      let recorded: Promise<unknown>[] = [];
      await runProcess(process.execPath, ["some-service.js"], {
        cwd,
        onOutput: () => {
          recorded = [runCli(["attach", "-T", "0.05", "-o", "a.dat", "some-service.js"], { cwd })];
        },
      });
      const [finished] = (await Promise.all(recorded)) as { code: number; stderr: string }[];
      assert.equal(finished!.code, 0, finished!.stderr);
      assert.ok(readDat(readFileSync(join(cwd, "a.dat"))).samples.length > 5);
    }));
});

describe("mprof list, peak, rm and clean", () => {
  const withRecordings = (use: (cwd: string) => Promise<void>) =>
    withFolder({}, async (cwd) => {
      for (const name of [SAMPLE, CHILDREN]) copyFileSync(join(ROOT, "fixtures/recordings", name), join(cwd, name));
      await use(cwd);
    });
  const run = async (cwd: string, ...args: string[]) => (await runCli(args, { cwd })).stdout;

  it("list recordings with index and date", () =>
    withRecordings(async (cwd) => {
      assert.equal(await run(cwd, "list"), `0 ${SAMPLE} 12:01:43 22/11/2026\n1 ${CHILDREN} 12:22:02 22/11/2026\n`);
    }));

  it("print the peaks that the reference prints", () =>
    withRecordings(async (cwd) => {
      const expected = readFileSync("fixtures/recordings/peak.expected.txt", "utf8").split("\n").slice(0, 5).join("\n");
      assert.equal((await run(cwd, "peak", "0", "1")).trimEnd(), expected);
      assert.equal(await run(cwd, "peak"), await run(cwd, "peak", "-1"));
      assert.match(await run(cwd, "peak", "0", "--func", "load"), /\t\d+\.\d{3} MiB\n$/);
    }));

  it("have the peak of the picture: of samples, entries, exits and counted calls", () =>
    withFolder(
      {
        "a.dat": "MEM 10 1\nMEM 20 2\nFUNC a.f 10 1.2 31.5 1.4 0\nnonsense here\nREST a.g 5 0.1 25 1.5\n",
      },
      async (cwd) => {
        const { stdout, stderr } = await runCli(["peak", "a.dat"], { cwd });
        assert.equal(stdout, "a.dat\t31.500 MiB\n");
        assert.match(stderr, /^\[mprof\] left out of a\.dat: 1 line that is no record\n {2}[^\n]+\n$/);
        assert.match(await run(cwd, "plot", "--terminal", "a.dat"), /peak 31\.500 MiB/);
        assert.equal(await run(cwd, "peak", "a.dat", "--func", "g"), "a.dat\t25.000 MiB\n");
      },
    ));

  it("remove what they are told to, and nothing on a dry run or a wrong index", () =>
    withRecordings(async (cwd) => {
      assert.equal(await run(cwd, "rm", "--dry-run", "0", "-1"), `Files to be removed: \n${SAMPLE}\n${CHILDREN}\n`);
      const wrong = await runCli(["rm", "0", "5"], { cwd });
      assert.equal(wrong.code, 2);
      assert.match(
        wrong.stderr,
        /^\[mprof\] there is no recording with the index 5\n {2}There are 2: mprof list shows them\.\n$/,
      );
      assert.equal(readdirSync(cwd).length, 2);
      await run(cwd, "rm", "-1");
      assert.deepEqual(readdirSync(cwd), [SAMPLE]);
      await run(cwd, "clean", "--dry-run");
      assert.equal(readdirSync(cwd).length, 1);
      await run(cwd, "clean");
      assert.equal(readdirSync(cwd).length, 0);
    }));

  it("say in one line what is wrong, and exit with 2", () =>
    withFolder({ "empty.dat": "", "garbage.dat": "\u0000\u0001 nonsense\nMEM what\n" }, async (cwd) => {
      const cases: [string[], RegExp][] = [
        [["peak"], /there is no recording in this folder/],
        [["peak", "no.dat"], /there is no such recording: no\.dat/],
        [["peak", "empty.dat"], /no memory values in empty\.dat/],
        [["peak", "garbage.dat"], /no memory values in garbage\.dat/],
        [
          ["peak", join(ROOT, "fixtures/recordings", SAMPLE), "--func", "nothing"],
          /no call of this function: nothing\n {2}It has calls of __main__\.load/,
        ],
        [["attach", "999999999"], /there is no process with the id 999999999/],
        [["attach", "no such process anywhere"], /no running process/],
        [["run", "no-such-program"], /the program cannot be started: no-such-program \(ENOENT\)/],
        [["run", "-T", "0", "x"], /argument '0' is invalid\. It must be a time in seconds/],
        [["run", "-o", "/proc/none/a.dat", "true"], /the recording cannot be made: ENOENT/],
      ];
      for (const [args, message] of cases) {
        const { code, stderr } = await runCli(args, { cwd });
        assert.match(stderr, message);
        assert.doesNotMatch(stderr, /\n {4}at /);
        assert.equal(code, 2, args.join(" "));
      }
    }));
});

const how = existsSync(MPROF) ? "" : " (apt-get install python3-memory-profiler enables these tests)";
describe(`Python's mprof${how}`, () => {
  before(function () {
    if (how === "") return;
    assert.notEqual(process.env.MPROF_TEST_ALL, "1", "the reference has to be installed here");
    this.skip();
  });

  it("reads our recordings: peak, list, plot", () =>
    withFolder({ "steps.ts": STEPS }, async (cwd) => {
      await runCli(["run", "-T", "0.02", "-M", "steps.ts"], { cwd });
      const [name] = readdirSync(cwd).filter((each) => each.endsWith(".dat"));
      // Records of our own are passed over.
      appendFileSync(
        join(cwd, name!),
        writeRest("steps.f", { count: 9, seconds: 1, highest: { memory: 1, time: 1 } }) + writeOpen("steps.g", 2),
      );
      const theirs = (...args: string[]) => spawnSync(MPROF, args, { cwd, encoding: "utf8" });
      const ours = await runCli(["peak", name!], { cwd });
      // Theirs looks at samples only.
      const peakIn = (text: string) => Number(/\t([\d.]+) MiB/.exec(text)![1]);
      const text = readFileSync(join(cwd, name!));
      assert.equal(peakIn(theirs("peak", name!).stdout).toFixed(3), peakOf(readDat(text).samples)!.memory.toFixed(3));
      assert.ok(peakIn(ours.stdout) >= peakIn(theirs("peak", name!).stdout));
      assert.equal(theirs("list").stdout, (await runCli(["list"], { cwd })).stdout);
      writeFileSync(join(cwd, "matplotlibrc"), "backend: Agg\n");
      const plotted = theirs("plot", "-o", "a.png", name!);
      assert.equal(plotted.status, 0, plotted.stderr);
      assert.ok(existsSync(join(cwd, "a.png")));
    }));
});
