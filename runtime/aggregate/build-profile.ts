/** Turns sheets into the Profile document. Figures of several threads or copies of a module are one listing. */

import type { ListingTable, MarkOptions } from "../../contract/module-table.ts";
import type { CallFigures, ListingProfile, Row, RowData } from "../../contract/profile.ts";
import type { Metric } from "../../contract/units.ts";
import { HEAP_METRICS } from "../sources/select.ts";
import { ASIDE_METRICS, addSheet, clearSheet, sheetLength, TALLY_ASIDE } from "../state.ts";

/** The figures of one listing in one thread. */
export interface ListingFigures {
  file: string;
  table: ListingTable;
  /** As they apply, after precedence. */
  options: MarkOptions;
  metrics: readonly string[];
  /** Their sum is the listing; see state.ts for the layout. */
  sheets: readonly Float64Array[];
  tallies: Float64Array;
}

/** Executions after which the heap figures of a line that allocates nothing are within 64 bytes of 0. */
const WARM_UP = 2000;

/** One listing for each function that was called, in the order in which its first figures come. */
export function buildListings(all: readonly ListingFigures[]): ListingProfile[] {
  const groups = new Map<string, ListingFigures[]>();
  for (const figures of all) {
    const key = JSON.stringify([figures.file, figures.table.first, figures.table.name]);
    const group = groups.get(key);
    if (group) group.push(figures);
    else groups.set(key, [figures]);
  }
  return [...groups.values()].map(buildListing).filter((listing) => listing !== undefined);
}

function buildListing(group: readonly ListingFigures[]): ListingProfile | undefined {
  const { file, table, options } = group[0]!;
  const parts = sumByMetrics(group);
  const rows: Row[] = table.lines.map((text, i) => {
    const data = buildRow(parts, i);
    return data ? { line: table.first + i, text, data } : { line: table.first + i, text };
  });
  if (!rows.some((row) => row.data)) return undefined;
  return {
    file,
    name: table.name,
    first: table.first,
    last: table.first + table.lines.length - 1,
    calls: parts.reduce((sum, part) => sum + part.sheet[0]!, 0),
    options,
    rows,
    aside: buildAside(group),
  };
}

interface Part {
  metrics: readonly string[];
  sheet: Float64Array;
}

/** Threads may measure different things; their figures stay apart by metric and their counts add up. */
function sumByMetrics(group: readonly ListingFigures[]): Part[] {
  const parts: Part[] = [];
  for (const { metrics, sheets, table } of group) {
    let part = parts.find((other) => other.metrics.join() === metrics.join());
    if (part === undefined) {
      part = { metrics, sheet: new Float64Array(sheetLength(table.lines.length, metrics.length)) };
      clearSheet(part.sheet, metrics.length);
      parts.push(part);
    }
    for (const sheet of sheets) addSheet(sheet, part.sheet, metrics.length);
  }
  return parts;
}

function buildRow(parts: readonly Part[], i: number): RowData | undefined {
  const data: RowData = { occurrences: 0, figures: {} };
  let hasData = false;
  let isHeap = false;
  for (const { metrics, sheet } of parts) {
    const M = metrics.length;
    const row = 1 + M + i * (1 + 2 * M);
    const occurrences = sheet[row]!;
    if (occurrences === 0 && sheet[row + 2] === Number.NEGATIVE_INFINITY) continue;
    hasData = true;
    data.occurrences += occurrences;
    metrics.forEach((metric, m) => {
      const entry = i === 0 && !Number.isNaN(sheet[1 + m]) ? sheet[1 + m]! : 0;
      const usage = sheet[row + 2 + 2 * m]!;
      isHeap ||= HEAP_METRICS.has(metric);
      data.figures[metric] = {
        // A line that another thread is still on has closed no charge yet.
        usage: usage === Number.NEGATIVE_INFINITY ? 0 : usage,
        increment: sheet[row + 1 + 2 * m]! + entry,
      };
    });
  }
  if (!hasData) return undefined;
  if (isHeap && data.occurrences < WARM_UP) data.cold = true;
  return data;
}

function buildAside(group: readonly ListingFigures[]): Partial<Record<Metric, CallFigures>> {
  const aside: Partial<Record<Metric, CallFigures>> = {};
  ASIDE_METRICS.forEach((metric, i) => {
    const at = TALLY_ASIDE + 2 * i;
    for (const { tallies } of group) {
      const peak = tallies[at]!;
      if (peak === Number.NEGATIVE_INFINITY) continue;
      const sum = aside[metric];
      aside[metric] = { peak: Math.max(peak, sum?.peak ?? peak), net: tallies[at + 1]! + (sum?.net ?? 0) };
    }
  });
  return aside;
}
