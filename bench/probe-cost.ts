/**
 * What a probe costs over the bare reading that it takes: medians of interleaved batches, one process for each source.
 * Prints a table; exits with 1 if a source is over its bar. `npm run bench`, about ten seconds.
 */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getHeapStatistics } from "node:v8";
import { FUNCTION_OUTER, TABLE_VERSION } from "../contract/module-table.ts";
import { COLLECTOR } from "../runtime/node/collect.ts";
import { configure, table } from "../runtime/node/index.ts";

interface Case {
  backend: string;
  gc?: true | "young";
  /** Highest ratio of a probe to the bare reading; `all` takes two readings and has no bar. */
  bar: number;
}

/** With `gc` the bare reading is the collection. */
const CASES: Record<string, Case> = {
  rss: { backend: "rss", bar: 1.4 },
  heap: { backend: "heap", bar: 3.4 },
  heapUsed: { backend: "heapUsed", bar: 3.4 },
  all: { backend: "all", bar: Number.POSITIVE_INFINITY },
  gc: { backend: "heap", gc: true, bar: 1.5 },
  "gc young": { backend: "heap", gc: "young", bar: 1.5 },
};
const BATCHES = 300;
const PER_BATCH = 500;
/** Of collections. */
const FEW = { batches: 30, perBatch: 10 };

function bareReading({ backend, gc }: Case): () => void {
  if (gc !== undefined) return gc === "young" ? COLLECTOR.young : COLLECTOR.full;
  const buffer = Buffer.alloc(128);
  const fd = openSync("/proc/self/statm", "r");
  const readRss = () => readSync(fd, buffer, 0, buffer.length, 0);
  if (backend === "rss") return readRss;
  closeSync(fd);
  return getHeapStatistics;
}

/** Nanoseconds a run. */
function time(work: () => void, runs: number): number {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < runs; i++) work();
  return Number(process.hrtime.bigint() - begin) / runs;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

function measure(one: Case): { bare: number; probe: number } {
  const { backend, gc = false } = one;
  configure({ backend, gc, report: "none" });
  const lines = ["function f() {", "  work();", "}"];
  const module = table({
    version: TABLE_VERSION,
    file: "bench.js",
    listings: [{ name: "f", first: 1, lines }],
    functions: [[0, FUNCTION_OUTER]],
  });
  const activation = module.enter(0);
  const probe = () => activation.line(2);
  const reading = bareReading(one);
  const { batches, perBatch } = gc ? FEW : { batches: BATCHES, perBatch: PER_BATCH };
  const times = { bare: [] as number[], probe: [] as number[] };
  for (let batch = 0; batch < batches; batch++) {
    times.bare.push(time(reading, perBatch));
    times.probe.push(time(probe, perBatch));
  }
  activation.exit();
  return { bare: median(times.bare), probe: median(times.probe) };
}

function compare(): void {
  console.log(`Node ${process.version}\nsource     bare ns  probe ns  ratio  bar`);
  for (const [name, { bar }] of Object.entries(CASES)) {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: "utf8" });
    const { bare, probe } = JSON.parse(stdout) as { bare: number; probe: number };
    const ratio = probe / bare;
    const cells = [bare.toFixed(0).padStart(8), probe.toFixed(0).padStart(9), ratio.toFixed(2).padStart(6)];
    console.log(`${name.padEnd(9)} ${cells.join(" ")}  ${Number.isFinite(bar) ? bar : "-"}`);
    if (ratio > bar) process.exitCode = 1;
  }
}

const [name] = process.argv.slice(2);
if (name === undefined) compare();
else console.log(JSON.stringify(measure(CASES[name]!)));
