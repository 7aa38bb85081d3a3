/**
 * What V8's collections take away, as V8 itself counts it before and after each. Asking V8 costs some microseconds, and a
 * collection takes far longer than 20: so it is asked where a reading comes later than that after the one before.
 */
import type { Allocate, Charging, ExactReader, Listing, Reader } from "../core/state.ts";
import type { HeapGauge } from "../full/heap-gauge.ts";
import { wrapReader } from "../full/wrap-reader.ts";
import { ALL, BETWEEN, BETWEEN_PARTS, EXTERNAL, type Part, THREAD_CELLS, USED } from "./layout.ts";
import { RecordFreed } from "./record-freed.ts";

/** What one collection took. Bytes. */
export interface Collected {
  used: number;
  external: number;
}

/** The collections since it was asked last. */
export type AskCollections = () => readonly Collected[];

/** Milliseconds; the shortest collection that was seen took 0.07. */
const SHORTEST = 0.02;
/** A collection may fall into a look itself. */
const MOST_LOOKS = 3;
/** In `cells`, behind the two parts, which are the profiler's too: when it was looked last. */
const LOOKED = 2;
const CELLS = 3;

export class Collections {
  private readonly ask: AskCollections;
  private readonly clock: () => number;
  private readonly allocate: Allocate;
  private gauge: HeapGauge | undefined;
  private readonly cells = new Float64Array(CELLS);
  readonly ofThread: Float64Array;
  private readonly records = new WeakMap<Listing, RecordFreed>();
  private lastListing: Listing | undefined;
  private last: RecordFreed | undefined;
  private readonly followed = new WeakMap<Reader, Reader>();
  /** Hears what looks take, in milliseconds. */
  tell: (ms: number) => void = () => {};
  private isClaimed = false;
  /** Whether anything profiled runs, as far as one knows. */
  isRunning: () => boolean = () => false;

  /** @param clock milliseconds */
  constructor(ask: AskCollections, clock: () => number, allocate: Allocate) {
    this.ask = ask;
    this.clock = clock;
    this.allocate = allocate;
    this.ofThread = allocate(THREAD_CELLS);
  }

  /** Does what `reader` does, and looks before if that is due. */
  follow(reader: ExactReader, gauge: HeapGauge): ExactReader {
    this.gauge = gauge;
    const follower = wrapReader(reader, () => {
      const now = this.clock();
      const isDue = now - this.cells[LOOKED]! > SHORTEST;
      this.cells[LOOKED] = now;
      if (isDue) this.look();
      reader.read();
    });
    this.followed.set(follower, reader);
    return follower;
  }

  /** What a reader reads that `follow` has made: for readings so close together that a look between them would be seen. */
  followedBy(reader: Reader): Reader {
    return this.followed.get(reader) ?? reader;
  }

  /** Charges to rows what was taken while they ran. */
  charging(charging: Charging): Charging {
    const { step } = charging;
    return {
      ...charging,
      step: (listing, line, starts) => {
        const record = this.of(listing);
        record.begin();
        step(listing, line, starts);
        record.end();
      },
    };
  }

  of(listing: Listing): RecordFreed {
    if (listing === this.lastListing) return this.last!;
    let record = this.records.get(listing);
    if (record === undefined) {
      record = new RecordFreed(listing, this, this.allocate);
      this.records.set(listing, record);
    }
    this.lastListing = listing;
    this.last = record;
    return record;
  }

  /** Those that were seen. */
  get count(): number {
    return this.ofThread[ALL]!;
  }

  look(): void {
    const { clock, cells, gauge } = this;
    let began = clock();
    for (let i = 0; i < MOST_LOOKS; i++) {
      if (gauge === undefined) this.note(this.ask());
      else gauge.askBy(() => this.note(this.ask()));
      const ended = clock();
      cells[LOOKED] = ended;
      this.tell(ended - began);
      if (ended - began < SHORTEST) return;
      began = ended;
    }
  }

  /** @returns whether there were any */
  private note(all: readonly Collected[]): boolean {
    if (all.length === 0) return false;
    const { cells, ofThread } = this;
    const isBetween = !this.isRunning();
    ofThread[ALL] = ofThread[ALL]! + all.length;
    if (isBetween) ofThread[BETWEEN] = ofThread[BETWEEN]! + all.length;
    for (const { used, external } of all) {
      cells[USED] = cells[USED]! + used;
      cells[EXTERNAL] = cells[EXTERNAL]! + external;
      if (!isBetween) continue;
      ofThread[BETWEEN_PARTS + USED] = ofThread[BETWEEN_PARTS + USED]! + used;
      ofThread[BETWEEN_PARTS + EXTERNAL] = ofThread[BETWEEN_PARTS + EXTERNAL]! + external;
    }
    return true;
  }

  /** What was taken up to now of the program's. */
  taken(part: Part): number {
    const { cells, gauge } = this;
    return part === EXTERNAL ? cells[EXTERNAL]! : cells[USED]! - (gauge?.collected ?? 0);
  }

  /** @returns true the first time: somebody has to say what holds for the thread */
  claim(): boolean {
    const isFirst = !this.isClaimed;
    this.isClaimed = true;
    return isFirst;
  }

  reset(): void {
    this.ofThread.fill(0);
  }
}
