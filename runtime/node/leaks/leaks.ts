/** What survives in a program that runs, and who holds it. */
import { faultOf } from "../../../contract/errors.ts";
import type { Leak } from "../../../contract/profile.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
import { type LeakingRow, type LeakOptions, type LeakReport, leakingRows } from "../../survivors/leaking-rows.ts";
import { findHolders, findHoldersNow, type HoldersByKey } from "./find-holders.ts";
import { watchCollections } from "./watch-collections.ts";

/** Begins to follow what survives, once. */
export function followSurvivors(runtime: WholeRuntime, isForced: boolean): void {
  if (runtime.survivors.isFollowing) return;
  runtime.survivors.start();
  watchCollections(runtime.survivors, isForced);
}

/** As it stands. @throws MprofError if the snapshot cannot be read */
export async function reportLeaks(runtime: WholeRuntime, { why = false }: LeakOptions): Promise<LeakReport> {
  const { survivors } = runtime;
  const rows = leakingRows(runtime.getProfile(), survivors);
  const { collections } = survivors;
  if (!why || rows.length === 0) return { collections, rows };
  survivors.holders = await survivors.beside(() => findHolders(keysOf(rows)));
  return { collections, rows: rows.map((row) => ({ ...row, leak: withHolders(row.leak, survivors.holders) })) };
}

/** At the end of the process, before the report. */
export function explainAtExit(runtime: WholeRuntime, warn: (text: string) => void): void {
  const keys = keysOf(leakingRows(runtime.getProfile(), runtime.survivors));
  if (keys.length === 0) return;
  try {
    runtime.survivors.holders = findHoldersNow(keys);
  } catch (error) {
    warn(`${faultOf(error).message}\n`);
  }
}

function withHolders(leak: Leak, found: HoldersByKey): Leak {
  const holders = found.get(leak.key);
  return { ...leak, ...(holders && { holders }) };
}

function keysOf(rows: readonly LeakingRow[]): string[] {
  return rows.map(({ leak }) => leak.key);
}
