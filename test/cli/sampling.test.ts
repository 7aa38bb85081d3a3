import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDat } from "../../cli/recording/dat.ts";
import { BIN, runCli, runProcess, withFolder } from "../support/run-cli.ts";

/** Steps through known sizes, and says itself what it has at each: seconds since the epoch, MiB. */
const STEPS = `const { appendFileSync } = require("node:fs");
const kept = [];
const pause = new Int32Array(new SharedArrayBuffer(4));
for (const mib of [40, 80, 20, 60]) {
  kept.push(Buffer.alloc(mib * 1048576, 1));
  const before = process.memoryUsage.rss();
  appendFileSync("own.txt", Date.now() / 1000 + " " + before / 1048576 + "\\n");
  Atomics.wait(pause, 0, 0, 250);
}
`;
const LATE = 0.03;

describe("the truth of samples", function () {
  // Other programs on this machine wake the sampler late, and not always.
  this.retries(4);

  it("-T 0.01: within an interval and 1 % of what the program says of itself", () =>
    withFolder({ "steps.js": STEPS }, async (cwd) => {
      await runCli(["run", "-T", "0.01", "-o", "a.dat", "--no-node", process.execPath, "steps.js"], { cwd });
      const { samples } = readDat(readFileSync(join(cwd, "a.dat")));
      const steps = readFileSync(join(cwd, "own.txt"), "utf8").trim().split("\n");
      assert.equal(steps.length, 4);
      for (const [time, memory] of steps.map((line) => line.split(" ").map(Number) as [number, number])) {
        const next = samples.find((sample) => sample.time >= time)!;
        assert.ok(next.time - time <= 0.01 + LATE, `sampled ${next.time - time} s later`);
        const off = Math.abs(next.memory - memory) / memory;
        assert.ok(off <= 0.01, `${next.memory} MiB recorded, ${memory} MiB in the program`);
      }
    }));

  for (const interval of [0.01, 0.05]) {
    it(`-T ${interval}: the mean interval is within 5 %`, () =>
      withFolder({}, async (cwd) => {
        const flags = ["run", "-T", String(interval), "-o", "a.dat"];
        await runCli([...flags, "sleep", "1.5"], { cwd });
        const { samples } = readDat(readFileSync(join(cwd, "a.dat")));
        const mean = (samples.at(-1)!.time - samples[0]!.time) / (samples.length - 1);
        console.log(`      mean interval ${mean.toFixed(5)} s`);
        assert.ok(Math.abs(mean / interval - 1) <= 0.05, `${mean} s`);
      }));
  }
});

describe("what cannot be written", () => {
  const onLinux = process.platform === "linux" ? it : it.skip;
  const oneLine = /^\[mprof\] [^\n]+\n {2}[^\n]+\n$/;

  onLinux("a full disk: nothing is started, one line, exit code 2", () =>
    withFolder({}, async (cwd) => {
      for (const args of [
        ["run", "-o", "/dev/full", "touch", "started"],
        ["attach", "-o", "/dev/full", String(process.pid)],
      ]) {
        const { code, stderr } = await runCli(args, { cwd });
        assert.equal(code, 2);
        assert.match(stderr, oneLine);
        assert.match(stderr, /the recording cannot be made: ENOSPC/);
      }
      assert.equal(existsSync(join(cwd, "started")), false);
    }),
  );

  onLinux("a disk that fills up: what was recorded stays, the program goes on", () =>
    withFolder({}, async (cwd) => {
      // 2 KiB are some fifty samples.
      const limited = `ulimit -f 2; trap '' XFSZ; exec "$0" "$@"`;
      const args = ["-c", limited, process.execPath, BIN, "run", "-T", "0.005", "-o", "a.dat", "sleep", "1.5"];
      const { code, stderr } = await runProcess("sh", args, { cwd });
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /^\[mprof\] the recording ends here: EFBIG[^\n]*\n {2}What it has so far is in .*a\.dat\.\n/m,
      );
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.ok(readDat(readFileSync(join(cwd, "a.dat"))).samples.length > 20);
    }),
  );

  onLinux("a folder that is read-only", () =>
    withFolder({ "a.js": "" }, async (cwd) => {
      const folder = join(cwd, "locked");
      mkdirSync(folder);
      chmodSync(folder, 0o555);
      chmodSync(cwd, 0o755);
      // Root may write everywhere: then as somebody else.
      const asRoot = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      const child = spawn(process.execPath, [BIN, "run", "true"], { cwd: folder, ...asRoot });
      let stderr = "";
      child.stderr.on("data", (piece) => {
        stderr += piece;
      });
      const [code] = await once(child, "close");
      assert.match(stderr, /^\[mprof\] the recording cannot be made: EACCES[^\n]*\n {2}[^\n]+\n$/);
      assert.equal(code, 2);
      assert.deepEqual(readdirSync(folder), []);
    }),
  );

  onLinux("pictures, on a full disk and where there is nothing to draw", () =>
    withFolder({ "garbage.dat": "MEM \u0000\n", "some.dat": "MEM 1.5 10.25\nMEM 2.5 10.35\n" }, async (cwd) => {
      const { code, stderr } = await runCli(["plot", "-o", "/dev/full/x.svg", "some.dat"], { cwd });
      assert.match(stderr, /^\[mprof\] the picture cannot be written: ENOTDIR[^\n]*\n[^\n]+\n$/);
      assert.equal(code, 2);
      const nothing = await runCli(["plot", "-o", "x.svg", "garbage.dat"], { cwd });
      assert.match(nothing.stderr, oneLine);
      assert.equal(nothing.code, 2);
      const index = await runCli(["plot", "-o", "x.svg", "7"], { cwd });
      assert.match(index.stderr, /^\[mprof\] there is no recording with the index 7\n/);
      assert.equal(index.code, 2);
    }),
  );

  it("a missing program leaves no recording", () =>
    withFolder({}, async (cwd) => {
      const { code, stderr } = await runCli(["run", "no-such-program"], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, oneLine);
      assert.deepEqual(readdirSync(cwd), []);
    }));
});
