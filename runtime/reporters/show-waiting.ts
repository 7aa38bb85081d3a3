/** What came while rows waited, as tables show it: in the column Increment, and in lines below the last table. */
import type { Figures, Profile, Row } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { formatFixed } from "./format-fixed.ts";
import { metricOf } from "./text.ts";

/** What the column Increment shows of a row. Bytes. */
export function shownIncrement({ increment, waiting = 0, awaited = 0 }: Figures): number {
  return increment + waiting + awaited;
}

/** A profile whose increments are what the column shows; rows that shared are marked as those that are estimated. */
export function withWaiting(profile: Profile): Profile {
  return {
    ...profile,
    listings: profile.listings.map((listing) => ({ ...listing, rows: listing.rows.map(showRow) })),
  };
}

function showRow(row: Row): Row {
  const { data } = row;
  if (data === undefined) return row;
  const figures: Record<string, Figures> = {};
  for (const [metric, each] of Object.entries(data.figures)) {
    figures[metric] = { usage: each.usage, increment: shownIncrement(each) };
  }
  const estimated = data.estimated ?? (data.shared && { measured: 0, allocated: 0 });
  return { ...row, data: { ...data, figures, ...(estimated && { estimated }) } };
}

/** Empty where nothing came that the first decimals show, and no row shared. */
export function renderWaiting(profile: Profile): string {
  const { precision, nobody, listings } = profile;
  let bytes = 0;
  let isShared = false;
  for (const listing of listings) {
    const metric = metricOf(listing, profile);
    for (const { data } of listing.rows) {
      bytes += data?.figures[metric]?.waiting ?? 0;
      if (data?.shared) isShared = true;
    }
  }
  const waited = mebibytes(bytes, precision);
  const hasWaited = isShared || isSeen(waited);
  if (!hasWaited) return "";
  const lines = [
    `${waited} came while rows waited and nothing profiled ran; Increment has it, on the rows that waited.`,
  ];
  if (isShared) lines.push("~ shared alike with other rows that waited at the same time.");
  const rest = mebibytes(nobody?.[profile.metrics[0]!] ?? 0, precision);
  if (isSeen(rest)) lines.push(`${rest} came while nothing profiled ran or waited; no row has it.`);
  return `${lines.join("\n")}\n\n`;
}

function mebibytes(bytes: number, precision: number): string {
  return `${formatFixed(bytes / MIB, precision)} MiB`;
}

function isSeen(text: string): boolean {
  return /[1-9]/.test(text);
}
