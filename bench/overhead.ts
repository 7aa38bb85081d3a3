/**
 * What a profiled program costs: each workload plain, under `mprof` and under others, in processes of their own and
 * interleaved. Prints the medians of the ratios to the plain run of the same round, and their geometric mean.
 *
 * node dist/esm/bench/overhead.js [--rounds 3] [--node path] [--workloads a,b] [--variants a,b] [--json file] [--short]
 *
 * `--short` is the form for CI: fewer of all, and it fails where a ratio is over its band in `bench/overhead-bands.json`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../test/support/load-fixture.ts";
import { geometricMean, median } from "./statistics.ts";
import { commandLine, VARIANTS, type Variant } from "./variants.ts";
import { prepareWorkloads, WORKLOADS, type WorkloadFiles } from "./workload-files.ts";

/** Rounds within a process: the best counts. A server is at its speed after some thousands of requests. */
const INNER = 5;
const INNER_OF: Readonly<Record<string, number>> = { server: 12 };
const SHORT = { workloads: "json,allocation,tree,awaits,classes,tokenizer", variants: "plain,auto 5%,istanbul" };
const PATIENCE_MS = 300_000;

/** By workload, then by variant. */
type Times = Record<string, Record<string, number[]>>;
type Ratios = Record<string, Record<string, number>>;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    node: { type: "string", default: process.execPath },
    workloads: { type: "string" },
    variants: { type: "string" },
    json: { type: "string" },
    short: { type: "boolean", default: false },
  },
});

const rounds = Number(options.rounds ?? (options.short ? 2 : 3));

function choose<T>(all: readonly T[], nameOf: (each: T) => string, wanted: string | undefined): T[] {
  const names = wanted?.split(",");
  const unknown = names?.find((name) => !all.some((each) => nameOf(each) === name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}; there are ${all.map(nameOf).join(", ")}`);
  return all.filter((each) => names === undefined || names.includes(nameOf(each)));
}

/** Milliseconds for the whole work. */
function time(workload: string, variant: Variant, files: WorkloadFiles): number {
  const work = variant.isSlow
    ? { scale: WORKLOADS[workload]!, rounds: 1 }
    : { scale: 1, rounds: INNER_OF[workload] ?? INNER };
  const { args, env } = commandLine(variant, workload, work, files);
  const { stdout, stderr, status } = spawnSync(options.node, args, { env, encoding: "utf8", timeout: PATIENCE_MS });
  const best = Number(/^best ([\d.]+)$/m.exec(stdout)?.[1]);
  if (status !== 0 || !(best > 0)) throw new Error(`${workload}, ${variant.name}: ended with ${status}\n${stderr}`);
  return best / work.scale;
}

function measure(workloads: readonly string[], variants: readonly Variant[], files: WorkloadFiles): Times {
  const times: Times = Object.fromEntries(workloads.map((name) => [name, {}]));
  for (let round = 0; round < rounds; round++) {
    for (const workload of workloads) {
      for (let turn = 0; turn < variants.length; turn++) {
        const variant = variants[(round + turn) % variants.length]!;
        // Its ratio is a hundred, and the same work again tells nothing.
        if (variant.isSlow && round > 0) continue;
        const before = times[workload]![variant.name] ?? [];
        times[workload]![variant.name] = [...before, time(workload, variant, files)];
      }
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  return times;
}

/** To the plain run of the same round. */
function ratiosOf(times: Times): Ratios {
  const ofOne = (each: Record<string, number[]>) =>
    Object.fromEntries(
      Object.entries(each).map(([name, all]) => [name, median(all.map((ms, round) => ms / each.plain![round]!))]),
    );
  return Object.fromEntries(Object.entries(times).map(([workload, each]) => [workload, ofOne(each)]));
}

function print(times: Times, ratios: Ratios, variants: readonly Variant[]): void {
  const names = variants.map(({ name }) => name).filter((name) => name !== "plain");
  const row = (head: string, cells: string[]) =>
    console.log(head.padEnd(12) + cells.map((cell) => cell.padStart(12)).join(""));
  const show = (ratio: number) => ratio.toFixed(ratio < 20 ? 2 : 0);
  row("", ["plain ms", ...names]);
  for (const [workload, each] of Object.entries(ratios))
    row(workload, [median(times[workload]!.plain!).toFixed(0), ...names.map((name) => show(each[name]!))]);
  const means = names.map((name) => geometricMean(Object.values(ratios).map((each) => each[name]!)));
  row("mean", ["", ...means.map(show)]);
  const perSecond = times.server?.plain;
  if (perSecond) {
    const plain = 1e6 / median(perSecond);
    row("requests/s", [plain.toFixed(0), ...names.map((name) => (plain / ratios.server![name]!).toFixed(0))]);
  }
}

/** Sets the exit code where a ratio is over its band. */
function compareWithBands(ratios: Ratios): void {
  const bands: Ratios = JSON.parse(readFileSync(join(ROOT, "bench", "overhead-bands.json"), "utf8"));
  for (const [workload, each] of Object.entries(bands)) {
    for (const [variant, highest] of Object.entries(each)) {
      const ratio = ratios[workload]?.[variant];
      if (ratio === undefined || ratio <= highest) continue;
      console.log(`over its band: ${workload}, ${variant}: ${ratio.toFixed(2)}, highest ${highest}`);
      process.exitCode = 1;
    }
  }
}

const asked = spawnSync(options.node, ["--version"], { encoding: "utf8" }).stdout.trim();
const workloads = choose(
  Object.keys(WORKLOADS),
  String,
  options.workloads ?? (options.short ? SHORT.workloads : undefined),
);
const variants = choose(VARIANTS, ({ name }) => name, options.variants ?? (options.short ? SHORT.variants : undefined));
if (!variants.some(({ name }) => name === "plain")) throw new Error("--variants needs plain: ratios are to it");
const files = prepareWorkloads();
try {
  const times = measure(workloads, variants, files);
  const ratios = ratiosOf(times);
  console.log(`overhead: Node ${asked}, ratios to plain, medians of ${rounds} rounds`);
  print(times, ratios, variants);
  if (options.short) compareWithBands(ratios);
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ node: asked, times, ratios }, null, 2)}\n`);
} finally {
  files.remove();
}
