/**
 * Readings of lines that are not read each time. The heap is one for all listings of a thread, and so is this. Bytes; times
 * in milliseconds.
 *
 * What the heap grows by is shared out in windows of some milliseconds: each line has what its samples say of one execution
 * times how often it ran, and the lines of a listing together never more than there was. Between the reading that begins a
 * sample and the one that ends it nothing of ours may allocate: all arithmetic is before or behind them.
 */
import type { Reader } from "../core/state.ts";
import { COLLECTION, EVENT, type HotLine } from "./hot-line.ts";
import { type Pace, SELDOM_MS } from "./pace.ts";

/** A jump that cannot be shown to be one line's. */
export interface Ambiguous {
  bytes: number;
  candidates: readonly HotLine[];
}

const WINDOW_MS = 5;
const WINDOW_BYTES = 4 * 1024 * 1024;
/** What a window costs for each line, and a reading: by these both are spaced, so that many lines cost what few do. */
const LINE_MS = 0.0002;
const READING_MS = 0.002;

/** Readings of a sample besides the one that is timed: a clock between them would be in what the line allocates. */
const OTHER_READINGS = 4;

const BEGIN = 0;
const LAST = 1;
const GROWN = 2;
/** What a reading itself leaves on the heap, as far as the gauge does not know it. */
const SELF = 3;
const FIRST = 4;
/** What the heap has grown by in this window, events apart; when that began. */
const WINDOW = 5;
const WINDOW_AT = 6;
const CELLS = 7;
/** A pair of readings that says more had something else between them. */
const MOST_SELF = 4096;

export class Sampler {
  readonly pace: Pace;
  readonly ambiguous: Ambiguous[] = [];
  private readonly lines: HotLine[] = [];
  private readonly gauge: Reader;
  private readonly cells = new Float64Array(CELLS);
  private random = 88172645;

  constructor(gauge: Reader, pace: Pace) {
    this.gauge = gauge;
    this.pace = pace;
  }

  add(line: HotLine): void {
    if (this.lines.length === 0) {
      this.gauge.read();
      this.cells[LAST] = this.gauge.now[0]!;
      this.cells[WINDOW_AT] = this.pace.time();
    }
    this.lines[this.lines.length] = line;
  }

  /** What the heap has grown by since the first line was not read each time, what was collected included. */
  get grown(): number {
    return this.cells[GROWN]!;
  }

  /** Lines that come more seldom are read each time, as long as there are not too many of them. */
  get seldom(): number {
    return Math.max(SELDOM_MS, (2 * READING_MS * this.lines.length) / this.pace.overhead);
  }

  /**
   * The countdown of a line has come to its end.
   *
   * @returns the next period, negative if the line is not to be read now
   */
  plan(line: HotLine, store: unknown): number {
    const { pace } = this;
    const began = pace.time();
    const passed = line.askedAt(began);
    let period = pace.next(line.period, passed, this.nextRandom());
    if (store !== undefined && line.isUnbounded) {
      const until = line.growth.until(store);
      if (until > 0 && until < period) period = until;
    }
    const isCut = pace.isOver && passed < this.seldom && !line.growth.isDue;
    if (isCut && line.period < 16) period = 2 * line.period;
    line.period = period;
    pace.spent(began, 0);
    return isCut ? -period : period;
  }

  /** The line begins: the last thing before it runs. */
  begin(): void {
    const { gauge } = this;
    const { pace } = this;
    const began = pace.time();
    gauge.read();
    pace.learnReading(began);
    this.look(gauge.now[0]!, began);
    pace.spent(began, OTHER_READINGS);
    this.goOn();
  }

  /** It goes on after a call that had rows of its own. Two readings: what one leaves behind is between them. */
  goOn(): void {
    const { gauge, cells } = this;
    gauge.read();
    cells[FIRST] = gauge.now[0]!;
    gauge.read();
    cells[BEGIN] = gauge.now[0]!;
  }

  /** The line pauses. @returns what the heap has changed by */
  pause(): number {
    const { gauge, cells } = this;
    gauge.read();
    const now = gauge.now[0]!;
    const self = cells[BEGIN]! - cells[FIRST]!;
    if (Math.abs(self) <= MOST_SELF) cells[SELF] = self;
    const change = now - cells[BEGIN]! - cells[SELF]!;
    cells[LAST] = now;
    if (change < -COLLECTION) this.collected();
    else this.grow(change);
    return change;
  }

