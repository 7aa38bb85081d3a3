/**
 * Keeps what is known on disk while the program runs: written from the slow side of probes, by a budget, and once a second
 * while the program waits. Whatever ends the process, a reader finds figures that are at most a second old.
 */
import { faultOf, MprofError } from "../../../contract/errors.ts";
import type { TimeFigures } from "../../core/build-profile.ts";
import { type ExactReader, type Listing, NO_LINE } from "../../core/state.ts";
import type { KeepGate } from "../../full/keep-gate.ts";
import type { WatchedRecord } from "../../full/watched-record.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
import { clock, epoch, getHeapStatistics, setTimeout } from "../builtins.ts";
import { excluded } from "../exclude.ts";
import type { FigurePool } from "./figure-pool.ts";
import {
  type Head,
  type KeptListing,
  PLACE_LINE,
  PLACE_LISTING,
  PLACE_TIME,
  PLACE_USED,
  type Rest,
  SLOT_ENDED,
  SLOT_LIMIT,
  SLOT_LINE,
  SLOT_LISTING,
  SLOT_LISTINGS,
  SLOT_TIME,
  SLOT_USED,
} from "./format.ts";
import { GROWTH, heapLimit, PATIENCE } from "./heap-limit.ts";
import type { KeptFile } from "./kept-file.ts";
import { ThreadCopies } from "./thread-copies.ts";

/** The share of the time that writing may take, and what may be saved up for bursts, in milliseconds. */
const SHARE = 0.002;
const SAVED = 0.5;
/** To begin with, and as many writes in any case: a program may call a function once, and then compute. */
const SAVED_AT_FIRST = 3;
const FIRST_WRITES = 12;
/** In mode `auto`, once they have taken longer. */
const FEWER_FIRST_WRITES = 4;
const FIRST_MS = 6;
/** However long it takes: no older than this. */
const OLDEST_MS = 800;
/** A write from within a line is followed by one when the program waits. */
const SOON_MS = 1;
/** Figures of mode `auto` are made anew for each write, which takes longer the more listings there are. */
const AUTO_MS = 250;
const AUTO_COSTS = 500;
/** Of ours, until it is given up. */
const MOST_FAULTS = 100;
/** Looks at the clock are this far apart, if readings come in time. */
const LOOK_MS = 1;
const MOST_READINGS = 256;
const NEVER = 0x7fffffff;
/** From this part of the limit on each line writes where it is, if that is asked for. */
const NEAR = 0.7;

export class Keeper implements KeepGate {
  readonly left = new Int32Array([1]);
  private readonly file: KeptFile;
  private readonly pool: FigurePool;
  private readonly threads: ThreadCopies;
  private readonly isNearWatched: boolean;
  private readonly warn: (text: string) => void;
  private runtime: WholeRuntime | undefined;
  private readonly indices = new Map<Listing, number>();
  /** What was described of each listing, by its index. */
  private readonly described: string[] = [];
  private describedCount = 0;
  private describedLength = -1;
  private readonly limit = heapLimit();
  private isOff = false;
  private isBusy = false;
  private isNear = false;
  /** Figures of mode `auto` are among them. */
  private isCounting = false;
  private readings = 1;
  private lookedAt = clock();
  private wroteAt = Number.NEGATIVE_INFINITY;
  private cost = 0;
  /** What writes take that no collection falls on. */
  private usualCost = Number.POSITIVE_INFINITY;
  private saved = SAVED_AT_FIRST;
  private writes = 0;
  /** Milliseconds that all writes have taken. */
  private spent = 0;
  private faults = 0;
  private isSoon = false;
  /** Called once, before the first function is profiled. */
  onUse: (() => void) | undefined;

  /** @param isNearWatched `--on-oom` @param warn tells the person who runs the program */
  constructor(file: KeptFile, pool: FigurePool, isNearWatched: boolean, warn: (text: string) => void) {
    this.file = file;
    this.pool = pool;
    this.threads = new ThreadCopies(pool);
    this.isNearWatched = isNearWatched;
    this.warn = warn;
  }

  /** From now on what `runtime` knows is kept. */
  attach(runtime: WholeRuntime, head: Omit<Head, "profile">): void {
    this.guard(() => {
      this.file.describe({ head: { ...head, profile: runtime.buildProfile([]) } });
      this.runtime = runtime;
      // Now, because the first write takes longest.
      this.write(-1, NO_LINE);
      this.saved = SAVED_AT_FIRST;
      this.spent = 0;
      this.tick();
    });
  }

  adopt(reader: ExactReader): void {
    const { onUse } = this;
    this.onUse = undefined;
    onUse?.();
    reader.bound ??= new Float64Array([Number.POSITIVE_INFINITY]);
  }

