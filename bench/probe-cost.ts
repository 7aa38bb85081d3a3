/**
 * What a probe costs over the bare reading that it takes: medians of interleaved batches, one process for each source.
 * Prints a table; exits with 1 if a source is over its bar. `npm run bench`, about ten seconds.
 */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getHeapStatistics } from "node:v8";
import { FUNCTION_OUTER, TABLE_VERSION } from "../contract/module-table.ts";
import { configure, table } from "../runtime/node/index.ts";

/** Highest ratio of a probe to the bare reading; `all` takes two readings and has no bar. */
const BARS: Record<string, number> = { rss: 1.4, heap: 3.4, heapUsed: 3.4, all: Number.POSITIVE_INFINITY };
const BATCHES = 300;
const PER_BATCH = 500;

function bareReading(backend: string): () => void {
  const buffer = Buffer.alloc(128);
  const fd = openSync("/proc/self/statm", "r");
  const readRss = () => readSync(fd, buffer, 0, buffer.length, 0);
  if (backend === "rss") return readRss;
  closeSync(fd);
  return getHeapStatistics;
}

/** Nanoseconds a run. */
function time(work: () => void): number {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < PER_BATCH; i++) work();
  return Number(process.hrtime.bigint() - begin) / PER_BATCH;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

function measure(backend: string): { bare: number; probe: number } {
  configure({ backend, report: "none" });
  const lines = ["function f() {", "  work();", "}"];
  const module = table({
    version: TABLE_VERSION,
    file: "bench.js",
    listings: [{ name: "f", first: 1, lines }],
    functions: [[0, FUNCTION_OUTER]],
  });
  const activation = module.enter(0);
  const probe = () => activation.line(2);
  const reading = bareReading(backend);
  const times = { bare: [] as number[], probe: [] as number[] };
  for (let batch = 0; batch < BATCHES; batch++) {
    times.bare.push(time(reading));
    times.probe.push(time(probe));
  }
  activation.exit();
  return { bare: median(times.bare), probe: median(times.probe) };
}

function compare(): void {
  console.log(`Node ${process.version}\nsource     bare ns  probe ns  ratio  bar`);
  for (const [backend, bar] of Object.entries(BARS)) {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), backend], { encoding: "utf8" });
    const { bare, probe } = JSON.parse(stdout) as { bare: number; probe: number };
    const ratio = probe / bare;
    const cells = [bare.toFixed(0).padStart(8), probe.toFixed(0).padStart(9), ratio.toFixed(2).padStart(6)];
    console.log(`${backend.padEnd(9)} ${cells.join(" ")}  ${Number.isFinite(bar) ? bar : "-"}`);
    if (ratio > bar) process.exitCode = 1;
  }
}

const [backend] = process.argv.slice(2);
if (backend === undefined) compare();
else console.log(JSON.stringify(measure(backend)));
