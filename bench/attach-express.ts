/**
 * From a busy Express server to the line of its source that leaks, by one command, `mprof attach PID --pick 5`, and what it does to
 * the server meanwhile: `node dist/esm/bench/attach-express.js [--node <path of another node>]… [--rounds 1] [-- <flags of attach>]`.
 * Ratios of medians of slices of half a second, each a share of what a server that nobody attaches to does just before. Exits with
 * 1 if the line is not found within three minutes, an answer is wrong, or throughput falls below 0.95 attached or 0.99 after.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { attachToExpress, type ExpressResult, fetchExpress, type Phase } from "../test/support/attach-express.ts";
import { intervalOfMedian, median } from "./statistics.ts";

const MOST_SECONDS = 180;
const LEAST_ATTACHED = 0.95;
const LEAST_AFTER = 0.99;
const TIMES = { warmUp: 15_000, around: 20_000, slice: 500 };
/** In which we are in the process. */
const ATTACHED: readonly Phase[] = ["coming", "picking", "going in", "looking", "going out"];

type Shares = Record<Phase, number[]>;

function merge(all: readonly Shares[], phases: readonly Phase[]): number[] {
  return all.flatMap((shares) => {
    const before = median(shares.before);
    return phases.flatMap((phase) => shares[phase].map((share) => share / before));
  });
}

function say(what: string, values: number[]): number {
  if (values.length === 0) return 1;
  const [low, high] = intervalOfMedian(values).map((value) => value.toFixed(3));
  console.log(`  ${what}: ${median(values).toFixed(3)} (95 %: ${low} to ${high}; ${values.length} slices)`);
  return median(values);
}

async function measure(packages: string, node: string, rounds: number, flags: string[]): Promise<boolean> {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const results: ExpressResult[] = [];
  for (let round = 0; round < rounds; round++) {
    const folder = mkdtempSync(join(tmpdir(), "mprof-attach-express-"));
    const result = await attachToExpress(folder, { packages, node, flags, ...TIMES });
    rmSync(folder, { recursive: true });
    const { code, seconds, line, answered, wrong, stderr } = result;
    console.log(`Node ${version}: ${seconds.toFixed(0)} s to ${line}; ${wrong.length} of ${answered} answers wrong`);
    console.log(stderr.trimEnd().replace(/^/gm, "  | "));
    if (code !== 0) return false;
    results.push(result);
  }
  const rates = results.map((result) => result.rates);
  const costs = results.map((result) => result.costs);
  const attached = say("throughput attached", merge(rates, ATTACHED));
  for (const phase of ATTACHED) {
    say(`  ${phase}`, merge(rates, [phase]));
    say(`  ${phase}, CPU time a request`, merge(costs, [phase]));
  }
  const after = say("throughput after", merge(rates, ["after"]));
  say("CPU time a request, attached", merge(costs, ATTACHED));
  say("CPU time a request, after", merge(costs, ["after"]));
  const isFound = results.every(({ isLeak, seconds, wrong }) => isLeak && seconds < MOST_SECONDS && wrong.length === 0);
  return isFound && attached >= LEAST_ATTACHED && after >= LEAST_AFTER;
}

const packages = fetchExpress();
const { values, positionals } = parseArgs({
  options: { node: { type: "string", multiple: true }, rounds: { type: "string", default: "1" } },
  allowPositionals: true,
});
if (packages === null) process.exitCode = 1;
else {
  const flags = positionals.length > 0 ? positionals : ["--pick", "5"];
  for (const node of values.node ?? [process.execPath])
    if (!(await measure(packages, node, Number(values.rounds), flags))) process.exitCode = 1;
}
