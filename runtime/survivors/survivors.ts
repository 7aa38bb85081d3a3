/**
 * Follows a sample of the objects that lines make: how many are alive after full collections, and how old they are. By a
 * `FinalizationRegistry` alone: a `WeakRef` keeps what it is made for to the end of the job, and a program that computes has
 * one job.
 */
import type { ModuleHandle } from "../../contract/module-table.ts";
import { MprofSample, RowSamples } from "./row-samples.ts";

/** Of a row; of all rows together, some 150 bytes each. */
const MOST_SAMPLES = 128;
const MOST_OF_ALL = 14_000;
const FEWEST_SAMPLES = 16;
const MOST_HEAP_POINTS = 64;

/** Bytes, by the engine: its pointers are of 8 or 4. */
export interface Sizes {
  /** What following a value leaves on its row: the cell, its token, and their places in tables that grow. */
  own: number;
  /** A line that takes less for each value makes none: the smallest object is as large. */
  smallest: number;
}

const SIZES: Sizes = { own: 640, smallest: 16 };

/** Where rows are: a listing of this thread. */
export interface FollowedListing {
  file: string;
  table: { name: string; first: number; lines: readonly string[] };
}

/** A line, of what it makes or of what it is given. */
interface Place {
  listing: FollowedListing;
  line: number;
  isGiven: boolean;
  row: RowSamples | undefined;
}

/** A count that does not come to its end. */
const NEVER = 2 ** 31 - 1;

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
  readonly sizes: Sizes;
  private readonly clock: () => number;
  /** Of each module: for each place, the values until the next is taken. */
  private readonly counters: Int32Array[] = [];
  private registry: FinalizationRegistry<MprofSample> | undefined;
  private seen: WeakSet<object> | undefined;
  private chance = 0x2545f491;

  private readonly work: () => number;
  /** Of it, what was no work of the program. */
  private besides = 0;

  /** @param work milliseconds that the process has worked. @param sizes default those of Node */
  constructor(clock: () => number, work: () => number, sizes = SIZES) {
    this.sizes = sizes;
    this.work = work;
    this.clock = clock;
  }

  /** @throws what the host throws that has no registry */
  start(): void {
    if (this.isFollowing) return;
    this.registry ??= new FinalizationRegistry((sample) => sample.row.samples.delete(sample));
    this.seen ??= new WeakSet();
    this.begun = this.clock();
    this.isFollowing = true;
    for (const left of this.counters) left.fill(1);
  }

  /** What compiled code calls of a module with these listings. Each value costs a count, as long as none is taken. */
  keeper(listings: readonly FollowedListing[]): NonNullable<ModuleHandle["keep"]> {
    // Without methods of arrays or their iterators: the program may have changed what they do by now.
    const places: Place[] = [];
    const starts = new Int32Array(listings.length);
    for (let i = 0; i < listings.length; i++) {
      const listing = listings[i]!;
      const { first, lines } = listing.table;
      starts[i] = places.length - 2 * first;
      for (let row = 0; row < 2 * lines.length; row++) {
        places[places.length] = { listing, line: first + (row >> 1), isGiven: row % 2 === 1, row: undefined };
      }
    }
    const left = new Int32Array(places.length);
    for (let at = 0; at < left.length; at++) left[at] = this.isFollowing ? 1 : NEVER;
    this.counters[this.counters.length] = left;
    const follow = (at: number, value: object | null) => this.follow(left, at, places[at]!, value);
    return function keep(listing, n, value, given) {
      if (typeof value === "object" || typeof value === "function") {
        const at = starts[listing]! + 2 * n + (given === 1 ? 1 : 0);
        const rest = left[at]! - 1;
        left[at] = rest;
        if (rest <= 0) follow(at, value);
      }
      return value;
    };
  }

  private addRow(place: Place, left: Int32Array, at: number): RowSamples {
    const { listing, line, isGiven } = place;
    const row = new RowSamples(
      String(this.rows.length),
      line,
      isGiven,
      { at: this.clock(), work: this.worked() },
      () => left[at]!,
    );
    place.row = row;
    this.rows.push({ listing, row });
    return row;
  }

  /** A fault of ours is not the program's: then nothing more is followed. */
  private follow(left: Int32Array, at: number, place: Place, value: object | null): void {
    try {
      if (!this.isFollowing) {
        left[at] = NEVER;
        return;
      }
      const row = place.row ?? this.addRow(place, left, at);
      if (value !== null && this.isNew(row, value)) this.take(row, value);
      left[at] = row.wait(this.nextAfter(Math.ceil(row.weight / row.looks)));
    } catch {
      this.isFollowing = false;
      left[at] = NEVER;
    }
  }

  /**
   * Whether a value is to be taken. What a line makes cannot have been there before. At what a call gives there are more
   * looks than samples: one that makes nothing gives something for the second time, sooner or later.
   */
  private isNew(row: RowSamples, value: object): boolean {
    if (!row.isGiven) return true;
    row.looked++;
    if (this.seen!.has(value)) {
      row.repeats++;
      return false;
    }
    if (row.looked % row.looks !== 0) return false;
    this.seen!.add(value);
    return true;
  }

  private take(row: RowSamples, value: object): void {
    const sample = new MprofSample(row, this.clock());
    this.registry!.register(value, sample, sample);
    row.samples.add(sample);
    row.taken++;
    const most = Math.min(MOST_SAMPLES, Math.max(FEWEST_SAMPLES, MOST_OF_ALL / this.rows.length));
    if (row.samples.size >= most) for (const gone of row.thin()) this.registry!.unregister(gone);
  }

  private worked(): number {
    return this.work() - this.besides;
  }

  /** Does something that is no work of the program. */
  beside<T>(task: () => T): T {
    const before = this.work();
    try {
      return task();
    } finally {
      this.besides += this.work() - before;
    }
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
    const work = this.worked();
    for (const { row } of this.rows) if (row.begun < at) row.note(at, work);
  }
}