  /** It ends. @param before of one: what it has changed the heap by until it paused */
  end(line: HotLine, before: Float64Array): void {
    const last = this.pause();
    const change = before[0]! + last;
    if (line.sampled(change)) this.cells[WINDOW] = this.cells[WINDOW]! - change;
    // What that has put on the heap is ours.
    this.gauge.read();
    this.cells[LAST] = this.gauge.now[0]!;
  }

  /** Everything up to now is shared out. */
  flush(): void {
    if (this.lines.length === 0) return;
    this.gauge.read();
    this.look(this.gauge.now[0]!, this.pace.time());
    this.close(this.pace.time());
  }

  private grow(change: number): void {
    const { cells } = this;
    cells[GROWN] = cells[GROWN]! + Math.max(0, change);
    cells[WINDOW] = cells[WINDOW]! + change;
  }

  /** What has grown where nothing was read. */
  private look(now: number, at: number): void {
    const { cells, pace, lines } = this;
    const change = now - cells[LAST]!;
    cells[LAST] = now;
    if (change < -COLLECTION) this.collected();
    else if (change > EVENT) this.jump(change);
    else this.grow(change);
    const length = Math.max(WINDOW_MS, (4 * LINE_MS * lines.length) / pace.overhead);
    if (cells[WINDOW]! > WINDOW_BYTES || at - cells[WINDOW_AT]! > length) this.close(at);
  }

  /** A collection hides what grew before it: that is what was to be expected. */
  private collected(): void {
    const missing = Math.max(0, this.expected() - this.cells[WINDOW]!);
    this.grow(missing);
    this.close(this.pace.time());
  }

  private jump(change: number): void {
    this.grow(change);
    const excess = Math.min(change, this.cells[WINDOW]! - this.expected());
    if (excess <= EVENT) return;
    this.cells[WINDOW] = this.cells[WINDOW]! - excess;
    this.charge(excess);
    this.close(this.pace.time());
  }

  /** What all lines should have allocated in this window: the most that a listing says, as listings are in each other. */
  private expected(): number {
    const { lines } = this;
    for (let i = 0; i < lines.length; i++) lines[i]!.group.expectedEarly = 0;
    let most = 0;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      line.group.expectedEarly += line.earlyRate * line.sinceSeen;
      most = Math.max(most, line.group.expectedEarly);
    }
    return most;
  }

  /** An event: of the one line of a listing that can have been it. */
  private charge(bytes: number): void {
    const groups = new Map<object, HotLine[]>();
    for (const line of this.lines) {
      if (!line.isUnbounded || line.sinceSeen === 0 || line.growth.isFollowed) continue;
      const group = groups.get(line.group);
      if (group) group.push(line);
      else groups.set(line.group, [line]);
    }
    for (const candidates of groups.values()) {
      if (candidates.length === 1) candidates[0]!.add(bytes);
      else this.keep(bytes, candidates);
    }
  }

  private keep(bytes: number, candidates: readonly HotLine[]): void {
    const same = ({ candidates: known }: Ambiguous) =>
      known.length === candidates.length && known.every((line, i) => line === candidates[i]);
    const known = this.ambiguous.find(same);
    if (known) known.bytes += bytes;
    else this.ambiguous.push({ bytes, candidates });
  }

  /** Shares the window out, and begins another. */
  private close(at: number): void {
    const { cells, lines } = this;
    const grown = Math.max(0, cells[WINDOW]!);
    cells[WINDOW] = 0;
    cells[WINDOW_AT] = at;
    for (let i = 0; i < lines.length; i++) {
      const { group } = lines[i]!;
      group.expected = 0;
      group.expectedEarly = 0;
    }
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const count = line.sinceSeen;
      line.group.expected += line.rate * count;
      line.group.expectedEarly += line.earlyRate * count;
    }
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const count = line.sinceSeen;
      if (count > 0) line.add(shareOf(line, grown) * count);
      line.see();
    }
  }

  private nextRandom(): number {
    let x = this.random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.random = x;
    return (x >>> 0) / 2 ** 32;
  }
}

/** What an execution of a line has of a window that has grown by `grown`: never more than early on. */
function shareOf({ rate, earlyRate, group }: HotLine, grown: number): number {
  const { expected, expectedEarly } = group;
  if (grown <= expected) return expected > 0 ? (rate * grown) / expected : 0;
  if (grown >= expectedEarly) return earlyRate;
  return rate + ((earlyRate - rate) * (grown - expected)) / (expectedEarly - expected);
}
