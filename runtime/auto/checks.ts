/**
 * Where collections fall into windows, some are checked: V8 counts meanwhile what collections take, so that what the heap has
 * grown by is known, and how much of what samples say comes true. By that the others are judged. Bytes; times in milliseconds.
 */
import { likelyOf } from "./expected.ts";
import type { HotLine } from "./hot-line.ts";
import type { Pace } from "./pace.ts";

/** What collections take, for a while at a time. */
export interface CollectionCount {
  begin(): void;
  /** @returns what they took since then of the program's; undefined where that is not known */
  end(): number | undefined;
}

/** Checks may take this part of what readings may, besides. */
const PART = 0.25;
/** What took longer was interrupted. */
const MOST_MS = 1;
/** So many windows are checked after one in which there may have been a collection. */
const WANTED = 64;
/** Of what samples say, a window with less may have had one that was not seen. */
const DOUBTFUL = 0.75;
/** Less says nothing. */
const LEAST = 64 * 1024;
/** Weight of the newest. */
const NEWEST = 1 / 8;

/** Of the windows that are known: what they have grown by; a sum that fades. */
const CAME = 0;
/** When one may be checked again, and what beginning this one has taken. */
const DUE = 1;
const SPENT = 2;
const CELLS = 3;

export class Checks {
  private readonly pace: Pace;
  private readonly count: CollectionCount | undefined;
  private readonly cells = new Float64Array(CELLS);
  private wanted = 0;
  private isOpen = false;

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
    cells[DUE] = ended + spent / (PART * pace.overhead);
    if (taken === 0) this.wanted--;
    return taken;
  }

  /** There was a collection, or may have been. */
  want(): void {
    this.wanted = WANTED;
  }

  /** A window has grown by `came` that was not checked. @param expected what samples say */
  isDoubtful(came: number, expected: number, lines: readonly HotLine[]): boolean {
    return expected > LEAST && this.count !== undefined && came < DOUBTFUL * this.truth(lines) * expected;
  }

  /** It was, or there was no reason to. */
  learn(came: number, lines: readonly HotLine[]): void {
    const { cells } = this;
    cells[CAME] = cells[CAME]! * (1 - NEWEST) + Math.max(0, came);
    for (let i = 0; i < lines.length; i++) lines[i]!.know(NEWEST);
  }

  /**
   * As much comes true of what samples say: of what they would have said of windows that are known, by what is known of lines
   * now. At most all, as lines that nobody knows yet are in what came.
   */
  truth(lines: readonly HotLine[]): number {
    let expected = 0;
    for (let i = 0; i < lines.length; i++) expected += likelyOf(lines[i]!) * lines[i]!.known;
    return expected > LEAST ? Math.min(1, this.cells[CAME]! / expected) : 1;
  }
}
