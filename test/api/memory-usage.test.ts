import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { memory_usage, memoryUsage } from "../../api/node.ts";
import { MIB } from "../../contract/units.ts";
import { ROOT } from "../support/load-fixture.ts";
import { runProcess, withFolder } from "../support/run-cli.ts";

const ENTRY = JSON.stringify(new URL("../../api/node.js", import.meta.url).href);

/** Computes for this long without a pause, with this much memory. */
function compute(ms: number, mib: number): number {
  const kept = Buffer.alloc(mib * MIB, 1);
  const end = performance.now() + ms;
  while (performance.now() < end) Math.sqrt(2);
  return kept.length;
}

function child(source: string): ChildProcess {
  return spawn(process.execPath, ["-e", source], { stdio: "ignore" });
}

const isNumber = (value: unknown) => assert.equal(typeof value, "number");
const rss = () => process.memoryUsage.rss() / MIB;

describe("memoryUsage of a process", () => {
  it("is one value of this process without a timeout", async () => {
    for (const values of [await memoryUsage(), await memoryUsage(-1), await memoryUsage(process.pid)]) {
      assert.equal(values.length, 1);
      assert.ok(Math.abs(values[0]! - rss()) < 0.1 * rss(), `${values[0]} of ${rss()}`);
    }
  });

  it("is timeout / interval values, as numbers or with times", async () => {
    assert.equal((await memoryUsage(-1, { timeout: 0.5, interval: 0.1 })).length, 5);
    const before = Date.now() / 1000;
    const [first, second, ...rest] = await memoryUsage(-1, { timeout: 0.15, interval: 0.05, timestamps: true });
    assert.equal(rest.length, 1);
    assert.ok(first![1] >= before - 0.01 && first![1] < before + 5);
    assert.ok(second![1] - first![1] > 0.04 && second![1] - first![1] < 0.2);
  });

  it("is the largest with maxUsage", async () => {
    isNumber(await memoryUsage(-1, { maxUsage: true }));
    isNumber(await memoryUsage(-1, { maxUsage: true, timeout: 0.1, interval: 0.02, timestamps: true }));
  });

  it("of a child process runs until it ends, with its children's if asked", async () => {
    const values = await memoryUsage(child("setTimeout(() => {}, 600)"), { interval: 0.05 });
    assert.ok(values.length >= 5 && values.length <= 20, `${values.length} values`);
    assert.ok(Math.max(...values) > 20);

    const source =
      "require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 700)']); setTimeout(() => {}, 600)";
    const nested = await memoryUsage(child(source), { interval: 0.05, multiprocess: true, timestamps: true });
    const [own, ...children] = nested.at(-2)!;
    assert.equal(own.length, 2);
    assert.ok(children.length === 1 && children[0]! > 20, JSON.stringify(nested.at(-2)));
    const both = await memoryUsage(child(source), { interval: 0.05, includeChildren: true, maxUsage: true });
    assert.ok(both > Math.max(...values) + 20, `${both}`);
  });

  it("goes to a stream as records, and is then undefined", async () => {
    let text = "";
    const stream = { write: (piece: string) => (text += piece) };
    const source =
      "require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 400)']); setTimeout(() => {}, 300)";
    assert.equal(await memoryUsage(child(source), { interval: 0.05, stream, multiprocess: true }), undefined);
    for (const line of text.trimEnd().split("\n")) assert.match(line, /^(MEM|CHLD \d+) \d+\.\d{6} \d+\.\d{4}$/);
    assert.match(text, /^CHLD /m);
    text = "";
    assert.equal(await memoryUsage(-1, { stream }), undefined);
    assert.match(text, /^MEM \d+\.\d{6} \d+\.\d{4}\n$/);
  });

  it("reads other backends, by the reference's names too", async () => {
    for (const backend of process.platform === "linux" ? ["pss", "uss", "psutil_uss", "psutil"] : ["psutil"]) {
      const [value] = await memoryUsage(-1, { backend });
      assert.ok(value! > 5 && value! < rss() * 1.2, `${backend}: ${value}`);
    }
  });
});

