/**
 * Follows a sample of the objects that lines make: how many are alive after full collections, and how old they are. By a
 * `FinalizationRegistry` alone: a `WeakRef` keeps what it is made for to the end of the job, and a program that computes has
 * one job.
 */
import type { ModuleHandle } from "../../contract/module-table.ts";
import { findLeaks } from "./find-leaks.ts";
import { MprofSample, RowSamples } from "./row-samples.ts";

/** Of a row; of all rows together, some 150 bytes each. */
const MOST_SAMPLES = 128;
const MOST_OF_ALL = 14_000;
const FEWEST_SAMPLES = 16;
const MOST_HEAP_POINTS = 64;

/** Where rows are: a listing of this thread. */
export interface FollowedListing {
  file: string;
  table: { name: string; first: number; lines: readonly unknown[] };
}

export interface FollowedRow {
  listing: FollowedListing;
  row: RowSamples;
}

/** The heap after a full collection. */
export interface HeapPoint {
  at: number;
  bytes: number;
}

export class Survivors {
  isFollowing = false;
  /** By their keys. */
  readonly rows: FollowedRow[] = [];
  /** Full collections since it began. */
  collections = 0;
  heap: HeapPoint[] = [];
  /** When it began, and the last full collection; milliseconds. */
  begun = 0;
  last: number | undefined;
  /** Of rows that leak, by their keys, from the last snapshot that was asked for. */
  holders: ReadonlyMap<string, string[]> = new Map();
  private readonly clock: () => number;
  private registry: FinalizationRegistry<MprofSample> | undefined;
  private seen: WeakSet<object> | undefined;
  private chance = 0x2545f491;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  /** @throws what the host throws that has no registry */
  start(): void {
    if (this.isFollowing) return;
    this.registry ??= new FinalizationRegistry((sample) => sample.row.samples.delete(sample));
    this.seen ??= new WeakSet();
    this.begun = this.clock();
    this.isFollowing = true;
  }

  /** What compiled code calls of a module with these listings. */
  keeper(listings: readonly FollowedListing[]): NonNullable<ModuleHandle["keep"]> {
    const byLine: (RowSamples | undefined)[][] = listings.map(({ table }) => Array(2 * table.lines.length));
    const survivors = this;
    return function keep(listing, n, value, given) {
      if (!survivors.isFollowing || value === null) return value;
      if (typeof value !== "object" && typeof value !== "function") return value;
      const own = byLine[listing]!;
      const at = 2 * (n - listings[listing]!.table.first) + (given === 1 ? 1 : 0);
      let row = own[at];
      if (row === undefined) {
        row = survivors.addRow(listings[listing]!, n, given === 1);
        own[at] = row;
      }
      row.made++;
      if (--row.left <= 0) survivors.follow(row, value);
      return value;
    };
  }

  private addRow(listing: FollowedListing, line: number, isGiven: boolean): RowSamples {
    const row = new RowSamples(String(this.rows.length), line, isGiven, this.clock());
    this.rows.push({ listing, row });
    return row;
  }

  /** A fault of ours is not the program's: then nothing more is followed. */
  private follow(row: RowSamples, value: object): void {
    try {
      row.left = this.nextAfter(row.weight);
      if (this.seen!.has(value)) {
        row.repeats++;
        return;
      }
      this.seen!.add(value);
      const sample = new MprofSample(row, this.clock());
      this.registry!.register(value, sample, sample);
      row.samples.add(sample);
      row.taken++;
      const most = Math.min(MOST_SAMPLES, Math.max(FEWEST_SAMPLES, MOST_OF_ALL / this.rows.length));
      if (row.samples.size >= most) for (const gone of row.thin()) this.registry!.unregister(gone);
    } catch {
      this.isFollowing = false;
    }
  }

  /** Of the rows that leak. */
  leakKeys(): string[] {
    return [...findLeaks(this).keys()].map(({ key }) => key);
  }

  /** By chance, from half of the weight to one and a half, so that no pattern of the program's falls in with it. */
  private nextAfter(weight: number): number {
    if (weight === 1) return 1;
    let { chance } = this;
    chance ^= chance << 13;
    chance ^= chance >>> 17;
    chance ^= chance << 5;
    this.chance = chance;
    return Math.max(1, Math.round(weight * (0.5 + (chance >>> 0) / 2 ** 32)));
  }

  /**
   * After a full collection, when the registry has told all that it found.
   *
   * @param at when the collection began. @param heap bytes after it
   */
  noteCollection(at: number, heap: number): void {
    if (!this.isFollowing || at < this.begun) return;
    this.collections++;
    this.last = at;
    this.heap.push({ at, bytes: heap });
    if (this.heap.length > MOST_HEAP_POINTS) this.heap = this.heap.filter((_, i) => i % 2 === 0);
    for (const { row } of this.rows) row.note(at);
  }
}
