/** What formats of stacks say of a profile: each function, and in it a frame for each line. */
import type { Profile } from "../../contract/profile.ts";
import { printable } from "../../contract/recording.ts";
import { MIB, TIME } from "../../contract/units.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { type MeasuredFunction, measure } from "../../runtime/reporters/measure.ts";

export const NS_PER_MS = 1e6;

/** Bytes, or nanoseconds of the metric `time`, whole: viewers add them up as integers. */
export interface LineValue {
  line: number;
  /** `load:5`, for viewers that show names only. */
  name: string;
  text: string;
  occurrences: number;
  value: number;
  /** Milliseconds, with the option `time`. */
  time?: number | undefined;
}

export interface FunctionLines extends MeasuredFunction {
  lines: LineValue[];
}

/** Estimates may have fractions: what rounding takes from a line goes to the next, so that the sum of all is right to the byte. */
export function linesOf(profile: Profile): FunctionLines[] {
  const sums = new Map<string, { exact: number; written: number }>();
  return measure(profile).map((each) => ({
    ...each,
    name: printable(each.name),
    lines: each.rows.map(({ line, text, occurrences, increment, time }) => {
      const { exact, written } = sums.get(each.metric) ?? { exact: 0, written: 0 };
      const now = exact + increment * (each.metric === TIME ? NS_PER_MS : 1);
      const value = Math.round(now) - written;
      sums.set(each.metric, { exact: now, written: written + value });
      return { line, name: printable(`${each.name}:${line}`), text, occurrences, value, time };
    }),
  }));
}

/** The sentence for formats without negative sizes; undefined if the profile has none. */
export function tellNegative(profile: Profile, format: string): string | undefined {
  const freed = linesOf(profile).flatMap(({ lines }) => lines.filter(({ value }) => value < 0));
  if (freed.length === 0) return undefined;
  const bytes = freed.reduce((sum, { value }) => sum - value, 0);
  const rows = freed.length === 1 ? "1 row that gave" : `${freed.length} rows that gave`;
  return `${format} has no negative sizes: ${rows} back ${formatFixed(bytes / MIB, 3)} MiB left out; --to pprof and --to speedscope have them`;
}
