/** Turns sheets into the listings of a Profile. Figures of several threads or copies of a module are one listing. */
import type { ListingTable, MarkOptions } from "../../contract/module-table.ts";
import type { ListingProfile } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import type { HotRow } from "../auto/hot-pool.ts";
import { NOTHING } from "./state.ts";

/** The figures of one listing in one thread. */
export interface ListingFigures {
  file: string;
  table: ListingTable;
  /** As they apply, after precedence. */
  options: MarkOptions;
  superseded: boolean;
  metrics: readonly string[];
  /** Their sum is the listing; see state.ts for the layout. */
  sheets: readonly Float64Array[];
  tallies: Float64Array;
  /** With the option `time`. */
  times?: TimeFigures | undefined;
  /** Of lines that were not read each time. */
  estimates?: readonly HotRow[];
  /** What came while they waited. */
  waits?: WaitFigures | undefined;
  /** With the option `freed`. */
  freed?: FreedFigures | undefined;
}

/** See `freed/record-freed.ts` for the layout. */
export interface FreedFigures {
  /** Their sum is the listing's. */
  cells: readonly Float64Array[];
  /** In one listing of each thread; see `freed/collections.ts`. */
  ofThread?: Float64Array;
}

/** See `waiting/record-waits.ts` for the layout. */
export interface WaitFigures {
  /** Their sum is the listing's. */
  cells: readonly Float64Array[];
  /** By metric, in one listing of each source: what came while nothing ran and nothing waited. */
  nobody?: Float64Array;
  /** With the option `self`: rows without cells have nothing of their own. */
  hasSelf?: true;
}

/** Milliseconds. */
export interface TimeFigures {
  /** By row; their sum is the listing. */
  rows: readonly Float64Array[];
  /** In its first cell: what profiled functions of other listings took that it called. */
  callees?: Float64Array;
}

/** One listing for each function that was called, in the order in which its first figures come. */
export function buildListings(all: readonly ListingFigures[]): ListingProfile[] {
  const listings = new Map<string, ListingProfile>();
  /** Metrics whose baseline is there, by listing. */
  const entered = new Set<string>();
  for (const { file, table, options, superseded, metrics, sheets } of all) {
    const { name, first, lines } = table;
    const key = JSON.stringify([file, name, first, lines]);
    const listing = listings.get(key) ?? {
      file,
      name,
      first,
      last: first + lines.length - 1,
      ...(superseded && { superseded }),
      calls: 0,
      options,
      rows: lines.map((text, i) => ({ line: first + i, text })),
      aside: {},
    };
    listings.set(key, listing);
    for (const sheet of sheets) addSheet(listing, metrics, sheet, key, entered);
  }
  return [...listings.values()].filter(({ rows }) => rows.some(({ data }) => data));
}

/** Threads may measure different things: figures add up by metric. */
function addSheet(
  listing: ListingProfile,
  metrics: readonly string[],
  sheet: Float64Array,
  key: string,
  entered: Set<string>,
): void {
  const M = metrics.length;
  listing.calls += sheet[0]!;
  listing.rows.forEach((row, i) => {
    const at = 1 + M + i * (1 + 2 * M);
    const occurrences = sheet[at]!;
    if (occurrences === 0 && sheet[at + 2] === NOTHING) return;
    row.data ??= { occurrences: 0, figures: {} };
    row.data.occurrences += occurrences;
    const { figures } = row.data;
    metrics.forEach((metric, m) => {
      const sum = figures[metric];
      const usage = sheet[at + 2 + 2 * m]!;
      let increment = (sum?.increment ?? 0) + sheet[at + 1 + 2 * m]!;
      const entry = sheet[1 + m]!;
      if (i === 0 && !Number.isNaN(entry) && !entered.has(key + metric)) {
        entered.add(key + metric);
        // Time has no baseline.
        if (metric !== TIME) increment += entry;
      }
      // A line that another thread is still on has closed no charge yet.
      figures[metric] = {
        usage: Math.max(usage, sum?.usage ?? (usage === NOTHING ? 0 : usage)),
        increment,
      };
    });
  });
}