  /** In between nothing is allocated: what is made here would be found on the rows. */
  look(listing: Listing): void {
    if (this.indexOf(listing) === undefined) {
      // Nobody's: readers are warmed up by listings of ours.
      this.left[0] = MOST_READINGS;
      return;
    }
    this.left[0] = this.isOff ? NEVER : 1;
    if (this.isOff || this.isBusy) return;
    const at = clock();
    const passed = at - this.lookedAt;
    this.lookedAt = at;
    if (passed < LOOK_MS) this.readings = Math.min(MOST_READINGS, 2 * this.readings);
    else if (passed > 2 * LOOK_MS) this.readings = Math.max(1, this.readings >> 1);
    const { now, bound } = listing.reader as ExactReader;
    const isRising = bound !== undefined && now[0]! > bound[0]!;
    // V8 takes most of the time near the limit: readings are rare then.
    if (isRising || passed > OLDEST_MS / 100) this.readings = 1;
    this.left[0] = this.readings;
    if (this.saved < SAVED) this.saved = Math.min(SAVED, this.saved + passed * SHARE);
    const age = at - this.wroteAt;
    const isDue = this.isFirst() || age > OLDEST_MS || (this.saved > 0 && age > this.spacing());
    if (isDue || isRising || this.isNear) this.keep(listing, isDue || age > PATIENCE * this.usualCost, isRising);
  }

  private keep(listing: Listing, isWritten: boolean, isRising: boolean): void {
    this.guard(() => {
      // Not the write alone: of all that runs here for the first time V8 keeps some KB.
      if (isWritten) this.aside(() => this.note(listing, true, isRising));
      else this.note(listing, false, isRising);
    });
  }

  private note(listing: Listing, isWritten: boolean, isRising: boolean): void {
    const index = this.indexOf(listing)!;
    const { now, bound } = listing.reader as ExactReader;
    // Never lowered: what falls with each collection, and rises again, is no news until it is higher than before.
    if (isRising || bound![0] === Number.POSITIVE_INFINITY) bound![0] = now[0]! + GROWTH * this.limit;
    if (isWritten) this.writeFigures(index, listing.open);
    if (isRising && this.isNearWatched) this.isNear = getHeapStatistics().used_heap_size > NEAR * this.limit;
    if (!this.isNear) return;
    this.left[0] = 1;
    this.writePlace(index, listing.open);
  }

  private isFirst(): boolean {
    return this.writes < (this.isCounting && this.spent > FIRST_MS ? FEWER_FIRST_WRITES : FIRST_WRITES);
  }

  private spacing(): number {
    return this.saved <= SAVED && this.isCounting ? Math.max(AUTO_MS, AUTO_COSTS * this.cost) : 0;
  }

  /** While the program waits. */
  private tick(): void {
    if (this.isOff) return;
    if (!this.isBusy && clock() - this.wroteAt >= OLDEST_MS) this.guard(() => this.write(-1, NO_LINE));
    const left = this.wroteAt + OLDEST_MS - clock();
    setTimeout(() => this.tick(), left > 0 ? left : OLDEST_MS).unref();
  }

  /** The rest of what runs now, if writes are cheap: a program that waits after it may be ended before the next tick. */
  writeSoon(): void {
    if (this.isSoon || this.runtime === undefined || this.isOff) return;
    if (this.saved < 0 && !this.isFirst()) return;
    this.isSoon = true;
    const timer = setTimeout(() => {
      this.isSoon = false;
      if (!this.isOff && !this.isBusy) this.guard(() => this.write(-1, NO_LINE));
    }, SOON_MS);
    timer.unref();
  }

  /** Has the last word: the report is written, or is another's business. */
  finish(): void {
    if (this.isOff) return;
    this.guard(() => {
      this.file.slot[SLOT_ENDED] = 1;
      this.write(-1, NO_LINE);
    });
    this.isOff = true;
  }

  /** The file is of no use any more. */
  remove(): void {
    this.isOff = true;
    try {
      this.file.remove();
    } catch {}
  }

  private guard(work: () => void): void {
    this.isBusy = true;
    try {
      work();
    } catch (error) {
      // The program may hide a global just now.
      if (!(error instanceof Error && "code" in error) && ++this.faults < MOST_FAULTS) return;
      this.isOff = true;
      this.left[0] = NEVER;
      const what = `figures are no longer kept in ${this.file.path}: ${faultText(error)}`;
      const cure = "The report at the end still comes; --profile <file> keeps them elsewhere.";
      this.warn(`${new MprofError("MPROF_KEEP", what, cure).message}\n`);
    } finally {
      this.isBusy = false;
    }
  }

  private write(index: number, line: number): void {
    this.aside(() => this.writeFigures(index, line));
  }

