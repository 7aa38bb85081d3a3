/**
 * The bars of docs/reading-the-numbers.md for lines that allocate nothing, in a process of its own.
 * One retry: now and then V8 collects or optimises while a row is measured, see "What remains" there.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeProgram } from "./programs.ts";

const ROUNDS = 600_000;
/** Bytes a line and execution: of the median, after 2,000 executions, and of the mean over all rounds. */
const MEDIAN_BAR = 64;
const MEAN_BAR = 16;
/** Bytes of all rows together, over all rounds: as much as one collection of the youngest objects takes away. */
const NET_BAR = 4.5 * 2 ** 20;
/** V8 inlines no longer function, see `step`, `recordCall` and `HeapGauge.sample`. */
const LONGEST_INLINED = 460;

const RUNTIME = new URL("../../runtime/node/index.js", import.meta.url).href;

const PROGRAM = `import { configure, getProfile, table } from ${JSON.stringify(RUNTIME)};
const backend = process.argv[2];
configure({ backend, report: "none" });
const m = table({ version: 1, file: "quiet.js", functions: [[0, 1], [0, 0]],
  listings: [{ name: "f", first: 1, lines: Array(10).fill("x") }] });
// What was made before is nobody's here.
gc();
const numbers = new Int32Array(16);
const box = { a: 1, b: 2 };
function inner(i) { const p = m.enter(1); try { p.line(9); return i ^ 1; } finally { p.exit(); } }
function f(n) {
  const p = m.enter(0);
  try {
    p.line(2); let i = n & 7;
    p.line(3); numbers[i] = n & 255;
    p.line(4); box.a = i;
    p.line(5); if (box.a > 3) { p.line(6); box.b = numbers[i]; }
    p.line(7); for (let j = 0; j < 2; p.line(7), j++) { p.line(8); numbers[j] ^= i; }
    p.line(10); return box.b = inner(i) & 15;
  } finally { p.exit(); }
}
const rows = () => getProfile().listings[0].rows.slice(1).map(({ data }) =>
  data ? [data.figures[backend].increment, data.occurrences] : [0, 0]);
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
function medians() {
  const samples = rows().map(() => []);
  let before = rows();
  for (let i = 0; i < 500; i++) {
    f(i);
    const after = rows();
    after.forEach(([increment, count], row) => {
      const runs = count - before[row][1];
      if (runs > 0) samples[row].push((increment - before[row][0]) / runs);
    });
    before = after;
  }
  return samples.map(middle);
}
for (let i = 0; i < ${ROUNDS}; i++) f(i);
const all = rows();
console.log(JSON.stringify({
  means: all.map(([increment, count]) => increment / count),
  net: all.reduce((sum, [increment]) => sum + increment, 0),
  medians: medians(),
}));`;

interface Noise {
  medians: number[];
  means: number[];
  net: number;
}

function measure(path: string, backend: string): Noise {
  return JSON.parse(spawnSync(process.execPath, ["--expose-gc", path, backend], { encoding: "utf8" }).stdout);
}

function excess({ medians, means, net }: Noise): string[] {
  return [
    ...medians.filter((bytes) => Math.abs(bytes) > MEDIAN_BAR).map((bytes) => `median ${bytes}`),
    ...means.filter((bytes) => Math.abs(bytes) > MEAN_BAR).map((bytes) => `mean ${bytes}`),
    ...(Math.abs(net) > NET_BAR ? [`net ${net}`] : []),
  ];
}

describe("lines that allocate nothing", () => {
  const path = writeProgram(PROGRAM);

  for (const backend of ["heap", "heapUsed"]) {
    it(`show next to nothing: ${backend}`, () => {
      const first = excess(measure(path, backend));
      if (first.length > 0) assert.deepEqual(excess(measure(path, backend)), [], `and before: ${first.join(", ")}`);
    }).timeout(60_000);
  }

  for (const name of ["step", "recordCall", "sample"]) {
    it(`are measured by a function too long to be inlined: ${name}`, () => {
      const flags = ["--expose-gc", "--print-bytecode", `--print-bytecode-filter=${name}`];
      const program = writeProgram(PROGRAM.replaceAll(String(ROUNDS), "10"));
      const { stdout } = spawnSync(process.execPath, [...flags, program, "heap"], { encoding: "utf8" });
      const length = /^Bytecode length: (\d+)/m.exec(stdout);
      assert.ok(Number(length![1]) > LONGEST_INLINED, `${length![1]} bytes`);
    });
  }
});
