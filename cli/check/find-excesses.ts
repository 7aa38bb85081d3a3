/** What a profile has too much of, by the budgets of marks and of the command. */
import type { Profile } from "../../contract/profile.ts";
import { readSize } from "../../contract/sizes.ts";
import { type MeasuredFunction, measure } from "../../runtime/reporters/measure.ts";
import { UsageError } from "../command.ts";
import { type Finding, MOST_ROWS, size } from "./finding.ts";

/** Net growth of a function in all its calls. */
export interface NetBudget {
  /** `load`, or `Cache.get`; a name without a dot is also the last part of one. */
  name: string;
  /** Bytes. */
  bytes: number;
}

export interface Budgets {
  /** Bytes of resident memory. */
  maxRss?: number | undefined;
  maxNet?: readonly NetBudget[] | undefined;
}

export interface Checked {
  findings: Finding[];
  /** How many budgets were looked at. */
  budgets: number;
}

/** @throws UsageError for a budget of something that is not in the profile */
export function findExcesses(profile: Profile, { maxRss, maxNet = [] }: Budgets): Checked {
  const functions = measure(profile);
  const checks = [
    ...(maxRss === undefined ? [] : [rssExcess(profile, functions, maxRss)]),
    ...maxNet.map((budget) => netExcess(functions, budget)),
    ...functions.flatMap(markExcesses),
  ];
  return { findings: checks.flatMap((each) => each ?? []), budgets: checks.length };
}

/** The peak of all readings there are of resident memory. */
function rssExcess(profile: Profile, functions: readonly MeasuredFunction[], most: number): Finding | undefined {
  const read = functions.map((each) => ({
    of: each,
    peak: each.metric === "rss" ? each.peak : (each.listing.aside.rss?.peak ?? Number.NEGATIVE_INFINITY),
  }));
  const highest = read.reduce((top, each) => (each.peak > top.peak ? each : top), {
    of: functions[0],
    peak: Number.NEGATIVE_INFINITY,
  });
  if (highest.of === undefined || highest.peak === Number.NEGATIVE_INFINITY)
    throw new UsageError(
      `--max-rss: the profile has no resident memory, only ${profile.metrics.join(", ")}`,
      "Profile with --backend rss, on Node.",
    );
  if (highest.peak <= most) return undefined;
  const says = `resident memory was ${size(highest.peak, "rss")} in ${placeOf(highest.of)}: more than ${size(most, "rss")}`;
  return finding("peak-memory", says, highest.of, [highest.of]);
}

function netExcess(functions: readonly MeasuredFunction[], { name, bytes }: NetBudget): Finding | undefined {
  const own = functions.filter((each) => each.name === name || each.name.endsWith(`.${name}`));
  const [first] = own;
  if (first === undefined) {
    const names = [...new Set(functions.map((each) => each.name))].join(", ");
    throw new UsageError(`--max-net: the profile has no function ${name}`, `It has ${names || "none"}.`);
  }
  const net = own.reduce((sum, each) => sum + each.net, 0);
  if (net <= bytes) return undefined;
  const calls = own.reduce((sum, each) => sum + each.calls, 0);
  const says = `${placeOf(first)} left behind ${size(net, first.metric)} in ${callsOf(calls)}: more than ${size(bytes, first.metric)}`;
  return finding("net-growth", says, first, own);
}

/** `max` is net growth a call, on average; `maxPeak` the largest reading. */
function markExcesses(of: MeasuredFunction): (Finding | undefined)[] {
  const { max, maxPeak } = of.listing.options;
  const { net, calls, metric, peak } = of;
  const found: (Finding | undefined)[] = [];
  if (max !== undefined) {
    const [most, each] = [sizeOf(max, of), net / Math.max(1, calls)];
    const says = `${placeOf(of)} left behind ${size(each, metric)} a call, in ${callsOf(calls)}: more than its max of ${max}`;
    found.push(each > most ? finding("net-growth", says, of, [of]) : undefined);
  }
  if (maxPeak !== undefined) {
    const most = sizeOf(maxPeak, of);
    const says = `${metric} was ${size(peak, metric)} in ${placeOf(of)}: more than its maxPeak of ${maxPeak}`;
    found.push(peak > most ? finding("peak-memory", says, of, [of]) : undefined);
  }
  return found;
}

function sizeOf(text: unknown, of: MeasuredFunction): number {
  const bytes = typeof text === "string" ? readSize(text) : undefined;
  if (bytes !== undefined) return bytes;
  throw new UsageError(`the budget of ${placeOf(of)} is no size: ${JSON.stringify(text)}`, "Write it as 5MiB.");
}

function finding(
  rule: Finding["rule"],
  says: string,
  { file, first, metric }: MeasuredFunction,
  functions: readonly MeasuredFunction[],
): Finding {
  const rows = functions
    .flatMap((each) =>
      each.rows.map((row) => ({ bytes: row.increment, file: each.file, line: row.line, text: row.text })),
    )
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_ROWS);
  return { rule, says, metric, rows, file, line: first };
}

function placeOf({ name, file, first }: MeasuredFunction): string {
  return `${name} (${file}:${first})`;
}

function callsOf(calls: number): string {
  return calls === 1 ? "1 call" : `${calls} calls`;
}