  private writeFigures(index: number, line: number): void {
    const runtime = this.runtime!;
    this.isCounting = runtime.harvest(index >= 0);
    // A reading where nothing runs: a program may wait until it is ended.
    runtime.flow.settle(index < 0);
    runtime.lookBack();
    this.threads.copy(runtime.platform.otherThreads?.() ?? []);
    this.describe();
    const { file } = this;
    const { slot } = file;
    slot[SLOT_TIME] = epoch();
    slot[SLOT_LISTINGS] = this.describedCount + this.threads.count;
    slot[SLOT_LISTING] = index;
    slot[SLOT_LINE] = line;
    slot[SLOT_USED] = getHeapStatistics().used_heap_size;
    slot[SLOT_LIMIT] = this.limit;
    file.write(this.pool.parts(), this.restOf(runtime));
    if (index >= 0) this.writeSoon();
  }

  /** Writes, by `work`, what is no line's, and notes how long it takes. */
  private aside(work: () => void): void {
    const began = clock();
    excluded(this.runtime!.platform.sources, work);
    const ended = clock();
    this.cost = ended - began;
    this.usualCost = Math.min(this.cost, 2 * this.usualCost);
    this.spent += this.cost;
    this.saved -= this.cost;
    this.writes++;
    this.wroteAt = ended;
    this.lookedAt = ended;
  }

  private writePlace(index: number, line: number): void {
    const { place } = this.file;
    place[PLACE_TIME] = epoch();
    place[PLACE_LISTING] = index;
    place[PLACE_LINE] = line;
    place[PLACE_USED] = getHeapStatistics().used_heap_size;
    this.file.writePlace();
  }

  private indexOf(listing: Listing): number | undefined {
    const { records } = this.runtime ?? { records: [] };
    for (let i = this.indices.size; i < records.length; i++) this.indices.set(records[i]!.listing, i);
    return this.indices.get(listing);
  }

  /** Describes the listings that have changed since it was done last. Sheets are made where calls are. */
  private describe(): void {
    const runtime = this.runtime!;
    const { records } = runtime;
    if (this.describedLength === this.pool.length && !this.threads.hasChanged) return;
    this.describedLength = this.pool.length;
    const listings = this.threads.describe();
    for (let i = 0; i < records.length; i++) {
      const described = this.describeListing(records[i] as WatchedRecord, i);
      if (described === undefined) continue;
      const text = JSON.stringify(described);
      if (text === this.described[i]) continue;
      const { lines } = records[i]!.table;
      const isNew = this.described[i] === undefined;
      if (isNew) this.describedCount++;
      listings.push(isNew ? { ...described, lines } : described);
      this.described[i] = text;
    }
    if (listings.length > 0) this.file.describe({ listings });
  }

  private describeListing(record: WatchedRecord, index: number): KeptListing | undefined {
    const { file, table, superseded, ledger, listing } = record;
    if (ledger === undefined) return undefined;
    const { sheets } = ledger;
    const { shown: options, report } = this.runtime!.settings(record);
    const { name, first } = table;
    const places = this.pool.placesOf(sheets);
    const tallies = this.pool.placeOf(listing.tallies);
    if (tallies === undefined) return undefined;
    const times = record.times();
    const { cells, nobody, hasSelf } = record.waits.figures(sheets, true);
    const freed = record.freedFigures();
    return {
      index,
      file,
      name,
      first,
      options,
      ...(superseded && { superseded }),
      ...(report === "none" && { isSilent: true }),
      metrics: [...listing.reader.metrics],
      sheets: places,
      tallies,
      ...(times && { times: this.placesOf(times) }),
      waits: {
        cells: this.pool.placesOf(cells),
        ...(nobody && { nobody: this.pool.placeOf(nobody) }),
        ...(hasSelf && { hasSelf }),
      },
      ...(freed && {
        freed: {
          cells: this.pool.placesOf(freed.cells),
          ...(freed.ofThread && { ofThread: this.pool.placeOf(freed.ofThread) }),
        },
      }),
    };
  }

  private placesOf({ rows, callees }: TimeFigures): KeptListing["times"] {
    return { rows: rows.map((each) => this.pool.placeOf(each)!), callees: this.pool.placeOf(callees!)! };
  }

  /** What is neither described nor in a sheet. */
  private restOf({ records, samplers }: WholeRuntime): Rest | undefined {
    const rest: Required<Pick<Rest, "open" | "estimates">> = { open: [], estimates: [] };
    for (let i = 0; i < records.length; i++) {
      const { listing, counted, ledger } = records[i] as WatchedRecord;
      if (ledger === undefined) continue;
      const { open, start, reader } = listing;
      if (open !== NO_LINE) {
        const readings = [...reader.now];
        rest.open.push([i, open, readings.map((reading, m) => reading - start[m]!), readings]);
      }
      const rows = counted?.estimates() ?? [];
      if (rows.length > 0) rest.estimates.push([i, rows]);
    }
    if (rest.open.length + rest.estimates.length === 0) return undefined;
    if (rest.estimates.length === 0) return { open: rest.open };
    return { ...rest, overhead: samplers?.share(), readings: samplers?.readings, ambiguous: samplers?.ambiguous() };
  }
}

function faultText(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === undefined ? faultOf(error).message : String(error);
}
