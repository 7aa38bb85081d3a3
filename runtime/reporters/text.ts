/** The table of Python's memory_profiler, byte for byte. */
import type { Figures, ListingProfile, Profile, Row } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { formatFixed } from "./format-fixed.ts";

const HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents";

export function renderText(profile: Profile): string {
  return profile.listings.map((listing) => renderListing(listing, profile)).join("");
}

function renderListing(listing: ListingProfile, profile: Profile): string {
  const precision = listing.options.precision ?? profile.precision;
  const rows = listing.rows.map((row) => renderRow(row, precision, profile.metrics[0]));
  return `Filename: ${listing.file}\n\n${HEADER}\n${"=".repeat(HEADER.length)}\n${rows.join("")}\n\n`;
}

function renderRow({ line, text, data }: Row, precision: number, metric: string | undefined): string {
  let cells = ["", "", ""];
  if (data !== undefined) {
    const { usage, increment } = figuresToShow(data.figures, metric);
    // Usage is never shown below zero, as in the reference; a custom source may well read less.
    cells = [formatMemory(Math.max(usage, 0), precision), formatMemory(increment, precision), String(data.occurrences)];
  }
  const [usage, increment, occurrences] = cells as [string, string, string];
  return `${String(line).padStart(6)} ${usage.padStart(12)} ${increment.padStart(12)}  ${occurrences.padStart(10)}   ${text}\n`;
}

/** A listing with a backend of its own has a metric of its own. */
function figuresToShow(figures: Record<string, Figures>, metric: string | undefined): Figures {
  return (metric !== undefined ? figures[metric] : undefined) ?? Object.values(figures)[0]!;
}

function formatMemory(bytes: number, precision: number): string {
  return `${formatFixed(bytes / MIB, precision).padStart(precision + 4)} MiB`;
}
