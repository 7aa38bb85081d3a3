/**
 * The one place that calls `v8.getHeapStatistics()`. The call allocates 0 to 632 bytes, by how far V8 has optimised it,
 * so the gauge keeps an account of what the profiler itself has put on the heap and has not been collected yet:
 * every sample adds the cost that the last null probes measured, and a fall of the heap shows a collection that took it.
 *
 * docs/reading-the-numbers.md has the figures, and what else was tried.
 */
import type { HeapStatistics } from "../core/sources.ts";

/** What `sample` writes. */
export const HEAP = 0;
export const HEAP_USED = 1;
export const HEAP_TOTAL = 2;
export const EXTERNAL = 3;
/** Heap and external, into the second and third value. */
export const HEAP_AND_EXTERNAL = 4;
export type HeapKind = typeof HEAP | typeof HEAP_USED | typeof HEAP_TOTAL | typeof EXTERNAL | typeof HEAP_AND_EXTERNAL;

/** Cells of the account; typed, because a double in a field would be boxed at every store. */
/** What the profiler has allocated since the last collection that was seen. */
const OWN = 0;
/** What one probe allocates: the middle one of the last three null probes, which follow in cells. */
const COST = 1;
const NULL_1 = 2;
const NULL_2 = 3;
const NULL_3 = 4;
/** The used heap as V8 said it last. */
const LAST = 5;
/** Collections that were seen. */
const COLLECTIONS = 6;
/** What an activation of a function that can suspend takes. */
const ACTIVATION = 7;
/** The state of a small generator of pseudo-random numbers. */
const RANDOM = 8;
/** Of what the profiler has on the heap, that which no collection takes. Only known where garbage is collected before readings. */
const LASTING = 9;
/** What of the profiler's own was collected. */
const COLLECTED = 10;
/** Collections that were seen when it was asked for them last. */
const SEEN = 11;
const CELLS = 12;

/** What a reading of the clock makes, a number in a box. */
const A_NUMBER = 16;
/** A null probe that says more than this had something else in it, as a compilation. */
const HIGHEST_COST = 4096;
/**
 * V8 gives back the unused end of an allocation area without a collection, which shows as a fall of up to 512 KiB;
 * the young generation is never smaller than 1 MiB.
 */
const SMALLEST_COLLECTION = 768 * 1024;

/** A null probe follows 1 probe in 2 … 33, pseudo-random so that it keeps step with no loop. */
const NULL_SPREAD = 32;
const RANDOM_RANGE = 233280;
/** Of what work leaves that is the profiler's own, some goes later than two looks that agree show, and would be missing on a row. */
const COLLECTIONS_AFTER = 3;
/** Probes until the first null probe. */
export const FIRST_NULL = 2;

export class HeapGauge {
  private readonly cells = new Float64Array(CELLS);
  private readonly getHeapStatistics: () => HeapStatistics;
  /** Collects garbage until nothing more is to be had, where that is done before readings. */
  private collect: (() => void) | undefined;
  private settled: Float64Array | undefined;

  constructor(getHeapStatistics: () => HeapStatistics) {
    this.getHeapStatistics = getHeapStatistics;
  }

  /**
   * Takes a reading into `now`, less the profiler's own. `isNull`: nothing but a probe has run since the one before;
   * then the result is the number of probes until the next null probe, otherwise 0.
   *
   * One function, long on purpose: V8 inlines no function of more than 460 bytes of bytecode, and inlined copies of
   * this one would allocate differently, one being optimised further than another. Hence no helpers here.
   */
  sample(kind: HeapKind, isNull: boolean, now: Float64Array): number {
    const cells = this.cells;
    const statistics = this.getHeapStatistics();
    const used = statistics.used_heap_size;
    const change = used - cells[LAST]!;
    if (isNull && change >= 0 && change <= HIGHEST_COST) {
      const a = cells[NULL_2]!;
      const b = cells[NULL_3]!;
      cells[NULL_1] = a;
      cells[NULL_2] = b;
      cells[NULL_3] = change;
      if (a <= b) {
        if (b <= change) cells[COST] = b;
        else if (a <= change) cells[COST] = change;
        else cells[COST] = a;
      } else if (a <= change) cells[COST] = a;
      else if (b <= change) cells[COST] = change;
      else cells[COST] = b;
    }
    if (change > -SMALLEST_COLLECTION) {
      cells[OWN] = cells[OWN]! + cells[COST]!;
    } else {
      cells[COLLECTED] = cells[COLLECTED]! + cells[OWN]! + cells[COST]! - cells[LASTING]!;
      cells[OWN] = cells[LASTING]!;
      cells[COLLECTIONS] = cells[COLLECTIONS]! + 1;
    }
    cells[LAST] = used;
    switch (kind) {
      case HEAP:
        now[0] = used - cells[OWN]! + statistics.external_memory;
        break;
      case HEAP_USED:
        now[0] = used - cells[OWN]!;
        break;
      case HEAP_TOTAL:
        now[0] = statistics.total_heap_size;
        break;
      case EXTERNAL:
        now[0] = statistics.external_memory;
        break;
      case HEAP_AND_EXTERNAL:
        now[1] = used - cells[OWN]! + statistics.external_memory;
        now[2] = statistics.external_memory;
        break;
      default:
        throw new RangeError(`no such kind of heap reading: ${kind satisfies never}`);
    }
    if (!isNull) return 0;
    const random = (cells[RANDOM]! * 9301 + 49297) % RANDOM_RANGE;
    cells[RANDOM] = random;
    return 2 + Math.floor((random / RANDOM_RANGE) * NULL_SPREAD);
  }

