/**
 * Readings of lines that are not read each time. The heap is one for all listings of a thread, and so is this. Bytes; times
 * in milliseconds.
 *
 * Between the reading that begins a sample and the one that ends it nothing of ours may allocate: all arithmetic is before or
 * behind them.
 */
import type { CollectionCount, Reader } from "../core/state.ts";
import { COLLECTION, EVENT, type HotLine } from "./hot-line.ts";
import { type Pace, SELDOM_MS } from "./pace.ts";
import { Windows } from "./windows.ts";

/** What a reading costs: by this lines are spaced that are read each time. */
const READING_MS = 0.002;

/** What it costs to pass over a call. */
const PASSING_MS = 0.00003;

/** Readings of a sample besides the one that is timed: a clock between them would be in what the line allocates. */
const OTHER_READINGS = 4;

const LAST = 0;
/** What a reading itself leaves on the heap, as far as the gauge does not know it. */
const SELF = 1;
/** What samples have put on the heap: for the lines of other listings that are read meanwhile. */
const OWN = 2;
/** What the heap has grown by since the last reading, when that was looked at ahead. */
const AHEAD = 3;
/** How often lines had begun that are not read each time, when one began that is. */
const BEGUN = 4;
const CELLS = 5;
/** Of the bracket round a line: the two readings that begin it, what samples had put on the heap until then. */
const FIRST = 0;
const BEGIN = 1;
const OWN_THEN = 2;
/** The reading before them. */
const LOOKED = 3;
/** How often other lines had been asked until then. */
const ASKED = 4;
/** What the line has changed the heap by. */
export const CHANGE = 5;
/** How often other lines were asked within it. */
const DISTURBED = 6;
export const BRACKET = 7;
/** A pair of readings that says more had something else between them. */
const MOST_SELF = 4096;

export class Sampler {
  readonly pace: Pace;
  readonly windows: Windows;
  private readonly gauge: Reader;
  private readonly cells = new Float64Array(CELLS);
  /** Its last reading is the last that was taken, and not in the cells yet. */
  private latest: Float64Array | undefined;
  /** The hot line that begins now, and the one that began when the last reading was taken: that was counted, and ran since. */
  arriving: HotLine | undefined;
  private running: HotLine | undefined;
  /** How often lines were asked. */
  private asked = 0;
  /** Readings taken. */
  readings = 0;
  /** How often a call was passed over while a line was being read. */
  passedOver = 0;
  /** Nothing runs that there would be to share out. */
  isFlushed = false;
  /** What was released since the last reading was released when lines had ended: it is none of theirs. */
  hasEnded = false;
  private random = 88172645;

  private prepare: (() => void) | undefined;

  /**
   * @param prepare readies the gauge: its readings leave pages behind, which V8 gives back later, within rows
   * @param count what collections take of what the gauge reads, if the host says so
   */
  constructor(gauge: Reader, pace: Pace, prepare?: () => void, count?: CollectionCount) {
    this.gauge = gauge;
    this.pace = pace;
    this.windows = new Windows(pace, count && { begin: () => count.begin(), end: () => this.endCount(count) });
    this.prepare = prepare;
  }

  /** Before the first line is added. @returns whether that took memory just now */
  ready(): boolean {
    const { prepare } = this;
    this.prepare = undefined;
    prepare?.();
    return prepare !== undefined;
  }

  add(line: HotLine): void {
    const { windows, gauge, cells, pace } = this;
    if (!this.isSampling) {
      gauge.read();
      cells[LAST] = gauge.now[0]!;
      windows.begin(pace.time());
    }
    windows.lines[windows.lines.length] = line;
  }

  remove(line: HotLine): void {
    const { lines } = this.windows;
    lines.splice(lines.indexOf(line), 1);
    if (this.arriving === line) this.arriving = undefined;
    if (this.running === line) this.running = undefined;
  }

  /** Some lines are not read each time. */
  get isSampling(): boolean {
    return this.windows.lines.length > 0;
  }

  /** `grown` as it is now, though nothing is made of it yet. */
  lookAhead(): number {
    this.readings++;
    this.gauge.read();
    this.cells[AHEAD] = Math.max(0, this.gauge.now[0]! - this.last);
    return this.windows.grown + this.cells[AHEAD]!;
  }

  /** The last reading, whatever was made of it. */
  get reading(): number {
    return this.gauge.now[0]!;
  }

  /** Such a part of what was seen ahead came while nothing ran: it is no line's event. */
  skip(part: number): void {
    const { cells, windows } = this;
    const bytes = part * cells[AHEAD]!;
    if (bytes <= EVENT) return;
    cells[AHEAD] = cells[AHEAD]! - bytes;
    windows.passOver(bytes);
    this.last = this.last + bytes;
  }

  /** Lines that come more seldom are read each time, as long as there are not too many of them. */
  get seldom(): number {
    return Math.max(SELDOM_MS, (2 * READING_MS * this.windows.lines.length) / this.pace.overhead);
  }

  /**
   * The countdown of a line has come to its end.
   *
   * @returns the next period, negative if the line is not to be read now
   */
  plan(line: HotLine, store: unknown): number {
    const { pace } = this;
    this.asked++;
    const began = pace.time();
    const passed = line.askedAt(began);
    let period = line.isNew ? 2 * line.period : pace.next(line.period, passed, this.nextRandom());
    line.growth.isDue = false;
    if (store !== undefined && line.isUnbounded && !pace.isFarOver) {
      const until = line.growth.until(store, this.nextRandom());
      if (until > 0 && until < period) period = until;
      this.takeHidden(line);
    }
    const isCut = pace.isOverWithSamples && passed < this.seldom && !line.growth.isDue && !line.isNew;
    if (isCut && line.period < 16) period = 2 * line.period;
    line.period = period;
    pace.spent(began, 0);
    return isCut ? -period : period;
  }

