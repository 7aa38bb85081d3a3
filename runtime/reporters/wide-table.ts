/**
 * The table of the classic report with columns more: `Self`, `Allocated` and `Freed`, and as line_profiler names them `Time` and
 * `Per hit`.
 */
import type { ListingProfile, Profile, RowData } from "../../contract/profile.ts";
import { MIB, TIME } from "../../contract/units.ts";
import { formatFixed } from "./format-fixed.ts";
import { allocatedOf, figuresOf, selfOf } from "./measure.ts";
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

interface Extra {
  heading: string;
  /** By row; undefined for one without. */
  cells: readonly (string | undefined)[];
}

/**
 * The classic table where there is nothing more to show.
 *
 * @param whole the same listing with all that is known of it: `listing` has its waits in its increments
 */
export function renderTable(listing: ListingProfile, profile: Profile, whole: ListingProfile): string {
  const metric = metricOf(listing, profile);
  const decimals = listing.options.precision ?? profile.precision;
  const extras = [...selfIn(whole, metric, decimals), ...freedOf(whole, metric, decimals), ...timesOf(whole, metric)];
  return extras.length === 0 ? renderListing(listing, profile) : renderWide(listing, metric, decimals, extras);
}

/** With the option `self`. */
function selfIn({ rows }: ListingProfile, metric: string, decimals: number): Extra[] {
  const own = rows.map((row) => (metric === TIME ? undefined : selfOf(row, metric)));
  if (own.every((bytes) => bytes === undefined)) return [];
  return [{ heading: "Self", cells: own.map((bytes) => sizeIn(bytes, decimals)) }];
}

function sizeIn(bytes: number | undefined, decimals: number): string | undefined {
  return bytes === undefined ? undefined : `${formatFixed(bytes / MIB, decimals)} MiB`;
}

/** With the option `freed`. */
function freedOf(listing: ListingProfile, metric: string, decimals: number): Extra[] {
  const { rows } = listing;
  const allocated = rows.map((row) => allocatedOf(row, listing, metric));
  if (allocated.every((bytes) => bytes === undefined)) return [];
  return [
    { heading: "Allocated", cells: allocated.map((bytes) => sizeIn(bytes, decimals)) },
    { heading: "Freed", cells: rows.map(({ data }) => sizeIn(data?.figures[metric]?.freed, decimals)) },
  ];
}

/** With the option `time`, unless the memory columns show it already. */
function timesOf({ time, rows }: ListingProfile, metric: string): Extra[] {
  if (time === undefined || metric === TIME) return [];
  const perHit = ({ time = 0, occurrences }: RowData) => time / Math.max(1, occurrences);
  const data = rows.flatMap((row) => row.data ?? []);
  const formatTime = timeFormat(data.map(({ time = 0 }) => time));
  const formatHit = timeFormat(data.map(perHit));
  return [
    { heading: "Time", cells: rows.map(({ data }) => data && formatTime(data.time ?? 0)) },
    { heading: "Per hit", cells: rows.map(({ data }) => data && formatHit(perHit(data))) },
  ];
}

function renderWide(
  { file, superseded, rows }: ListingProfile,
  metric: string,
  decimals: number,
  extras: readonly Extra[],
): string {
  const headings = extras.map(({ heading }) => heading);
  const header = line("Line #", ["Mem usage", "Increment", " Occurrences"], headings, " ", "Line Contents");
  const body = rows.map((row, index) => {
    const { line: number, text, data } = row;
    const figures = figuresOf(row, metric);
    const cells = figures ? formatFigures(figures, metric, decimals) : ["", ""];
    if (data) cells.push(String(data.occurrences));
    const more = extras.map(({ cells }) => cells[index] ?? "");
    return line(String(number), cells, more, data?.estimated ? "~" : " ", text);
  });
  const title = `Filename: ${file}${superseded ? " (superseded)" : ""}`;
  return `${title}\n\n${header}${"=".repeat(header.length - 1)}\n${body.join("")}\n\n`;
}

/** `mark` stands behind what is estimated. */
function line(number: string, cells: readonly string[], extras: readonly string[], mark: string, text: string): string {
  const [usage = "", increment = "", count = ""] = cells;
  const memory = `${usage.padStart(12)} ${increment.padStart(12)}`;
  // The classic heading is one character wider than what is below it.
  const classic = `${number.padStart(6)} ${memory}${mark}${count.padStart(11)}`.padEnd(CLASSIC);
  return `${classic} ${extras.map((extra) => extra.padStart(12) + mark).join("")}  ${text}\n`;
}
