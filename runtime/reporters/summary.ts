/** What a screen of tables comes down to: functions by what they left behind, and the rows that took most. */
import type { Figures, ListingProfile, Profile } from "../../contract/profile.ts";
import { type MeasuredFunction, measure } from "./measure.ts";
import type { Reporter } from "./reporter.ts";
import { formatFigures } from "./text.ts";
import { timeFormat } from "./wide-table.ts";

/** More functions than these are counted. */
const MOST_FUNCTIONS = 20;
const MOST_ROWS = 10;
/** More tables than these end with it where that is left to us. */
const MOST_WITHOUT = 2;
/** Characters of a row's text. */
const MOST_TEXT = 60;

/** `usage` is the peak; `increment` what is left behind, without the reading on entry. */
interface Measured extends Figures {
  count: number;
  metric: string;
  decimals: number;
  place: string;
  /** Of a row. */
  text: string;
}

/** Whether tables end with a summary. @param when `always`, `never`, or `auto`: from three on */
export function wantsSummary({ listings }: Profile, when: string | undefined): boolean {
  return when === "always" || (when === "auto" && listings.length > MOST_WITHOUT);
}

export const SUMMARY: Reporter = { name: "summary", extension: "txt", render: renderSummary };

/** Two tables, of which the second may have no rows, and one of time where that was taken; empty for a profile without listings. */
function renderSummary(profile: Profile): string {
  const { listings, metrics } = profile;
  if (listings.length === 0) return "";
  const measured = measure(profile);
  const functions = sortByIncrement(measured.map((each) => functionLine(each, metrics[0]!)));
  const rows = sortByIncrement(measured.flatMap(rowLines));
  const largest = rows.filter(({ increment }) => increment > 0).slice(0, MOST_ROWS);
  const rest = functions.length - MOST_FUNCTIONS;
  return [
    `Summary of ${listings.length} function${listings.length > 1 ? "s" : ""}, ${metrics[0]}\n\n`,
    table(["Net growth", "Peak", "Calls", "Function"], functions.slice(0, MOST_FUNCTIONS)),
    rest > 0 ? line("", "", "", `and ${rest} more`) : "",
    largest.length > 0 ? `\n${table(["Increment", "Mem usage", "Occurrences", "Largest rows"], largest)}` : "",
    times(listings),
    "\n",
  ].join("");
}

/** Functions by the time that they took themselves. */
function times(listings: readonly ListingProfile[]): string {
  const timed = listings.flatMap(({ time, calls, name, file, first }) =>
    time ? { ...time, calls, place: `${name} (${file}:${first})` } : [],
  );
  if (timed.length === 0) return "";
  const sorted = timed.sort((a, b) => b.self - a.self).slice(0, MOST_FUNCTIONS);
  const format = timeFormat(sorted.map(({ total }) => total));
  const rows = sorted.map(({ self, total, calls, place }) => line(format(self), format(total), String(calls), place));
  const rest = timed.length - sorted.length;
  const more = rest > 0 ? line("", "", "", `and ${rest} more`) : "";
  return `\n${line("Self time", "Total time", "Calls", "Function")}${"=".repeat(61)}\n${rows.join("")}${more}`;
}

function functionLine(
  { net, peak, calls, metric, decimals, name, file, first }: MeasuredFunction,
  general: string,
): Measured {
  const place = `${name} (${file}:${first})${metric === general ? "" : ` [${metric}]`}`;
  return { usage: peak, increment: net, count: calls, metric, decimals, place, text: "" };
}

function rowLines({ rows, metric, decimals, file }: MeasuredFunction): Measured[] {
  return rows.map(({ line, text, occurrences, usage, increment }) => {
    return { usage, increment, count: occurrences, metric, decimals, place: `${file}:${line}`, text: shorten(text) };
  });
}

function shorten(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > MOST_TEXT ? `${trimmed.slice(0, MOST_TEXT)}\u2026` : trimmed;
}

function sortByIncrement(measured: Measured[]): Measured[] {
  return measured.sort((a, b) => b.increment - a.increment);
}

function table(headings: [string, string, string, string], rows: readonly Measured[]): string {
  const width = Math.max(...rows.map(({ place }) => place.length));
  const body = rows.map(({ count, metric, decimals, place, text, ...figures }) => {
    const [usage, increment] = formatFigures(figures, metric, decimals);
    return line(increment, usage, String(count), text === "" ? place : `${place.padEnd(width)}   ${text}`);
  });
  return `${line(...headings)}${"=".repeat(61)}\n${body.join("")}`;
}

function line(growth: string, usage: string, count: string, what: string): string {
  return `${growth.padStart(13)}${usage.padStart(14)}${count.padStart(13)}   ${what}\n`;
}
