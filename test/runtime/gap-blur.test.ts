/** Rows that are not read each time, and rows that wait, in one program: all that came is on one of them, however it came. */
import assert from "node:assert/strict";
import { source } from "../support/back-ends.ts";
import { createRuntime } from "../support/create-runtime.ts";
import { createScriptedSource } from "../support/scripted-source.ts";

const ROUNDS = 40_000;
/** What a reading takes, and a round of the program. Milliseconds. */
const READING_MS = 0.002;
const ROUND_MS = 0.005;

const PROGRAM = `// @profile
function parse(i) {
  return { i: ran(i) };
}
// @profile
async function main() {
  let last;
  for (let i = 0; i < ${ROUNDS}; i++) {
    await came(i);
    last = [parse(i)];
  }
  return last;
}`;

/** Bytes of a round. */
type Bytes = (round: number) => number;

/** Runs it in a time that stands still but for what is said to take some. @returns the share of what came that rows of `main` have */
async function shareOfMain(waits: Bytes, runs: Bytes, overhead: number): Promise<{ main: number; isHot: boolean }> {
  let ms = 0;
  const runtime = createRuntime({ clock: () => ms, overhead });
  const memory = createScriptedSource();
  const read = () => {
    ms += READING_MS;
    return memory.bytes;
  };
  runtime.configure({ backend: { name: "scripted", read } });
  const { code } = source.compile(PROGRAM, "case.cjs", { mode: "auto" });
  const came = async (i: number) => {
    await undefined;
    memory.bytes += waits(i);
    ms += ROUND_MS;
  };
  const ran = (i: number) => {
    memory.bytes += runs(i);
    return i;
  };
  const main: () => Promise<unknown> = new Function("require", "came", "ran", `${code}\nreturn main;`)(
    () => runtime,
    came,
    ran,
  );
  const before = memory.bytes;
  await main();
  const grown = memory.bytes - before;
  const { rows, baseline, first } = runtime.getProfile().listings.find(({ name }) => name === "main")!;
  let sum = 0;
  for (const { line, data } of rows) {
    const { increment = 0, waiting = 0, awaited = 0 } = data?.figures.scripted ?? {};
    sum += increment + waiting + awaited - (line === first ? baseline!.scripted! : 0);
  }
  return { main: sum / grown, isHot: rows.some(({ data }) => data?.estimated !== undefined) };
}

const CASES: [what: string, waits: Bytes, runs: Bytes][] = [
  ["as much each round", () => 300, () => 100],
  ["first while it waits and then while it runs", (i) => (i < ROUNDS / 2 ? 900 : 0), (i) => (i < ROUNDS / 2 ? 0 : 900)],
  ["first while it runs and then while it waits", (i) => (i < ROUNDS / 2 ? 0 : 900), (i) => (i < ROUNDS / 2 ? 900 : 0)],
  ["only while it runs", () => 0, () => 500],
  ["in pieces of 256 KiB", (i) => (i % 400 === 7 ? 2 ** 18 : 0), (i) => (i % 300 === 5 ? 2 ** 18 : 0)],
  ["and is released now and then", (i) => (i % 2000 === 1999 ? -500_000 : 300), () => 100],
];

describe("rows that wait and rows that are not read each time", function () {
  this.timeout(20_000);
  for (const [what, waits, runs] of CASES)
    for (const overhead of [0.03, 0.05, 0.2])
      it(`have all of what comes ${what} (${100 * overhead} %)`, async () => {
        const { main, isHot } = await shareOfMain(waits, runs, overhead);
        assert.ok(isHot);
        assert.ok(main > 0.97 && main < 1.03, `${(100 * main).toFixed(1)} % on the rows of main`);
      });
});
