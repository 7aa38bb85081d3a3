/** What stands below the last table of a report in which rows are estimated: from how much, at what cost, and what is in no row. */
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { formatFixed } from "./format-fixed.ts";

const MOST_JUMPS = 5;

/** Empty for a profile in which nothing is estimated. */
export function renderCost({ cost, readings, ambiguous = [] }: Profile): string {
  if (cost === undefined) return "";
  const { measured, executions, overhead } = cost;
  const lines = [
    `~ estimated from ${share(measured / Math.max(1, executions))} of ${count(executions)} executions; ${count(readings)} readings took ${share(overhead)} of the time.`,
  ];
  const largest = [...ambiguous].sort((a, b) => b.bytes - a.bytes);
  const told = largest.slice(0, MOST_JUMPS).map(({ bytes, candidates }) => `${mebibytes(bytes)} by ${any(candidates)}`);
  const rest = largest.slice(MOST_JUMPS).reduce((sum, { bytes }) => sum + bytes, 0);
  if (rest > 0) told.push(`${mebibytes(rest)} by others`);
  if (told.length > 0) lines.push(`In no row, because more than one can have taken it: ${told.join("; ")}.`);
  return `${lines.join("\n")}\n\n`;
}

function any(candidates: readonly string[]): string {
  return [...new Set(candidates)].join(" or ");
}

function mebibytes(bytes: number): string {
  return `${formatFixed(bytes / MIB, 1)} MiB`;
}

/** Grouped, so that its size is seen. */
function count(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Two digits that count, however small. */
function share(value: number): string {
  const percent = 100 * value;
  return `${percent >= 10 ? percent.toFixed(0) : Number(percent.toPrecision(2))} %`;
}