  /** As a null probe: without one what a reading takes would be what it took while V8 had yet to optimise it. */
  learnReading(more: number): void {
    const { cells } = this;
    const a = cells[NULL_2]!;
    const b = cells[NULL_3]!;
    const c = Math.max(0, cells[COST]! + more);
    cells[NULL_1] = a;
    cells[NULL_2] = b;
    cells[NULL_3] = c;
    cells[COST] = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /**
   * From now on garbage is collected by `collect` before readings, and what lasts of the profiler's own is told apart.
   *
   * @param settled one value: the heap as the last look of `collect` has found it
   */
  collectBy(collect: () => void, settled: Float64Array): void {
    this.collect = collect;
    this.settled = settled;
  }

  /** Adds an activation to the profiler's account. */
  activated(): void {
    this.cells[OWN]! += this.cells[ACTIVATION]!;
    if (this.collect !== undefined) this.cells[LASTING]! += this.cells[ACTIVATION]!;
  }

  /** It has ended: the next collection takes it. */
  ended(): void {
    if (this.collect !== undefined) this.cells[LASTING]! -= this.cells[ACTIVATION]!;
  }

  /** Adds a reading of the clock to the profiler's account. */
  timed(): void {
    this.cells[OWN]! += A_NUMBER;
  }

  learnActivation(bytes: number): void {
    this.cells[ACTIVATION] = bytes;
  }

  /** After a collection that was asked for, whatever the heap shows: nothing of the profiler's is left. */
  forget(): void {
    const { cells } = this;
    cells[COLLECTED] = cells[COLLECTED]! + cells[OWN]! + cells[COST]! - cells[LASTING]!;
    cells[OWN] = cells[LASTING]!;
  }

  /** What collections took of the profiler's own, of all that they took. */
  get collected(): number {
    return this.cells[COLLECTED]!;
  }

  /** Adds what `ask` allocates to the profiler's account. It says whether garbage was collected since it was asked last. */
  askBy(ask: () => boolean): void {
    const { cells } = this;
    const before = this.getHeapStatistics().used_heap_size;
    const isNews = ask() && cells[COLLECTIONS] === cells[SEEN];
    if (isNews) this.forget();
    const after = this.getHeapStatistics().used_heap_size;
    if (after > before) cells[OWN] = cells[OWN]! + (after - before);
    // What the second look leaves; after a collection the next sample counts a probe too many.
    if (!isNews) cells[OWN] = cells[OWN]! + cells[COST]!;
    cells[LAST] = after;
    cells[SEEN] = cells[COLLECTIONS]!;
  }

  /** Adds what `work` allocates to the profiler's account. */
  exclude(work: () => void): void {
    const { collect, settled, cells } = this;
    if (collect !== undefined) return this.excludeLasting(work, collect, settled!);
    const now = new Float64Array(1);
    this.sample(HEAP_USED, false, now);
    const before = now[0]!;
    work();
    this.sample(HEAP_USED, false, now);
    const more = now[0]! - before;
    if (more > 0) cells[OWN]! += more;
  }

  /**
   * By looks that agree: V8 may take an area of old space behind a collection, and counts it whole until the next. What is
   * wrong here is so on every row from then on.
   */
  private excludeLasting(work: () => void, collect: () => void, settled: Float64Array): void {
    const before = new Float64Array(1);
    collect();
    before[0] = settled[0]!;
    work();
    for (let i = 0; i < COLLECTIONS_AFTER; i++) collect();
    this.cells[LASTING]! += settled[0]! - before[0]!;
  }
}
