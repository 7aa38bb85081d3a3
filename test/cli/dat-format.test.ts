import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readDat } from "../../cli/recording/dat.ts";
import { writeCall, writeCommand, writeOpen, writeRest, writeSample } from "../../contract/recording.ts";

describe("the .dat format", () => {
  it("reads the reference's own files, wherever the FUNC records stand", () => {
    const recording = readDat(readFileSync("fixtures/recordings/mprofile_20261122120143.dat"));
    assert.deepEqual(
      recording.calls.map(({ name, level }) => [name, level]),
      [
        ["__main__.load", 0],
        ["__main__.inner", 1],
        ["__main__.inner", 0],
        ["__main__.proc", 0],
        [".saving", 1],
      ],
    );
    assert.ok(recording.samples.length > 10);
    assert.match(recording.command, /app\.py/);
    assert.deepEqual(
      [...readDat(readFileSync("fixtures/recordings/mprofile_20261122122202.dat")).children.keys()],
      ["5416", "5417", "5418"],
    );
  });

  it("reads old files without level, names with blanks, CRLF; skips what is no record and a truncated end", () => {
    const text =
      "NEW thing\r\nMEM 1.5 10.25\r\nFUNC a.b 1 2 3 4\nFUNC my block 1.0 2.0 3.0 4.0 2\ngarbage\n\nFUNC bad 1 2\nMEM x 1\nMEM 2.5 10.3\nMEM 3.5 10.";
    const { samples, calls } = readDat(Buffer.from(text));
    assert.deepEqual(samples, [
      { memory: 1.5, time: 10.25 },
      { memory: 2.5, time: 10.3 },
    ]);
    assert.deepEqual(
      calls.map(({ name, level }) => `${name} ${level}`),
      ["a.b 0", "my block 2"],
    );
  });

  it("takes no control characters into names, and no numbers that cannot be drawn; says how many lines it left out", () => {
    const { command, samples, calls, skipped, children } = readDat(
      Buffer.from(
        "CMDLINE a\u001b[31mb\u0000\n\nMEM 1e999 10\nMEM 1e308 10\nMEM 5 1e300\nMEM inf 1\nMEM nan 1\nMEM 1.5 10\nFUNC f\u0007\u202eg 1 2 3 4 0\nFUNC h 1 2 1e999 4 0\nCHLD \u001b 1 2\n",
      ),
    );
    assert.equal(command, "a\ufffd[31mb\ufffd");
    assert.deepEqual(samples, [{ memory: 1.5, time: 10 }]);
    assert.deepEqual(
      calls.map(({ name }) => name),
      ["f\ufffd\ufffdg"],
    );
    assert.equal(children.size, 0);
    assert.equal(skipped, 7);
  });

  it("reads what it writes", () => {
    const call = { name: "app.my block", enter: { memory: 1.5, time: 10 }, exit: { memory: 2, time: 11.25 }, level: 3 };
    const rest = { count: 7, seconds: 0.5, highest: { memory: 9, time: 10.5 } };
    const sample = { memory: 1.25, time: 10.125, children: [{ pid: 7, memory: 0.5 }] };
    const text = [
      writeCommand(["a.js", "b c", "d\ne", "f\u001b"]),
      writeSample(sample),
      writeCall(call),
      writeRest("app.f", rest),
      writeRest("app.f", { ...rest, highest: { memory: 8, time: 12 } }),
      writeOpen("app.g", 2),
    ];
    assert.deepEqual(readDat(Buffer.from(text.join(""))), {
      command: "a.js 'b c' d e f\ufffd",
      samples: [{ memory: 1.25, time: 10.125 }],
      children: new Map([["7", [{ memory: 0.5, time: 10.125 }]]]),
      calls: [call],
      rest: new Map([["app.f", { ...rest, count: 14, seconds: 1 }]]),
      open: new Map([["app.g", 2]]),
      skipped: 0,
    });
  });
});
