/** What survives in a program that runs, and who holds it. */
import { faultOf } from "../../../contract/errors.ts";
import type { Leak, RowSurvivors } from "../../../contract/profile.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
import { byRate } from "../../reporters/show-leaks.ts";
import { type DescribedRow, describeRows } from "../../survivors/add-survivors.ts";
import { findHolders, findHoldersNow } from "./find-holders.ts";
import { watchCollections } from "./watch-collections.ts";

/** A row whose objects survive and grow in number, as of the last full collection. */
export interface LeakingRow extends RowSurvivors {
  leak: Leak;
  file: string;
  name: string;
  line: number;
  text: string;
}

export interface LeakReport {
  /** Full collections since `startLeaks()`: below three nothing can be said. */
  collections: number;
  /** Those that leak most first, by bytes an hour. */
  rows: LeakingRow[];
}

export interface LeakOptions {
  /** Also who holds them, from a heap snapshot: the program stands still while V8 writes it. @default false */
  why?: boolean;
}

/** Begins to follow what survives, once. */
export function followSurvivors(runtime: WholeRuntime, isForced: boolean): void {
  if (runtime.survivors.isFollowing) return;
  runtime.survivors.start();
  watchCollections(runtime.survivors, isForced);
}

/** As it stands. @throws MprofError if the snapshot cannot be read */
export async function reportLeaks(runtime: WholeRuntime, { why = false }: LeakOptions): Promise<LeakReport> {
  const { survivors } = runtime;
  const found = leakingRows(runtime);
  const { collections } = survivors;
  if (why && found.length > 0) survivors.holders = await survivors.beside(() => findHolders(keysOf(found)));
  const rows = found
    .map(({ followed: { listing, row }, survivors: figures }) => {
      const { name, first, lines } = listing.table;
      const holders = why ? survivors.holders.get(row.key) : undefined;
      const leak = { ...figures.leak, ...(holders && { holders }) };
      return { ...figures, leak, file: listing.file, name, line: row.line, text: lines[row.line - first]!.trim() };
    })
    .sort((a, b) => byRate(a.leak, b.leak));
  return { collections, rows };
}

/** At the end of the process, before the report. */
export function explainAtExit(runtime: WholeRuntime, warn: (text: string) => void): void {
  const keys = keysOf(leakingRows(runtime));
  if (keys.length === 0) return;
  try {
    runtime.survivors.holders = findHoldersNow(keys);
  } catch (error) {
    warn(`${faultOf(error).message}\n`);
  }
}

/** Also those of functions that are not measured just now. */
function leakingRows(runtime: WholeRuntime): (DescribedRow & { survivors: { leak: Leak } })[] {
  return describeRows(runtime.getProfile(), runtime.survivors).filter(leaks);
}

function leaks(row: DescribedRow): row is DescribedRow & { survivors: { leak: Leak } } {
  return row.survivors.leak !== undefined;
}

function keysOf(rows: readonly { survivors: { leak: Leak } }[]): string[] {
  return rows.map(({ survivors }) => survivors.leak.key);
}
