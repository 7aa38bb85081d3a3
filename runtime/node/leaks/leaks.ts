/** What survives in a program that runs, and who holds it. */
import { faultOf } from "../../../contract/errors.ts";
import type { RowSurvivors } from "../../../contract/profile.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
import { leaksIn } from "../../reporters/show-leaks.ts";
import { findHolders, findHoldersNow } from "./find-holders.ts";
import { watchCollections } from "./watch-collections.ts";

/** A row whose objects survive and grow in number, as of the last full collection. */
export interface LeakingRow extends RowSurvivors {
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

const watched = new WeakSet<WholeRuntime>();

/** Begins to follow what survives, once. */
export function followSurvivors(runtime: WholeRuntime, isForced: boolean): void {
  if (watched.has(runtime)) return;
  watched.add(runtime);
  runtime.survivors.start();
  watchCollections(runtime.survivors, isForced);
}

/** As it stands. @throws MprofError if the snapshot cannot be read */
export async function reportLeaks(runtime: WholeRuntime, { why = false }: LeakOptions): Promise<LeakReport> {
  const keys = why ? leakingKeys(runtime) : [];
  if (keys.length > 0) runtime.survivors.holders = await findHolders(keys);
  const profile = runtime.getProfile();
  const rows = leaksIn(profile).map(({ listing: { file, name }, row: { line, text }, survivors }) => {
    return { ...survivors, file, name, line, text: text.trim() };
  });
  return { collections: profile.survivors?.collections ?? 0, rows };
}

/** At the end of the process, before the report. */
export function explainAtExit(runtime: WholeRuntime, warn: (text: string) => void): void {
  const keys = leakingKeys(runtime);
  if (keys.length === 0) return;
  try {
    runtime.survivors.holders = findHoldersNow(keys);
  } catch (error) {
    warn(`${faultOf(error).message}\n`);
  }
}

function leakingKeys(runtime: WholeRuntime): string[] {
  return leaksIn(runtime.getProfile()).map(({ survivors: { leak } }) => leak.key);
}
