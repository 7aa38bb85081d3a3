/** What functions and rows took, counted in one place for every report but the table, which shows figures as they are. */
import type { Figures, ListingProfile, Profile, Row, RowSurvivors } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import { shownIncrement } from "./show-waiting.ts";
import { metricOf } from "./text.ts";

/** Bytes; milliseconds where time stands for memory. */
export interface MeasuredRow {
  line: number;
  text: string;
  occurrences: number;
  /** The largest reading. */
  usage: number;
  /** What the row took, less what was given back while it ran; without the reading on entry. */
  increment: number;
  /** Of it what came while the row waited: its part of what nobody ran for, and what those that it called took. */
  waiting?: number | undefined;
  awaited?: number | undefined;
  /** With the option `self`: of it what is not of profiled functions that the row called. */
  self?: number | undefined;
  /** With the option `freed`: what the row allocated while it ran, what collections took, and how many there were. */
  allocated?: number | undefined;
  freed?: number | undefined;
  collections?: number | undefined;
  /** With the option `time`: milliseconds. */
  time?: number | undefined;
  isEstimated: boolean;
  /** Where objects were followed. */
  survivors?: RowSurvivors | undefined;
}

export interface MeasuredFunction {
  listing: ListingProfile;
  name: string;
  file: string;
  first: number;
  metric: string;
  /** Decimals of its table. */
  decimals: number;
  calls: number;
  /** Those with figures. */
  rows: MeasuredRow[];
  /** The sum of its increments: what it left behind. */
  net: number;
  peak: number;
}

/** What a row took of a metric: every report reads figures here, but for the table of pages, whose runtime has no byte to spare. */
export function figuresOf({ data }: Row, metric: string): Figures | undefined {
  const figures = data?.figures[metric];
  return figures && { usage: figures.usage, increment: shownIncrement(figures) };
}

/** In the order of the profile; functions without figures are left out. */
export function measure(profile: Profile): MeasuredFunction[] {
  return profile.listings.flatMap((listing) => {
    const metric = metricOf(listing, profile);
    const rows = listing.rows.flatMap((row) => measureRow(row, listing, metric) ?? []);
    if (rows.length === 0) return [];
    const { name, file, first, calls, options } = listing;
    return {
      listing,
      name,
      file,
      first,
      metric,
      decimals: options.precision ?? profile.precision,
      calls,
      rows,
      net: sum(rows.map(({ increment }) => increment)),
      peak: rows.reduce((most, { usage }) => Math.max(most, usage), Number.NEGATIVE_INFINITY),
    };
  });
}

/** What the increment of the first row has of the reading on entry; of hosts that do not say, all of it. */
export function baselineOf({ baseline, rows }: ListingProfile, metric: string): number {
  const increment = rows[0] && figuresOf(rows[0], metric)?.increment;
  return metric === TIME || increment === undefined ? 0 : (baseline?.[metric] ?? increment);
}

/** What a row allocated while it ran, collected or not; undefined where collections were not followed. Bytes. */
export function allocatedOf(row: Row, listing: ListingProfile, metric: string): number | undefined {
  const figures = row.data?.figures[metric];
  if (figures?.freed === undefined) return undefined;
  const entry = row === listing.rows[0] ? (listing.baseline?.[metric] ?? 0) : 0;
  return figures.increment - entry + figures.freed;
}

/** What a row took itself, waits included, without profiled functions that it called; undefined where that was not followed. */
export function selfOf({ data }: Row, metric: string): number | undefined {
  const figures = data?.figures[metric];
  return figures?.self === undefined ? undefined : figures.self + (figures.waiting ?? 0);
}

function measureRow(row: Row, listing: ListingProfile, metric: string): MeasuredRow | undefined {
  const { line, text, data } = row;
  const figures = figuresOf(row, metric);
  if (data === undefined || figures === undefined) return undefined;
  const { usage, increment } = figures;
  const own = increment - (row === listing.rows[0] ? baselineOf(listing, metric) : 0);
  const { occurrences, time, estimated, shared, collections } = data;
  const { waiting, awaited, freed } = data.figures[metric]!;
  return {
    line,
    text,
    occurrences,
    usage,
    increment: own,
    waiting,
    awaited,
    self: selfOf(row, metric),
    allocated: allocatedOf(row, listing, metric),
    freed,
    collections,
    time,
    isEstimated: estimated !== undefined || shared === true,
    survivors: row.survivors,
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
