/** The table of the classic report with two columns more, named as line_profiler names them: `Time` and `Per hit`. */
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import { figuresOf } from "./measure.ts";
import { formatFigures, metricOf, renderListing } from "./text.ts";

interface Unit {
  name: string;
  /** Milliseconds. */
  size: number;
  /** The column is in this unit if its largest value is at least so many milliseconds. */
  from: number;
}

const UNITS: readonly Unit[] = [
  { name: "s", size: 1000, from: 10_000 },
  { name: "ms", size: 1, from: 1 },
  { name: "µs", size: 0.001, from: 0 },
];

/** Characters up to the end of the heading `Occurrences`. */
const CLASSIC = 45;

/** Writes each of the values, which are milliseconds, in the one unit that suits the largest of them. */
export function timeFormat(values: readonly number[]): (ms: number) => string {
  const largest = Math.max(0, ...values);
  const { name, size } = UNITS.find(({ from }) => largest >= from)!;
  return (ms) => `${(ms / size).toFixed(3)} ${name}`;
}

/** The classic table where there is no time to show, or the memory columns show it already. */
export function renderTable(listing: ListingProfile, profile: Profile): string {
  return listing.time === undefined || metricOf(listing, profile) === TIME
    ? renderListing(listing, profile)
    : renderTimed(listing, profile);
}

function renderTimed(listing: ListingProfile, profile: Profile): string {
  const { file, superseded, rows, options } = listing;
  const metric = metricOf(listing, profile);
  const decimals = options.precision ?? profile.precision;
  const perHit = ({ time = 0, occurrences }: { time?: number; occurrences: number }) => time / Math.max(1, occurrences);
  const data = rows.flatMap((row) => row.data ?? []);
  const formatTime = timeFormat(data.map(({ time = 0 }) => time));
  const formatHit = timeFormat(data.map(perHit));
  const header = line("Line #", ["Mem usage", "Increment", " Occurrences", "Time", "Per hit"], " ", "Line Contents");
  const body = rows.map((row) => {
    const { line: number, text, data } = row;
    const figures = figuresOf(row, metric);
    const cells = figures ? formatFigures(figures, metric, decimals) : ["", ""];
    if (data) cells.push(String(data.occurrences), formatTime(data.time ?? 0), formatHit(perHit(data)));
    return line(String(number), cells, data?.estimated ? "~" : " ", text);
  });
  const title = `Filename: ${file}${superseded ? " (superseded)" : ""}`;
  return `${title}\n\n${header}${"=".repeat(header.length - 1)}\n${body.join("")}\n\n`;
}

/** `mark` stands behind what is estimated. */
function line(number: string, cells: readonly string[], mark: string, text: string): string {
  const [usage = "", increment = "", count = "", time = "", perHit = ""] = cells;
  const memory = `${usage.padStart(12)} ${increment.padStart(12)}`;
  // The classic heading is one character wider than what is below it.
  const classic = `${number.padStart(6)} ${memory}${mark}${count.padStart(11)}`.padEnd(CLASSIC);
  return `${classic} ${time.padStart(12)}${mark}${perHit.padStart(12)}${mark}  ${text}\n`;
}
