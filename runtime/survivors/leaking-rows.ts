/** The rows that leak, as programs are told of them. */
import type { Leak, Profile, RowSurvivors } from "../../contract/profile.ts";
import { byRate } from "../reporters/show-leaks.ts";
import { describeRows } from "./add-survivors.ts";
import type { Survivors } from "./survivors.ts";

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
  /** Also who holds them, from a heap snapshot: the program stands still while V8 writes it. Of Node alone. @default false */
  why?: boolean;
}

/** Also those of functions that are not measured just now. @param profile has what rows took */
export function leakingRows(profile: Profile, survivors: Survivors): LeakingRow[] {
  return describeRows(profile, survivors)
    .flatMap(({ followed: { listing, row }, survivors: { leak, ...figures } }) => {
      const { name, first, lines } = listing.table;
      const place = { file: listing.file, name, line: row.line, text: lines[row.line - first]!.trim() };
      return leak ? [{ ...figures, leak, ...place }] : [];
    })
    .sort((a, b) => byRate(a.leak, b.leak));
}
