/**
 * The time of lines that are not read each time: what a sample says of one execution, times how often it ran without. In
 * windows of some milliseconds, and all lines together never more than has passed. Where a listing is known to have run all
 * the time between two slow calls, its lines share what has passed. Milliseconds.
 */
import type { HotLine } from "../auto/hot-line.ts";

const WINDOW_MS = 5;
/** Samples of which the largest is left out, while there are no more. */
const FIRST = 8;
/** Weight of a new sample once there are some. */
const NEWEST = 1 / 64;
/** What is so much longer than the others, and longer than `STRAY_MS`, may be an interruption. */
const STRAY = 8;
const STRAY_MS = 0.02;
/** Fewer of them are; so many are what the line does; between, they have what the others leave. */
const FEW = 8;
const MANY = 32;

const MEAN = 0;
const LARGEST = 1;
const STRAYS = 2;
const CALLED = 3;
const SEEN = 4;
const TAKEN = 5;
const TAKEN_BY_CALLEES = 6;
/** When a stretch began. */
const THEN = 7;
const MEAN_NOW = 8;
const STRAY_NOW = 9;
const CELLS = 10;
/** What an execution takes at least, for its share of a stretch. */
const LEAST = 1e-6;

/** What has come since it was asked last. */
export interface Taken {
  own: number;
  callees: number;
}

/** The time of one hot line. */
export class HotTime {
  readonly line: HotLine;
  private readonly cells = new Float64Array(CELLS);
  private samples = 0;
  private strays = 0;
  private begun = 0;

  constructor(line: HotLine) {
    this.line = line;
  }

  /** An execution begins that is followed. */
  begin(): void {
    this.begun++;
  }

  /** It has taken `ms`, others that it called apart. */
  sampled(ms: number): void {
    this.samples++;
    this.average(ms);
    const { cells, strays } = this;
    const stray = cells[STRAYS]! / this.samples;
    cells[MEAN_NOW] = Math.max(0, cells[MEAN]!) + (strays < MANY ? 0 : stray);
    cells[STRAY_NOW] = strays < FEW || strays >= MANY ? 0 : stray;
  }

  private average(ms: number): void {
    const { cells } = this;
    if (this.samples > FIRST && ms > STRAY * cells[MEAN]! && ms > cells[MEAN]! + STRAY_MS) {
      this.strays++;
      cells[STRAYS] = cells[STRAYS]! + ms;
      return;
    }
    if (this.samples > FIRST) {
      const count = this.samples - this.strays;
      cells[MEAN] = cells[MEAN]! + (ms - cells[MEAN]!) * Math.max(NEWEST, 1 / count);
      return;
    }
    // The largest of the first ones waits outside of the mean.
    const smaller = this.samples === 1 ? ms : Math.min(ms, cells[LARGEST]!);
    cells[LARGEST] = Math.max(ms, cells[LARGEST]!);
    cells[MEAN] = cells[MEAN]! + (smaller - cells[MEAN]!) / Math.max(1, this.samples - 1);
  }

  /** What others took that it called. */
  called(ms: number): void {
    const { cells } = this;
    cells[CALLED] = cells[CALLED]! + (ms - cells[CALLED]!) * Math.max(NEWEST, 1 / Math.max(1, this.samples));
  }

  /** Of one execution, strays apart; and what these come to. */
  get mean(): number {
    return this.cells[MEAN_NOW]!;
  }

  get stray(): number {
    return this.cells[STRAY_NOW]!;
  }

  /** Executions that were not followed. */
  get unfollowed(): number {
    return this.line.executions - this.begun;
  }

  get sinceSeen(): number {
    return this.unfollowed - this.cells[SEEN]!;
  }

  /** A window closes, in which an execution has `share` of the mean. */
  see(share: number, strayShare: number): void {
    const { cells } = this;
    const count = this.sinceSeen;
    cells[SEEN] = this.unfollowed;
    cells[TAKEN] = cells[TAKEN]! + count * (this.mean * share + this.stray * strayShare);
    cells[TAKEN_BY_CALLEES] = cells[TAKEN_BY_CALLEES]! + count * Math.max(0, cells[CALLED]!);
  }

  // ---- a stretch in which nothing of the listing was followed ----

  beginStretch(): void {
    this.cells[THEN] = this.unfollowed;
  }

  get sinceThen(): number {
    return this.unfollowed - this.cells[THEN]!;
  }

  get weight(): number {
    return this.sinceThen * Math.max(LEAST, this.mean + this.stray);
  }

  /** Its executions since the stretch began are known to have taken `ms`. */
  endStretch(ms: number): void {
    const { cells } = this;
    const count = this.sinceThen;
    this.begun += count;
    cells[TAKEN] = cells[TAKEN]! + ms;
    cells[TAKEN_BY_CALLEES] = cells[TAKEN_BY_CALLEES]! + count * Math.max(0, cells[CALLED]!);
  }

  take(): Taken {
    const { cells } = this;
    const taken = { own: cells[TAKEN]!, callees: cells[TAKEN_BY_CALLEES]! };
    cells[TAKEN] = 0;
    cells[TAKEN_BY_CALLEES] = 0;
    return taken;
  }
}

const RESTED = 0;
const SHARE = 1;
const STRAY_SHARE = 2;

/** Those of all listings of a thread. */
export class HotTimes {
  private readonly lines: HotTime[] = [];
  private readonly cells = Float64Array.of(0, 1, 1);
  /** What the profiler took, said at each window. */
  private readonly tell: () => void;
  /** What has passed up to now, without what is known exactly and what the profiler took. */
  private readonly rest: () => number;

  constructor(rest: () => number, tell: () => void) {
    this.rest = rest;
    this.tell = tell;
    this.cells[RESTED] = rest();
  }

  add(line: HotLine): HotTime {
    const time = new HotTime(line);
    if (this.lines.length === 0) this.cells[RESTED] = this.rest();
    this.lines[this.lines.length] = time;
    return time;
  }

  /** What `count` executions of a line should take. */
  expected({ mean, stray }: HotTime, count: number): number {
    const { cells } = this;
    return count * (mean * cells[SHARE]! + stray * cells[STRAY_SHARE]!);
  }

  /** What all of them should have taken up to now. */
  sum(): number {
    const { lines } = this;
    let sum = 0;
    for (let i = 0; i < lines.length; i++) sum += this.expected(lines[i]!, lines[i]!.unfollowed);
    return sum;
  }

  /** A sample has ended. */
  look(): void {
    const passed = this.rest() - this.cells[RESTED]!;
    if (passed > WINDOW_MS) this.close();
  }

  close(): void {
    const { lines, cells } = this;
    this.tell();
    const rest = this.rest();
    const passed = Math.max(0, rest - cells[RESTED]!);
    cells[RESTED] = rest;
    let expected = 0;
    let strays = 0;
    for (let i = 0; i < lines.length; i++) {
      expected += lines[i]!.sinceSeen * lines[i]!.mean;
      strays += lines[i]!.sinceSeen * lines[i]!.stray;
    }
    // What is long and seldom has what the others leave.
    if (expected > 0) cells[SHARE] = Math.min(1, passed / expected);
    if (strays > 0) cells[STRAY_SHARE] = Math.min(1, Math.max(0, passed - expected) / strays);
    for (let i = 0; i < lines.length; i++) lines[i]!.see(cells[SHARE]!, cells[STRAY_SHARE]!);
  }
}
