import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { InspectorClient } from "../support/inspector-client.ts";
import { BIN, rowOf, runCli, withFolder } from "../support/run-cli.ts";

const PROGRAM = `const kept: Buffer[] = [];
class Store {
  @profile
  load(mib: number): number {
    const size: number = mib * 1048576;
    kept.push(Buffer.alloc(size, 1));
    const last = kept.length;
    return last;
  }
}
const store = new Store();
store.load(10);
store.load(150);
console.log("went on");
`;
const MESSAGE =
  /^Current memory \d+\.\d\d MiB exceeded the maximum of 150\.00 MiB\n {2}after app\.ts:6, in Store\.load\n/m;

const withProgram = (use: (cwd: string) => Promise<void>) => withFolder({ "app.ts": PROGRAM }, use);

describe("--max-mem", () => {
  it("writes a heap snapshot after the line, and the program goes on", () =>
    withProgram(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["--max-mem", "150", "--on-exceed", "snapshot", "app.ts"], { cwd });
      assert.equal(code, 0, stderr);
      assert.match(stderr, MESSAGE);
      assert.equal(stderr.match(/Current memory/g)!.length, 1);
      const [, path] = /^Heap snapshot: (.*)$/m.exec(stderr)!;
      assert.ok(path!.startsWith("/"));
      assert.ok("snapshot" in JSON.parse(readFileSync(path!, "utf8")));
      assert.match(stdout, /^went on\n/);
      assert.equal(rowOf(stdout, "kept.push")!.occurrences, 2);
    })).timeout(120_000);

  it("throws into the program, at the line", () =>
    withProgram(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["--pdb-mmem", "150", "--on-exceed", "throw", "app.ts"], { cwd });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /Current memory \d+\.\d\d MiB exceeded the maximum of 150\.00 MiB \(after app\.ts:6, in Store\.load\)\n/,
      );
      assert.match(stderr, /at Store\.load \(.*app\.ts:6:\d+\)/);
      assert.doesNotMatch(stdout, /went on/);
      assert.ok(rowOf(stdout, "kept.push")!.increment > 140, stdout);
    }));

  it("exits with 1, after the report", () =>
    withProgram(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["--max-mem", "150", "--on-exceed", "exit", "app.ts"], { cwd });
      assert.equal(code, 1);
      assert.match(stderr, MESSAGE);
      assert.match(stdout, /^Filename: app\.ts/);
    }));

  it("does nothing below, nor to what is measured", () =>
    withProgram(async (cwd) => {
      const { code, stdout, stderr } = await runCli(["--max-mem", "1000", "--on-exceed", "exit", "app.ts"], { cwd });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^went on\nFilename/);
    }));

  it("looks at whatever is measured, with `mprof run` too", () =>
    withFolder(
      {
        "app.js":
          "// @profile\nfunction f() {\n  const a = [];\n  for (let i = 0; i < 4e6; i++) a.push({});\n  return a;\n}\nf();\n",
      },
      async (cwd) => {
        const flags = ["--max-mem", "80", "--on-exceed", "exit"];
        const heap = await runCli(["--backend", "heap", ...flags, "app.js"], { cwd });
        assert.equal(heap.code, 1);
        assert.match(heap.stderr, /exceeded the maximum of 80\.00 MiB\n {2}after app\.js:4, in f\n/);
        const recorded = await runCli(["run", "-o", "a.dat", ...flags, "app.js"], { cwd });
        assert.equal(recorded.code, 1);
        assert.match(recorded.stderr, /exceeded the maximum of 80\.00 MiB\n {2}after app\.js:\d, in f\n/);
      },
    ));

  it("is refused where it cannot work", async () => {
    const cases: [string[], RegExp][] = [
      [["--max-mem", "much", "app.ts"], /It must be a number of MiB, above 0/],
      [["--on-exceed", "exit", "package.json"], /--on-exceed exit without a maximum/],
      [["run", "--max-mem", "10", "true"], /--max-mem looks at lines, and true has none/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await runCli(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});

describe("--max-mem without --on-exceed", () => {
  it("stops in the debugger, in the function, directly after the line", () =>
    withProgram(async (cwd) => {
      const child = spawn(process.execPath, [BIN, "--max-mem", "150", "app.ts"], { cwd });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (piece) => {
        stdout += piece;
      });
      const listening = new Promise<string>((resolve) => {
        child.stderr.on("data", (piece) => {
          stderr += piece;
          const [url] = /ws:\/\/\S+(?=\n)/.exec(stderr) ?? [];
          if (url !== undefined) resolve(url);
        });
      });
      const closed = new Promise((resolve) => child.on("close", (code, signal) => resolve([code, signal])));
      // A program that waits for a debugger hears of no signal; the third SIGINT ends it.
      const tooLong = setTimeout(() => {
        for (let time = 0; time < 3; time++) child.kill("SIGINT");
      }, 20_000);
      const client = await InspectorClient.connect(await listening);
      assert.match(stderr, MESSAGE);
      assert.match(stderr, /^Stepping into the debugger$/m);

      const paused = client.next("Debugger.paused");
      await client.send("Debugger.enable");
      await client.send("Runtime.runIfWaitingForDebugger");
      const { callFrames } = (await paused).params;
      const frame = callFrames.find(({ functionName }: { functionName: string }) => functionName === "load");
      // On Node 20 the runtime's own functions are above it, called at the end of line 6.
      const isLed = Number.parseInt(process.versions.node, 10) >= 22;
      if (isLed) assert.equal(frame, callFrames[0]);
      assert.equal(client.urls.get(frame.location.scriptId), `file://${join(cwd, "app.ts")}`);
      // Lines of the protocol start at 0: line 6 has run, line 7 has not.
      assert.equal(await lineOf(frame.location, client), isLed ? 6 : 5);
      const evaluate = async (expression: string) => {
        const { callFrameId } = frame;
        const { result } = await client.send("Debugger.evaluateOnCallFrame", { callFrameId, expression });
        return result.result.value;
      };
      assert.equal(await evaluate('kept.length + " " + size / 1048576'), "2 150");
      assert.match(String(await evaluate("String(last)")), /undefined|Cannot access/);
      assert.doesNotMatch(stdout, /went on/);

      await client.send("Debugger.resume");
      client.close();
      assert.deepEqual(await closed, [0, null], stderr);
      clearTimeout(tooLong);
      assert.match(stdout, /^went on\nFilename: app\.ts/);
    })).timeout(60_000);
});

/** Where a debugger shows it, by the source map; from 0, as it counts. */
async function lineOf(
  { scriptId, lineNumber, columnNumber }: { scriptId: string; lineNumber: number; columnNumber: number },
  client: InspectorClient,
): Promise<number> {
  const { result } = await client.send("Debugger.getScriptSource", { scriptId });
  const [, map] = /sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(result.scriptSource)!;
  const traced = new TraceMap(Buffer.from(map!, "base64").toString());
  // Where a line has no place, that before it holds.
  for (let [line, column] = [lineNumber + 1, columnNumber]; line > 0; [line, column] = [line - 1, Infinity]) {
    const found = originalPositionFor(traced, { line, column });
    if (found.line !== null) return found.line - 1;
  }
  return assert.fail("the map has no place before the one where it stops");
}
