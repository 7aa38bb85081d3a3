/**
 * Mode `auto` against programs whose bytes per line are known by construction (`truth-programs/`), in units that are
 * measured apart. Prints the share error of each: half the sum of |its share − the true share| over all lines, of the
 * median run and of the worst; what is ambiguous is apart.
 *
 * node dist/esm/bench/truth.js [--runs 5] [--programs a,b] [--node path] [--overhead 5%] [--json file] [--lines] [--check] [--short] [--not-freed]
 *
 * `--check` fails where a bar is missed. `--short` is the form for CI: some programs, three runs, wide bars.
 * `--not-freed` does without the option `freed`.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { median } from "./statistics.ts";
import { type Estimate, estimate, loadProgram, programNames, type TruthProgram } from "./truth-program.ts";

/** Shares: the mean of the medians, the worst median, the worst run, a listing's sum, a row of large pieces. */
const BARS = { mean: 0.06, median: 0.12, run: 0.25, sum: 0.05, event: 0.05 };
/** For CI: what must never happen, on a machine that does other things, too. */
const SHORT_BARS = { mean: 0.2, median: 0.6, run: 1, sum: 10, event: 10 };
const SHORT = "hotone,onethree,grow,rarebuf,strs,typed,garbage,maps,closures,recursive";

interface Score {
  share: number;
  /** Of all that was allocated. */
  ambiguous: number;
  /** What the rows have, over what was allocated. */
  total: number;
  /** The worst listing's, with listings in it. */
  sum: number;
  /** The worst row's. */
  event: number;
  overhead: number;
}

const { values: options } = parseArgs({
  options: {
    runs: { type: "string" },
    programs: { type: "string" },
    node: { type: "string", default: process.execPath },
    overhead: { type: "string", default: "5%" },
    json: { type: "string" },
    lines: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    "not-freed": { type: "boolean", default: false },
  },
});

const add = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

function score(program: TruthProgram, found: Estimate): Score {
  const { truth } = program;
  const rows = withAmbiguous(program, found);
  const [all, estimated] = [add(truth.values()), add(rows.values())];
  let difference = 0;
  for (const line of new Set([...truth.keys(), ...rows.keys()]))
    difference += Math.abs((rows.get(line) ?? 0) / Math.max(1, estimated) - (truth.get(line) ?? 0) / all);
  const off = (line: number) => Math.abs((rows.get(line) ?? 0) / truth.get(line)! - 1);
  return {
    share: difference / 2,
    ambiguous: add(found.ambiguous.map(({ bytes }) => bytes)) / all,
    total: add([...found.lines].map(([line, bytes]) => (program.unknown.has(line) ? 0 : bytes))) / all,
    sum: program.isNested ? worstSum(program, found) : 0,
    event: Math.max(0, ...[...program.events].map(off)),
    overhead: found.overhead,
  };
}

/** Bytes by line; an ambiguous piece counts for those of its candidates that lack it: it is apart, not wrong. */
function withAmbiguous({ truth, unknown }: TruthProgram, found: Estimate): Map<number, number> {
  const rows = new Map([...found.lines].filter(([line]) => !unknown.has(line)));
  for (const { bytes, lines } of found.ambiguous) {
    let rest = bytes;
    for (const line of lines) {
      const lacks = Math.max(0, (truth.get(line) ?? 0) - (rows.get(line) ?? 0));
      const taken = Math.min(rest, lacks);
      rows.set(line, (rows.get(line) ?? 0) + taken);
      rest -= taken;
    }
  }
  return rows;
}

function worstSum({ truth }: TruthProgram, found: Estimate): number {
  const errors = found.listings.map(({ first, last }) => {
    const within = (rows: ReadonlyMap<number, number>) =>
      add([...rows].filter(([line]) => line >= first && line <= last).map(([, bytes]) => bytes));
    return Math.abs(within(found.lines) / within(truth) - 1);
  });
  return Math.max(0, ...errors);
}

function printLines({ name, truth }: TruthProgram, found: readonly Estimate[]): void {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  for (const line of [...new Set([...truth.keys(), ...found.flatMap(({ lines }) => [...lines.keys()])])].sort(
    (a, b) => a - b,
  )) {
    const each = found.map(({ lines }) => megabytes(lines.get(line) ?? 0));
    console.log(`    ${name}:${line}  true ${megabytes(truth.get(line) ?? 0)} MB, shown ${each.join(", ")}`);
  }
}

const percent = (share: number) => (100 * share).toFixed(1).padStart(8);

function print(name: string, scores: readonly Score[], isNested: boolean, hasEvents: boolean): void {
  const middle = (part: keyof Score) => median(scores.map((each) => each[part]));
  const worst = Math.max(...scores.map(({ share }) => share));
  const cells = [percent(middle("share")), percent(worst), percent(middle("ambiguous")), percent(middle("total"))];
  cells.push(isNested ? percent(middle("sum")) : "        ", hasEvents ? percent(middle("event")) : "        ");
  console.log(`${name.padEnd(12)}${cells.join("")}${percent(middle("overhead"))}`);
}

function check(scores: ReadonlyMap<string, readonly Score[]>): void {
  const bars = options.short ? SHORT_BARS : BARS;
  const missed: string[] = [];
  const hold = (what: string, value: number, bar: number) => {
    if (!(value <= bar)) missed.push(`${what}: ${(100 * value).toFixed(1)} %, bar ${100 * bar} %`);
  };
  for (const [name, each] of scores) {
    hold(`${name}, median`, median(each.map(({ share }) => share)), bars.median);
    hold(`${name}, worst run`, Math.max(...each.map(({ share }) => share)), bars.run);
    hold(`${name}, sum of a listing`, median(each.map(({ sum }) => sum)), bars.sum);
    hold(`${name}, large pieces`, median(each.map(({ event }) => event)), bars.event);
  }
  hold("mean of the medians", meanOf(scores), bars.mean);
  for (const each of missed) console.log(`missed: ${each}`);
  if (missed.length > 0) process.exitCode = 1;
}

function meanOf(scores: ReadonlyMap<string, readonly Score[]>): number {
  const medians = [...scores.values()].map((each) => median(each.map(({ share }) => share)));
  return add(medians) / medians.length;
}

const wanted = (options.programs ?? (options.short ? SHORT : programNames().join(","))).split(",");
const runs = Number(options.runs ?? (options.short ? 3 : 5));
console.log(`truth: mode auto at ${options.overhead}, ${runs} runs, all in %`);
console.log("              median   worst ambiguous  total     sum   event  overhead");
const scores = new Map<string, Score[]>();
for (const name of wanted) {
  const program = await loadProgram(name, options.node);
  const found = Array.from({ length: runs }, () =>
    estimate(program, options.node, options.overhead, !options["not-freed"]),
  );
  const each = found.map((one) => score(program, one));
  scores.set(name, each);
  print(name, each, program.isNested, program.events.size > 0);
  if (options.lines) printLines(program, found);
}
console.log(`mean of the medians ${(100 * meanOf(scores)).toFixed(1)}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify(Object.fromEntries(scores), null, 2)}\n`);
if (options.check || options.short) check(scores);
