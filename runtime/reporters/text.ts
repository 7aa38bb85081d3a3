/** The table of Python's memory_profiler, byte for byte; where time stands for memory, one that says so. */
import type { Figures, ListingProfile, Profile, Row } from "../../contract/profile.ts";
import { MIB, TIME } from "../../contract/units.ts";
import { formatFixed } from "./format-fixed.ts";

const HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents";

export function renderText(profile: Profile): string {
  return profile.listings.map((listing) => renderListing(listing, profile)).join("");
}

/** One table of the report. */
export function renderListing(listing: ListingProfile, profile: Profile): string {
  const metric = metricOf(listing, profile);
  const decimals = listing.options.precision ?? profile.precision;
  const rows = listing.rows.map((row) => renderRow(row, metric, decimals));
  const header = metric === TIME ? HEADER.replace("Mem usage    Increment", "                  Time") : HEADER;
  const state = listing.superseded ? " (superseded)" : "";
  return `Filename: ${listing.file}${state}\n\n${header}\n${"=".repeat(HEADER.length)}\n${rows.join("")}\n\n`;
}

/** What the columns of a listing show; one with a backend of its own has a metric of its own. */
export function metricOf({ rows }: ListingProfile, { metrics }: Profile): string {
  const own = Object.keys(rows.find(({ data }) => data)?.data?.figures ?? {});
  return own.includes(metrics[0]!) ? metrics[0]! : own[0]!;
}

/** What both memory columns show of a row. */
export function formatFigures({ usage, increment }: Figures, metric: string, decimals: number): [string, string] {
  if (metric === TIME) return ["", `${increment.toFixed(3)} ms`];
  const format = (bytes: number) => `${formatFixed(bytes / MIB, decimals).padStart(decimals + 4)} MiB`;
  // Usage is never shown below zero, as in the reference; a custom source may well read less.
  return [format(Math.max(usage, 0)), format(increment)];
}

function renderRow({ line, text, data }: Row, metric: string, decimals: number): string {
  const figures = data?.figures[metric];
  const [usage, increment] = figures ? formatFigures(figures, metric, decimals) : ["", ""];
  const occurrences = String(data?.occurrences ?? "").padStart(10);
  return `${String(line).padStart(6)} ${usage.padStart(12)} ${increment.padStart(12)}${data?.estimated ? "~" : " "} ${occurrences}   ${text}\n`;
}
