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

/** What is said of leaks, a sentence, and those that are shown. */
export interface ToldLeaks {
  says: string;
  leaks: ToldLeak[];
  /** So many more leak less. */
  left: number;
}

export interface ToldLeak {
  file: string;
  line: number;
  text: string;
  /** How many are alive, how old they are, and how fast they become more. */
  says: string;
  /** Who holds them, nearest first, where that was asked for. */
  held?: string;
}

/** Undefined where nothing was followed. */
export function tellLeaks(profile: Profile): ToldLeaks | undefined {
  const { survivors, listings } = profile;
  if (survivors === undefined) return undefined;
  const { collections, time = 0 } = survivors;
  const over = `${collections} full ${collections === 1 ? "collection" : "collections"} in ${formatAge(time)}`;
  const nothing = (says: string) => ({ says, leaks: [], left: 0 });
  const isFollowed = listings.some(({ rows }) => rows.some((row) => row.survivors));
  if (!isFollowed) return nothing("No object was followed: no profiled line has made any since.");
  if (collections < FEWEST_COLLECTIONS)
    return nothing(`Leaks: too early to say, after ${over}. It takes three, and turns of the event loop between them.`);
  const leaks = leaksIn(profile);
  if (leaks.length === 0) return nothing(`Leaks: none, after ${over}.`);
  return {
    says: `Leaks, after ${over}: objects of these rows survive, more and more of them.`,
    leaks: leaks.slice(0, MOST_LEAKS).map(tellLeak),
    left: Math.max(0, leaks.length - MOST_LEAKS),
  };
}

function tellLeak({ listing, row, survivors: { alive, age = 0, leak } }: FoundLeak): ToldLeak {
  const { perHour, bytesPerHour, holders } = leak;
  const bytes = bytesPerHour === undefined ? "" : `${formatBytes(bytesPerHour)}, `;
  return {
    file: listing.file,
    line: row.line,
    text: row.text.trim(),
    says: `${formatCount(alive)} alive, half of them older than ${formatAge(age)}; ${bytes}${formatCount(perHour)} objects more an hour`,
    ...(holders && { held: `held by ${holders.join(" ← ") || "nothing that has a name"}` }),
  };
}

/** Empty where nothing was followed. */
export function renderLeaks(profile: Profile): string {
  const told = tellLeaks(profile);
  if (told === undefined) return "";
  const { says, leaks, left } = told;
  const lines = leaks.flatMap(({ file, line, text, says: how, held }) => [
    `  ${file}:${line}  ${text}`,
    `    ${how}`,
    ...(held === undefined ? [] : [`    ${held}`]),
  ]);
  if (left > 0) lines.push(`  and ${left} more`);
  return `${[says, ...lines].join("\n")}\n\n`;
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
