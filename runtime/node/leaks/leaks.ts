/** What survives in a program that runs, and who holds it. */
import { faultOf } from "../../../contract/errors.ts";
import type { Profile, RowSurvivors } from "../../../contract/profile.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
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
  const keys = runtime.survivors.leakKeys();
  if (why && keys.length > 0) runtime.survivors.holders = await findHolders(keys);
  const profile = runtime.getProfile();
  return { collections: profile.survivors?.collections ?? 0, rows: leaksIn(profile) };
}

/** At the end of the process, before the report. */
export function explainAtExit(runtime: WholeRuntime, warn: (text: string) => void): void {
  const keys = runtime.survivors.leakKeys();
  if (keys.length === 0) return;
  try {
    runtime.survivors.holders = findHoldersNow(keys);
  } catch (error) {
    warn(`${faultOf(error).message}\n`);
  }
}

function leaksIn({ listings }: Profile): LeakingRow[] {
  const weigh = ({ leak }: LeakingRow) => [leak!.bytesPerHour ?? 0, leak!.perHour] as const;
  return listings
    .flatMap(({ file, name, rows }) =>
      rows.flatMap(({ line, text, survivors }) =>
        survivors?.leak ? [{ ...survivors, file, name, line, text: text.trim() }] : [],
      ),
    )
    .sort((a, b) => weigh(b)[0] - weigh(a)[0] || weigh(b)[1] - weigh(a)[1]);
}