  /** Its store has grown where a collection was, too. */
  private takeHidden(line: HotLine): void {
    const bytes = line.growth.takeHidden();
    if (bytes === 0) return;
    line.add(bytes);
    this.windows.passOver(bytes);
  }

  /** A line begins that its listing reads round: the last thing before it runs. */
  begin(bracket: Float64Array): void {
    const { gauge, pace } = this;
    const began = pace.time();
    this.readings++;
    gauge.read();
    pace.learnReading(began);
    this.look(gauge.now[0]!, began);
    pace.spent(began, OTHER_READINGS);
    bracket[CHANGE] = 0;
    bracket[DISTURBED] = 0;
    this.open(bracket);
  }

  /** It goes on after a call that had rows of its own. */
  goOn(bracket: Float64Array): void {
    const { gauge, windows, pace } = this;
    this.readings++;
    gauge.read();
    this.look(gauge.now[0]!, windows.beganAt);
    pace.read(OTHER_READINGS);
    this.open(bracket);
  }

  /**
   * Two readings: what one leaves behind is between them. From the first of them on nothing else is done, not even
   * arithmetic, until the line pauses or ends.
   */
  private open(bracket: Float64Array): void {
    const { gauge, cells } = this;
    bracket[LOOKED] = cells[LAST]!;
    bracket[OWN_THEN] = cells[OWN]!;
    bracket[ASKED] = this.asked;
    this.latest = bracket;
    this.readings += 2;
    gauge.read();
    bracket[FIRST] = gauge.now[0]!;
    gauge.read();
    bracket[BEGIN] = gauge.now[0]!;
  }

  /** The last reading that was taken. */
  private get last(): number {
    return this.latest === undefined ? this.cells[LAST]! : this.latest[BEGIN]!;
  }

  private set last(reading: number) {
    this.latest = undefined;
    this.running = this.arriving;
    this.cells[LAST] = reading;
  }

  /** Lines that are read each time: one has ended, if `ended`, and one begins, if `begins`. What came is its, if no other ran; large pieces in any case. */
  between(ended: boolean, begins: boolean): void {
    const { gauge, pace, windows, cells } = this;
    if (windows.lines.length === 0 || !(ended || begins)) return;
    gauge.read();
    const now = gauge.now[0]!;
    this.readings++;
    const change = now - this.last;
    const { begun } = windows;
    const isAlone = begun === cells[BEGUN];
    cells[BEGUN] = begins ? begun : Number.NaN;
    if (ended && change > (isAlone ? COLLECTION : EVENT)) {
      this.last = now;
      windows.passOver(change);
    } else this.look(now, pace.time());
  }

  /** It pauses. */
  pause(bracket: Float64Array): void {
    const { gauge, cells } = this;
    gauge.read();
    const now = gauge.now[0]!;
    this.readings++;
    const self = bracket[BEGIN]! - bracket[FIRST]!;
    if (Math.abs(self) <= MOST_SELF) cells[SELF] = self;
    const others = cells[OWN]! - bracket[OWN_THEN]!;
    bracket[CHANGE] = bracket[CHANGE]! + (now - bracket[BEGIN]! - cells[SELF]! - others);
    cells[OWN] = cells[OWN]! + 2 * cells[SELF]! + Math.max(0, bracket[FIRST]! - bracket[LOOKED]!);
    bracket[DISTURBED] = bracket[DISTURBED]! + this.asked - bracket[ASKED]!;
    this.windows.inside = this.arriving;
    const change = now - this.last - cells[SELF]!;
    this.last = now;
    this.windows.settle(change);
  }

  /** It has ended, with a pause. */
  end(line: HotLine, bracket: Float64Array): void {
    const { gauge, cells } = this;
    this.take(line, bracket[CHANGE]!, bracket[DISTURBED] !== 0);
    // What that has put on the heap is ours.
    this.readings++;
    gauge.read();
    const now = gauge.now[0]!;
    cells[OWN] = cells[OWN]! + cells[SELF]! + Math.max(0, now - this.last);
    this.last = now;
    gauge.learnReading?.(cells[SELF]!);
  }

  /** One execution of `line` has changed the heap by so much. @param isDisturbed beside what other lines were asked with */
  take(line: HotLine, change: number, isDisturbed: boolean): void {
    if (line.sampled(change, isDisturbed)) this.windows.leaveOut(change);
    this.takeHidden(line);
    this.pace.spend(this.passedOver * PASSING_MS);
    this.passedOver = 0;
  }

  /** Everything up to now is shared out. @param isRunning a line asks; else what has run may have ended */
  flush(isRunning: boolean): void {
    if (this.isFlushed || this.windows.lines.length === 0) return;
    this.gauge.read();
    const { arriving } = this;
    this.hasEnded = !isRunning;
    if (!isRunning) this.arriving = undefined;
    this.look(this.gauge.now[0]!, this.pace.time());
    this.windows.flush(this.pace.time());
    this.hasEnded = false;
    this.arriving = arriving;
  }

  /** With what the gauge says otherwise, now that it knows of them. */
  private endCount(count: CollectionCount): number | undefined {
    const { gauge, cells } = this;
    const before = gauge.now[0]!;
    const taken = count.end();
    this.readings++;
    gauge.read();
    cells[LAST] = gauge.now[0]!;
    return taken === undefined ? undefined : taken + cells[LAST]! - before;
  }

  /** What has grown where nothing was read. */
  private look(now: number, at: number): void {
    const change = now - this.last;
    const { running } = this;
    this.last = now;
    this.windows.inside = this.arriving;
    this.windows.look(change, at, this.arriving, running);
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
