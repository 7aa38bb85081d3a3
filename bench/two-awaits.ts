/**
 * What a round of two awaits costs in mode `exact`, over the same round without what knows of waiting:
 * `node dist/esm/bench/two-awaits.js [pairs] [backend]`. Processor time of the quicker batches, because others work beside;
 * pairs of processes in turn; exits with 1 where the median of their ratios is above its bar.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { getHeapStatistics } from "node:v8";
import type { ModuleHandle, ModuleTable } from "../contract/module-table.ts";
import { instrument } from "../plugin/node/source.ts";
import { enter } from "../runtime/core/probe.ts";
import { CalibratedSources } from "../runtime/full/calibrated-sources.ts";
import { openStatm } from "../runtime/node/statm.ts";
import { createRuntime, type OwnRuntime } from "../test/support/create-runtime.ts";
import { intervalOfMedian, median } from "./statistics.ts";

/** What a process of its own measures. */
const [WITH, WITHOUT] = ["with", "without"];
const BACKENDS = ["heap", "rss"];
const BAR = 1.1;
const BATCHES = 160;
/** They are not counted: V8 optimises. */
const FIRST_BATCHES = 60;
const PER_BATCH = 300;

const PROGRAM = `// @profile
async function round(value) {
  const first = await value;
  const second = await first;
  return second;
}
return round;`;

/** Calls begin as in a host that does not know what waits. */
function withoutWaiting(runtime: OwnRuntime): (table: ModuleTable) => ModuleHandle {
  return (table) => {
    const handle = runtime.table(table);
    const { listing } = runtime.records.at(-1)!;
    return {
      ...handle,
      enter() {
        if (!listing.isPrepared) runtime.prepare(listing);
        return enter(listing, true, true);
      },
    };
  };
}

/** Microseconds of the processor a round. */
async function measure(backend: string, waits: boolean): Promise<number> {
  const gauges = { rss: openStatm(process.memoryUsage.rss), heapStatistics: getHeapStatistics };
  const runtime = createRuntime({ sources: new CalibratedSources(gauges, () => 0) });
  runtime.configure({ backend });
  const { code } = instrument(PROGRAM, { filename: "round.cjs", mode: "exact" })!;
  const table = waits ? runtime.table : withoutWaiting(runtime);
  const round: (value: number) => Promise<number> = new Function("require", code)(() => ({ table }));
  const batches: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const begin = process.cpuUsage();
    for (let i = 0; i < PER_BATCH; i++) await round(i);
    const { user, system } = process.cpuUsage(begin);
    if (batch >= FIRST_BATCHES) batches.push((user + system) / PER_BATCH);
  }
  return batches.sort((a, b) => a - b)[batches.length >> 2]!;
}

function measureApart(backend: string, waits: boolean): number {
  const args = [fileURLToPath(import.meta.url), waits ? WITH : WITHOUT, backend];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return Number(stdout);
}

function compare(pairs: number, backends: readonly string[]): void {
  console.log(`Node ${process.version}, ${pairs} pairs\nsource  without us  with us  ratio  95 % interval`);
  for (const backend of backends) {
    const times: { without: number[]; with: number[] } = { without: [], with: [] };
    for (let pair = 0; pair < pairs; pair++) {
      for (const waits of pair % 2 === 0 ? [false, true] : [true, false])
        times[waits ? "with" : "without"].push(measureApart(backend, waits));
    }
    const ratios = times.with.map((us, pair) => us / times.without[pair]!);
    const [low, high] = intervalOfMedian(ratios);
    const cells = [median(times.without).toFixed(2).padStart(10), median(times.with).toFixed(2).padStart(8)];
    const ratio = median(ratios);
    console.log(
      `${backend.padEnd(6)} ${cells.join(" ")}  ${ratio.toFixed(3)}  ${low.toFixed(3)} to ${high.toFixed(3)}`,
    );
    if (ratio > BAR) process.exitCode = 1;
  }
}

const [first = "15", backend] = process.argv.slice(2);
if (first === WITH || first === WITHOUT) console.log(await measure(backend!, first === WITH));
else compare(Number(first), backend === undefined ? BACKENDS : [backend]);
