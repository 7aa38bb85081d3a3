/**
 * How what rows took came over the run. Figures are sums; at each look this keeps what they have become since the one
 * before, in pieces of time that are as many however long the program runs: when they are full, two become one.
 */
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { baselineOf, figuresOf } from "../reporters/measure.ts";

export const MOST_PIECES = 32;
/** Milliseconds of a piece, to begin with. */
export const FIRST_INTERVAL = 25;
/** The part of the time that looks may take. */
const SHARE = 0.002;
/** Sums that were added up in another order are the same. */
const EXACT = 1e-9;

/** Bytes, or milliseconds of the metric `time`. */
interface Grown {
  /** By piece. */
  pieces: Float64Array;
  total: number;
}

type RowsGrown = Map<string, Grown>[];

export class History {
  private readonly clock: () => number;
  private readonly began: number;
  private interval = FIRST_INTERVAL;
  /** Milliseconds that the last look took. */
  private cost = 0;
  /** When the next look is worth while. */
  private due = 0;
  private readonly listings = new Map<string, RowsGrown>();

  /** @param clock milliseconds */
  constructor(clock: () => number) {
    this.clock = clock;
    this.began = clock();
  }

  get isDue(): boolean {
    return this.clock() >= this.due;
  }

  /** @param look gives all listings as they are now; what it takes is counted */
  look(look: () => readonly ListingProfile[]): void {
    const from = this.clock();
    const piece = this.pieceNow();
    for (const listing of look()) this.note(listing, piece);
    const to = this.clock();
    // One that takes far longer than the others, as the first, tells nothing about the next.
    this.due = to + Math.max(this.interval / 2, Math.min(this.cost, to - from) / SHARE);
    this.cost = to - from;
  }

  private note(listing: ListingProfile, piece: number): void {
    const key = keyOf(listing);
    const rows = this.listings.get(key) ?? listing.rows.map(() => new Map());
    this.listings.set(key, rows);
    forEachFigure(listing, (value, metric, row) => {
      let grown = rows[row]!.get(metric);
      if (grown === undefined) {
        if (value === 0) return;
        grown = { pieces: new Float64Array(MOST_PIECES), total: 0 };
        rows[row]!.set(metric, grown);
      }
      grown.pieces[piece]! += value - grown.total;
      grown.total = value;
    });
  }

  private pieceNow(): number {
    const passed = this.clock() - this.began;
    while (passed >= MOST_PIECES * this.interval) this.halve();
    return Math.floor(passed / this.interval);
  }

  private halve(): void {
    this.interval *= 2;
    for (const { pieces } of this.all()) {
      for (let i = 0; i < MOST_PIECES; i += 2) pieces[i / 2] = pieces[i]! + pieces[i + 1]!;
      pieces.fill(0, MOST_PIECES / 2);
    }
  }

  /**
   * Adds it to `profile`: to rows of which it has all. Of what came in another process nobody knows when, and a run of one
   * piece has no history.
   */
  add(profile: Profile): void {
    const count = this.pieceNow() + 1;
    if (count < 2) return;
    profile.history = { interval: this.interval, pieces: count };
    for (const listing of profile.listings) {
      const rows = this.listings.get(keyOf(listing));
      forEachFigure(listing, (value, metric, row) => {
        const grown = rows?.[row]?.get(metric);
        if (grown === undefined || Math.abs(grown.total - value) > EXACT * Math.abs(value)) return;
        listing.rows[row]!.data!.figures[metric]!.history = [...grown.pieces.subarray(0, count)];
      });
    }
  }

  reset(): void {
    this.listings.clear();
  }

  private *all(): Iterable<Grown> {
    for (const rows of this.listings.values()) for (const row of rows) yield* row.values();
  }
}

/** Copies of a module, and the texts of a function that was changed, are told apart as in a profile. */
function keyOf({ file, name, first, rows }: ListingProfile): string {
  return JSON.stringify([file, name, first, rows.map(({ text }) => text)]);
}

/** What tables show of each row, without the reading on entry. */
function forEachFigure(listing: ListingProfile, work: (value: number, metric: string, row: number) => void): void {
  listing.rows.forEach((row, index) => {
    for (const metric of Object.keys(row.data?.figures ?? {})) {
      const entry = index === 0 ? baselineOf(listing, metric) : 0;
      work(figuresOf(row, metric)!.increment - entry, metric, index);
    }
  });
}
