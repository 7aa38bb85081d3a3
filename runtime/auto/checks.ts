/**
 * Where collections fall into windows, some are checked: V8 counts meanwhile what collections take, so that what the heap has
 * grown by is known. The others are judged by these. Bytes; times in milliseconds.
 */
import type { CollectionCount } from "../core/state.ts";
import type { Pace } from "./pace.ts";

/** Checks may take this part of what readings may, besides. */
const PART = 0.25;
/** What took longer was interrupted. */
const MOST_MS = 1;
/** So many windows are checked after one in which there may have been a collection. */
const WANTED = 64;
/** Of what lines should have made, a window with less may have had one that was not seen. */
const DOUBTFUL = 0.75;
/** Less says nothing. */
const LEAST = 64 * 1024;

/** When one may be checked again, and what beginning this one has taken. */
const DUE = 0;
const SPENT = 1;
const CELLS = 2;

export class Checks {
  private readonly pace: Pace;
  private readonly count: CollectionCount | undefined;
  private readonly cells = new Float64Array(CELLS);
  private wanted = 0;
  private isOpen = false;
  private isFirst = true;

  /** @param count undefined on a host where that cannot be asked */
  constructor(pace: Pace, count: CollectionCount | undefined) {
    this.pace = pace;
    this.count = count;
  }

  /** A window begins. */
  begin(at: number): void {
    const { pace, count, cells } = this;
    if (count === undefined || this.wanted === 0 || at < cells[DUE]!) return;
    this.isOpen = true;
    count.begin();
    cells[SPENT] = pace.time() - at;
  }

  /** It ends. @returns what collections took in it; undefined where that is not known */
  end(): number | undefined {
    if (!this.isOpen) return undefined;
    const { pace, cells } = this;
    this.isOpen = false;
    const began = pace.time();
    const taken = this.count!.end();
    const ended = pace.time();
    const spent = Math.min(cells[SPENT]! + ended - began, MOST_MS);
    pace.spend(spent, MOST_MS);
    // The first takes far longer: code runs in it for the first time.
    if (this.isFirst) this.isFirst = false;
    else cells[DUE] = ended + spent / (PART * pace.overhead);
    if (taken === 0) this.wanted--;
    return taken;
  }

  /** There was a collection, or may have been. */
  want(): void {
    this.wanted = WANTED;
  }

  /** A window has grown by `came` that was not checked. @param expected what lines should have made */
  isDoubtful(came: number, expected: number): boolean {
    return expected > LEAST && this.count !== undefined && came < DOUBTFUL * expected;
  }
}
