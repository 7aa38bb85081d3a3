/** Which rows leak, below the tables: how much, how old, who holds it. */
import type { Leak, ListingProfile, Profile, Row, RowSurvivors } from "../../contract/profile.ts";

/** Below so many full collections nothing can be said. */
const FEWEST_COLLECTIONS = 3;
const MOST_LEAKS = 10;

export interface FoundLeak {
  listing: ListingProfile;
  row: Row;
  survivors: RowSurvivors & { leak: NonNullable<RowSurvivors["leak"]> };
}

/** Those that leak most bytes an hour first; where nobody knows bytes, objects. */
export function leaksIn({ listings }: Profile): FoundLeak[] {
  return listings
    .flatMap((listing) =>
      listing.rows.flatMap((row) => {
        const { survivors } = row;
        return survivors?.leak ? [{ listing, row, survivors: { ...survivors, leak: survivors.leak } }] : [];
      }),
    )
    .sort((a, b) => byRate(a.survivors.leak, b.survivors.leak));
}

export function byRate(a: Leak, b: Leak): number {
  return (b.bytesPerHour ?? 0) - (a.bytesPerHour ?? 0) || b.perHour - a.perHour;
}

/** Empty where nothing was followed. */
export function renderLeaks(profile: Profile): string {
  const { survivors, listings } = profile;
  if (survivors === undefined) return "";
  const { collections, time = 0 } = survivors;
  const over = `${collections} full ${collections === 1 ? "collection" : "collections"} in ${formatAge(time)}`;
  const isFollowed = listings.some(({ rows }) => rows.some((row) => row.survivors));
  if (!isFollowed) return `No object was followed: no profiled line has made any since.\n\n`;
  if (collections < FEWEST_COLLECTIONS)
    return `Leaks: too early to say, after ${over}. It takes three, and turns of the event loop between them.\n\n`;
  const leaks = leaksIn(profile);
  if (leaks.length === 0) return `Leaks: none, after ${over}.\n\n`;
  const shown = leaks.slice(0, MOST_LEAKS).map(leakLines);
  const left = leaks.length - shown.length;
  const rest = left > 0 ? [`  and ${left} more`] : [];
  return `Leaks, after ${over}: objects of these rows survive, more and more of them.\n${[...shown, ...rest].join("\n")}\n\n`;
}

function leakLines({ listing, row, survivors: { alive, age = 0, leak } }: FoundLeak): string {
  const { perHour, bytesPerHour, holders } = leak;
  const bytes = bytesPerHour === undefined ? "" : `${formatBytes(bytesPerHour)}, `;
  const lines = [
    `  ${listing.file}:${row.line}  ${row.text.trim()}`,
    `    ${formatCount(alive)} alive, half of them older than ${formatAge(age)}; ${bytes}${formatCount(perHour)} objects more an hour`,
  ];
  if (holders !== undefined) lines.push(`    held by ${holders.join(" ← ") || "nothing that has a name"}`);
  return lines.join("\n");
}

/** Grouped, so that its size is seen. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toFixed(0)
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

export function formatAge(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}
