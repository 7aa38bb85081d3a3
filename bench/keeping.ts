/**
 * What keeping figures on disk costs: `node dist/esm/bench/keeping.js [--node path] [--runs n] [--workloads a,b]`. V8 samples each
 * workload, by mode `auto` and `exact`; the share of its samples that lie below the functions that keep is what they take of the
 * time. `with growth` is mode `auto` where it is kept, too, how rows grew over the run (`--json`, `--html`). Medians of the runs.
 * Exits with 1 if a share is over its line.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { shareBelow } from "./sampled-share.ts";
import { median } from "./statistics.ts";
import { commandLine, VARIANTS } from "./variants.ts";
import { prepareWorkloads, WORKLOADS, type WorkloadFiles } from "./workload-files.ts";

interface Way {
  name: string;
  variant: string;
  /** `MPROF_HISTORY` */
  history: "0" | "1";
  most: number;
}

const WAYS: readonly Way[] = [
  { name: "auto", variant: "auto 5%", history: "0", most: 0.01 },
  { name: "exact", variant: "exact heap", history: "0", most: 0.01 },
  { name: "with growth", variant: "auto 5%", history: "1", most: 0.025 },
];
const KEEPS = /\/runtime\/node\/kept\//;
/** For runs of four seconds and more: what is written once, and by code that runs for the first time, takes 20 ms. */
const ROUNDS = 30;
const PATIENCE_MS = 15_000;
/** Of the work that mode `exact` is given elsewhere, which is over too soon. */
const LONGER = 8;
const LONGER_OF: Readonly<Record<string, number>> = {
  matrix: 24,
  json: 120,
  awaits: 24,
  strings: 48,
  maps: 200,
  generators: 24,
  server: 24,
};
const INTERVAL_US = 250;

function measure(node: string, workload: string, way: Way, files: WorkloadFiles): number {
  const variant = VARIANTS.find(({ name }) => name === way.variant)!;
  const work = variant.isSlow
    ? { scale: (LONGER_OF[workload] ?? LONGER) * WORKLOADS[workload]!, rounds: 1 }
    : { scale: 1, rounds: ROUNDS, patience: PATIENCE_MS };
  const { args, env } = commandLine(variant, workload, work, files);
  const folder = mkdtempSync(join(files.scrap, "cpu-"));
  const flags = ["--cpu-prof", `--cpu-prof-interval=${INTERVAL_US}`, `--cpu-prof-dir=${folder}`];
  args.splice(1, 0, ...flags.map((flag) => `--node-arg=${flag}`));
  const { status, stderr } = spawnSync(node, args, { env: { ...env, MPROF_HISTORY: way.history }, encoding: "utf8" });
  if (status !== 0) throw new Error(`${workload}, ${way.name}: ended with ${status}\n${stderr}`);
  // The largest: a server's clients are processes, too.
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const longest = JSON.parse(texts.reduce((most, text) => (text.length > most.length ? text : most)));
  // From the first call of the workload on.
  return shareBelow(
    longest,
    ({ url }) => KEEPS.test(url),
    ({ url }) => url.includes("/bench-"),
  );
}

const { values } = parseArgs({
  options: {
    node: { type: "string", default: process.execPath },
    runs: { type: "string", default: "1" },
    workloads: { type: "string", default: Object.keys(WORKLOADS).join() },
  },
});
const files = prepareWorkloads();
const head = WAYS.map(({ name }) => name.padStart(13)).join("");
console.log(`share of the time that keeping takes, in %\n${" ".repeat(12)}${head}`);
for (const workload of values.workloads.split(",")) {
  const runs = Array.from({ length: Number(values.runs) }, () =>
    WAYS.map((way) => measure(values.node, workload, way, files)),
  );
  const shares = WAYS.map((_, i) => median(runs.map((run) => run[i]!)));
  console.log(workload.padEnd(12) + shares.map((share) => (100 * share).toFixed(2).padStart(13)).join(""));
  if (WAYS.some(({ most }, i) => shares[i]! > most)) process.exitCode = 1;
}
files.remove();
