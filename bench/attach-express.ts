/**
 * From a busy Express server to the line of its source that leaks, by one command, `mprof attach PID --pick 5`, and what it does to
 * the server meanwhile: `node dist/esm/bench/attach-express.js [--node <path of another node>]… [--looks 3] [-- <flags of attach>]`.
 * Attaches several times in a row, with plain time before, between and after, and has the load in turns with a server that nobody
 * attaches to: each slice is a share of that one's just before. While attached is compared with the plain time on both sides of a
 * look, afterwards with the time before the first. Exits with 1 if a line is not found within three minutes, an answer is wrong,
 * or throughput falls below 0.95 attached or 0.99 after.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { attachToExpress, fetchExpress, type Phase, type Share } from "../test/support/attach-express.ts";
import { intervalOfMedian, median } from "./statistics.ts";

const MOST_SECONDS = 180;
const LEAST_ATTACHED = 0.95;
const LEAST_AFTER = 0.99;
const TIMES = { warmUp: 15_000, around: 20_000, slice: 250 };
/** In which we are in the process. */
const ATTACHED: readonly Phase[] = ["coming", "picking", "going in", "settling", "looking", "going out"];

type Quantity = "rate" | "cost";

/** Shares of the phases, as parts of what they are in plain time. */
function partsOf(
  shares: readonly Share[],
  phases: readonly Phase[],
  of: Quantity,
  isPlain: (share: Share, look: number) => boolean,
): number[] {
  return shares
    .filter(({ phase }) => phases.includes(phase))
    .map((share) => share[of] / median(shares.filter((each) => isPlain(each, share.look)).map((each) => each[of])));
}

const isBefore = ({ phase }: Share) => phase === "before";
const isBeside = ({ phase, look }: Share, of: number) =>
  phase === "before" ? of === 0 : phase === "after" && (look === of || look === of - 1);

function say(what: string, values: number[]): number {
  if (values.length === 0) return 1;
  const [low, high] = intervalOfMedian(values).map((value) => value.toFixed(3));
  console.log(`  ${what}: ${median(values).toFixed(3)} (95 %: ${low} to ${high}; ${values.length} slices)`);
  return median(values);
}

async function measure(packages: string, node: string, looks: number, flags: string[]): Promise<boolean> {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const folder = mkdtempSync(join(tmpdir(), "mprof-attach-express-"));
  const result = await attachToExpress(folder, { packages, node, flags, looks, ...TIMES });
  rmSync(folder, { recursive: true });
  const { shares, answered, wrong } = result;
  for (const { seconds, line, stderr } of result.looks) {
    console.log(`Node ${version}: ${seconds.toFixed(0)} s to ${line}`);
    console.log(stderr.trimEnd().replace(/^/gm, "  | "));
  }
  console.log(`  ${wrong.length} of ${answered} answers wrong`);
  if (result.looks.some(({ code }) => code !== 0)) return false;
  for (const phase of ATTACHED) {
    say(`  ${phase}`, partsOf(shares, [phase], "rate", isBeside));
    say(`  ${phase}, CPU time a request`, partsOf(shares, [phase], "cost", isBeside));
  }
  const attached = say("throughput attached", partsOf(shares, ATTACHED, "rate", isBeside));
  say("CPU time a request, attached", partsOf(shares, ATTACHED, "cost", isBeside));
  const after = say("throughput after", partsOf(shares, ["after"], "rate", isBefore));
  say("CPU time a request, after", partsOf(shares, ["after"], "cost", isBefore));
  const isFound = result.looks.every(({ isLeak, seconds }) => isLeak && seconds < MOST_SECONDS) && wrong.length === 0;
  return isFound && attached >= LEAST_ATTACHED && after >= LEAST_AFTER;
}

const packages = fetchExpress();
const { values, positionals } = parseArgs({
  options: { node: { type: "string", multiple: true }, looks: { type: "string", default: "3" } },
  allowPositionals: true,
});
if (packages === null) process.exitCode = 1;
else {
  const flags = positionals.length > 0 ? positionals : ["--pick", "5"];
  for (const node of values.node ?? [process.execPath])
    if (!(await measure(packages, node, Number(values.looks), flags))) process.exitCode = 1;
}
