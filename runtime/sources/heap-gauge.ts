/**
 * The one place that calls `v8.getHeapStatistics()`. The call allocates 0 to 632 bytes, by how far V8 has optimised it,
 * so the gauge keeps an account of what the profiler itself has put on the heap and has not been collected yet:
 * every sample adds the cost that the last null probe measured, and a fall of the heap shows a collection that took it.
 *
 * docs/reading-the-numbers.md has the figures, and what else was tried.
 */
import type { HeapStatistics } from "./source.ts";

/** Cells of `HeapGauge.cells`; typed, because a double in a field would be boxed at every store. */
export const USED = 0;
export const EXTERNAL = 1;
export const TOTAL = 2;
/** What the profiler has allocated since the last collection that was seen. */
const OWN = 3;
/** What one probe allocates. */
const COST = 4;
/** The used heap as V8 said it last. */
const LAST = 5;
const CELLS = 6;

/** A null probe that says more than this had something else in it, as a compilation. */
const HIGHEST_COST = 4096;
/** V8 gives back the unused end of an allocation area without a collection; such falls are smaller than this. */
const SMALLEST_COLLECTION = 256 * 1024;

/** A null probe follows 1 probe in 2 … 33, pseudo-random so that it keeps step with no loop. */
const NULL_SPREAD = 31;

export class HeapGauge {
  /** USED and so on, corrected. */
  readonly cells = new Float64Array(CELLS);
  private readonly getHeapStatistics: () => HeapStatistics;
  private random = 1;

  constructor(getHeapStatistics: () => HeapStatistics) {
    this.getHeapStatistics = getHeapStatistics;
  }

  /** Fills `cells`. `isNull`: nothing but a probe has run since the sample before. */
  sample(isNull: boolean): void {
    const cells = this.cells;
    const statistics = this.getHeapStatistics();
    const used = statistics.used_heap_size;
    const change = used - cells[LAST]!;
    if (isNull && change >= 0 && change <= HIGHEST_COST) cells[COST] = change;
    if (change >= 0) cells[OWN]! += cells[COST]!;
    else if (change <= -SMALLEST_COLLECTION || cells[OWN]! + change < 0) cells[OWN] = 0;
    else cells[OWN]! += change;
    cells[LAST] = used;
    cells[USED] = used - cells[OWN]!;
    cells[EXTERNAL] = statistics.external_memory;
    cells[TOTAL] = statistics.total_heap_size;
  }

  /** Probes until the next null probe. */
  nextNull(): number {
    this.random = (this.random * 1103515245 + 12345) & 0x3fffffff;
    return 2 + ((this.random >> 16) & NULL_SPREAD);
  }

  /** Adds what `work` allocates to the profiler's account. */
  exclude(work: () => void): void {
    const cells = this.cells;
    this.sample(false);
    const before = cells[USED]!;
    work();
    this.sample(false);
    const grown = cells[USED]! - before;
    if (grown > 0) cells[OWN]! += grown;
  }
}