describe("memoryUsage of a function", () => {
  it("sees what a function holds while it computes without a pause", async () => {
    let runs = 0;
    const before = rss();
    const begin = performance.now();
    const values = await memoryUsage(() => compute(400, 100 + 0 * runs++), { interval: 0.02 });
    const intervals = (performance.now() - begin) / 20;
    assert.equal(runs, 1);
    assert.ok(values.length > 10 && values.length < intervals + 3, `${values.length} values in ${intervals} intervals`);
    const peak = Math.max(...values);
    assert.ok(Math.abs(peak - before - 100) < 15, `${before} MiB before, then ${peak} MiB`);
    assert.ok(Math.abs(values[0]! - before) < 15);
  });

  it("takes arguments and this, and gives what the function returns", async () => {
    const [values, sum] = await memoryUsage([(a: number, b: number) => a + b, [1, 2]], { retval: true });
    assert.equal(sum, 3);
    assert.ok(values.length >= 2);
    const object = {
      n: 4,
      async get() {
        return this.n;
      },
    };
    const [peak, n] = await memoryUsage([object.get, [], object], { retval: true, maxUsage: true });
    isNumber(peak);
    assert.equal(n, 4);
    assert.equal((await memoryUsage([() => 1], { maxUsage: true, timestamps: true })).length, 2);
  });

  it("has each child that the function starts, with multiprocess", async () => {
    const call = async () => void (await once(child("setTimeout(() => {}, 500)"), "exit"));
    const values = await memory_usage(call, { interval: 0.05, multiprocess: true });
    assert.equal(values[0]!.length, 1);
    assert.ok(values.some(([own, first = 0, ...others]) => own > 0 && first > 20 && others.length === 0));
    const timed = await memoryUsage(call, { interval: 0.05, multiprocess: true, timestamps: true, retval: true });
    assert.equal(timed[0][0]![0].length, 2);
    let text = "";
    const stream = { write: (piece: string) => (text += piece) };
    assert.equal(await memoryUsage(call, { interval: 0.05, multiprocess: true, stream }), undefined);
    assert.match(text, /^CHLD /m);
  });

  it("samples an async function until its promise is settled", async () => {
    const values = await memoryUsage(() => new Promise((done) => setTimeout(done, 300)), {
      interval: 0.02,
      timestamps: true,
    });
    assert.ok(values.length > 8, `${values.length} values`);
    assert.ok(values.at(-1)![1] - values[0]![1] >= 0.29);
  });

  it("runs again only if it may", async () => {
    let runs = 0;
    await memoryUsage(() => void runs++, { maxIterations: 3 });
    assert.equal(runs, 3);
    runs = 0;
    await memoryUsage(() => compute(100 + 0 * runs++, 1), { maxIterations: 3, interval: 0.01 });
    assert.equal(runs, 1);
  });

  it("ends sampling at the timeout; the function goes on", async () => {
    const [values, value] = await memoryUsage(() => compute(200, 1), { interval: 0.02, timeout: 0.08, retval: true });
    assert.equal(values.length, 4);
    assert.equal(value, MIB);
  });

  it("throws what the function throws, and leaves other children alone", async () => {
    const bystander = child("setTimeout(() => {}, 5000)");
    const failing = [
      () => {
        throw new RangeError("no");
      },
      async () => {
        throw new RangeError("no");
      },
    ];
    for (const f of failing) await assert.rejects(memoryUsage(f), /^RangeError: no$/);
    assert.equal(bystander.exitCode, null);
    assert.equal(bystander.signalCode, null);
    bystander.kill();
    await once(bystander, "exit");
  });

  it("leaves no process behind, and does not count its own", async () => {
    const alone = await memoryUsage(() => compute(150, 1), { interval: 0.02, maxUsage: true });
    const together = await memoryUsage(() => compute(150, 1), {
      interval: 0.02,
      maxUsage: true,
      includeChildren: true,
    });
    assert.ok(Math.abs(together - alone) < 20, `${alone} and ${together}`);
    const children = execFileSync("ps", ["--ppid", String(process.pid), "-o", "args="], { encoding: "utf8" });
    assert.doesNotMatch(children, /sampler-process/);
  });

  it("lets the program end in the middle of it, by exit or for want of anything to do", () =>
    withFolder({}, async (cwd) => {
      const run = (body: string) =>
        runProcess(process.execPath, ["--input-type=module", "-e", `import { memoryUsage } from ${ENTRY};\n${body}`], {
          cwd,
        });
      assert.equal((await run("await memoryUsage(() => process.exit(7));")).code, 7);
      const { code, stdout } = await run(
        "memoryUsage(() => new Promise(() => {})); process.on('exit', () => console.log('end'));",
      );
      assert.deepEqual([code, stdout], [0, "end\n"]);
      const ended = await runProcess("sh", ["-c", "sleep 0.3; ps -eo args="], { cwd });
      assert.doesNotMatch(
        ended.stdout,
        new RegExp(`^${process.execPath} ${ROOT}/dist/esm/sampling/sampler-process`, "m"),
      );
    }));
});

describe("memoryUsage says what is wrong", () => {
  const cases: [string, () => Promise<unknown>, string, RegExp][] = [
    ["a missing process", () => memoryUsage(99_999_999), "MPROF_PROCESS_MISSING", /no process to measure: 99999999/],
    [
      "one that is missing for longer",
      () => memoryUsage(99_999_999, { timeout: 1 }),
      "MPROF_PROCESS_MISSING",
      /99999999/,
    ],
    ["a text", () => memoryUsage("1" as never), "MPROF_TARGET", /this cannot be measured: string: "1"/],
    [
      "too long a list",
      () => memoryUsage([() => 1, [], 1, 2] as never),
      "MPROF_TARGET",
      /this cannot be measured: array: \["function",\[\],1,2\]/,
    ],
    [
      "an interval",
      () => memoryUsage(-1, { interval: 0 }),
      "MPROF_OPTION_TYPE",
      /"interval" must be a time in seconds, above 0, got number: 0/,
    ],
    [
      "an option",
      () => memoryUsage(-1, { max_usage: true } as never),
      "MPROF_OPTION_UNKNOWN",
      /unknown option: "max_usage"\n {2}The options are .*interval/,
    ],
    [
      "a backend",
      () => memoryUsage(-1, { backend: "heap" }),
      "MPROF_BACKEND_UNKNOWN",
      /unknown backend: "heap"\n.*rss, pss, uss/,
    ],
  ];
  for (const [what, run, code, message] of cases) {
    it(what, async () => {
      await assert.rejects(
        run,
        (error: Error & { code: string }) => error.code === code && message.test(error.message),
      );
    });
  }

  it("a child process that could not be started", async () => {
    const failed = spawn("no-such-program");
    failed.on("error", () => {});
    await assert.rejects(memoryUsage(failed), /no process to measure: this child process/);
  });
});
