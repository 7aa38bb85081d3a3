import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configure, logStream, type MemitResult, memit, report, timestamp } from "../../api/node.ts";
import { readDat } from "../../cli/recording/dat.ts";
import { runBlock } from "../../runtime/full/timeline.ts";
import { runCli, withFolder } from "../support/run-cli.ts";

describe("memit", () => {
  it("prints and returns the peak and the increment", async () => {
    let text = "";
    let runs = 0;
    const fill = () => Buffer.alloc(64 * 2 ** 20, runs++ + 1);
    const stream = { write: (piece: string) => (text += piece) };
    const result: MemitResult = await memit(fill, { repeat: 2, interval: 0.01, stream });
    assert.equal(runs, 2);
    assert.match(text, /^peak memory: \d+\.\d\d MiB, increment: \d+\.\d\d MiB\n$/);
    assert.equal(`${result}\n`, text);
    assert.equal(result.peaks.length, 2);
    assert.ok(result.increment > 55 && result.increment < 150, text);
    assert.ok(Math.abs(result.peak - result.baseline - result.increment) < 1e-9);
  });

  it("prints nothing when quiet, and refuses what it does not know", async () => {
    let text = "";
    const stream = { write: (piece: string) => (text += piece) };
    await memit(() => 1, { quiet: true, stream });
    assert.equal(text, "");
    await assert.rejects(
      memit(() => 1, { repeat: 0 }),
      /"repeat" must be a whole number from 1, got number: 0/,
    );
  });
});

describe("timestamp", () => {
  it("hands through what a function returns or throws where nothing is recorded", async () => {
    assert.equal(
      timestamp("a", () => 1),
      1,
    );
    assert.equal(await timestamp("a", async () => 2), 2);
    assert.throws(
      () =>
        timestamp("a", () => {
          throw new RangeError("no");
        }),
      RangeError,
    );
  });

  it("ends a block when it returns, throws or settles", async () => {
    const events: string[] = [];
    const timeline = {
      watch: () => {},
      begin: (_: object, file: string, name: string) => void events.push(`begin ${file}.${name}`),
      wait: () => void events.push("wait"),
      end: () => void events.push("end"),
    };
    assert.equal(
      runBlock(timeline, "a", () => 1),
      1,
    );
    assert.throws(() =>
      runBlock(timeline, "b", () => {
        throw new Error("no");
      }),
    );
    const pending = runBlock(timeline, "c", () => new Promise((done) => setTimeout(done, 10, 3)));
    events.push("meanwhile");
    assert.equal(await pending, 3);
    await assert.rejects(
      runBlock(timeline, "d", () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.deepEqual(events, [
      "begin .a",
      "end",
      "begin .b",
      "end",
      "begin .c",
      "wait",
      "meanwhile",
      "end",
      "begin .d",
      "wait",
      "end",
    ]);
  });

  it("is a block in the recording", () =>
    withFolder(
      {
        "app.mjs":
          'import { timestamp } from "mprof";\n// @profile\nfunction f() { return [1]; }\ntimestamp("my block", () => f());\nawait timestamp("later", () => new Promise((done) => setTimeout(done, 100)));\n',
      },
      async (cwd) => {
        const { code, stderr } = await runCli(["run", "-o", "a.dat", "app.mjs"], { cwd });
        assert.equal(code, 0, stderr);
        const text = readFileSync(join(cwd, "a.dat"), "utf8");
        for (const line of text.match(/^FUNC.*$/gm)!) assert.match(line, /^FUNC [^ ]+ (\d+\.\d{4} ){4}\d+$/);
        const { calls } = readDat(Buffer.from(text));
        assert.deepEqual(
          calls.map(({ name, level }) => [name, level]),
          [
            ["app.f", 1],
            [".my block", 0],
            [".later", 0],
          ],
        );
        const later = calls[2]!;
        assert.ok(later.exit.time - later.enter.time >= 0.099);
      },
    ));
});

const REPORT = `Filename: a.js

Line #    Mem usage    Increment  Occurrences   Line Contents
=============================================================
     1   50.000 MiB   50.000 MiB           1   function f() {
     2   60.000 MiB   10.000 MiB           1     const a = 1;
     3   60.000 MiB    0.000 MiB           1     b();
     4   60.000 MiB   -0.000 MiB           1     c();
     5   50.000 MiB  -10.000 MiB           1     free();
     6                                           // 1.0 MiB 2.0 MiB   1   says a comment, twice MiB
     7                                         }


`;

describe("logStream", () => {
  it("hands on a message a line, to whatever takes messages", () => {
    for (const make of [
      (log: string[]) => (message: string) => log.push(message),
      (log: string[]) => ({ info: (message: string) => log.push(message), log: () => assert.fail() }),
      (log: string[]) => ({ log: (message: string) => log.push(message) }),
    ]) {
      const log: string[] = [];
      logStream(make(log)).write(REPORT);
      assert.deepEqual(log, REPORT.split("\n").filter(Boolean));
    }
  });

  it("leaves out what does not grow, and is not misled by text that looks like figures", () => {
    const log: string[] = [];
    logStream((message: string) => log.push(message), { onlyIncrements: true }).write(REPORT);
    const lines = REPORT.split("\n");
    assert.deepEqual(log, [lines[0], lines[2], lines[4], lines[5]]);
  });

  it("uses the level's method, with its logger as this", () => {
    class Logger {
      readonly log: string[] = [];
      debug(message: string) {
        this.log.push(message);
      }
    }
    const logger = new Logger();
    logStream(logger, { level: "debug" }).write("a\n\nb\n");
    assert.deepEqual(logger.log, ["a", "b"]);
    assert.throws(
      () => logStream({}, { level: "debug" }),
      /this logger takes no messages: object with nothing\n.*"debug" or "log"/,
    );
  });

  it("takes reports, as other streams do", () => {
    let text = "";
    const stream = { write: (piece: string) => (text += piece) };
    report({ stream, reporter: "json" });
    assert.match(text, /"mprof-profile"/);
    const log: string[] = [];
    report({ stream: logStream((message: string) => log.push(message)), reporter: "json" });
    assert.equal(JSON.parse(log.join("\n")).format, "mprof-profile");
    configure({ stream: logStream(console) });
    configure({ stream: undefined });
  });
});
