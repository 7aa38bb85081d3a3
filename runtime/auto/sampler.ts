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
/** Where V8 collects so often that most windows end by it: some have to come before. */
const SHORT_BYTES = 256 * 1024;
const FEWEST_WHOLE = 0.25;
/** What a window costs for each line, and a reading: by these both are spaced, so that many lines cost what few do. */
const LINE_MS = 0.0002;
const READING_MS = 0.002;

/** Readings of a sample besides the one that is timed: a clock between them would be in what the line allocates. */
const OTHER_READINGS = 4;

const LAST = 0;
const GROWN = 1;
/** What a reading itself leaves on the heap, as far as the gauge does not know it. */
const SELF = 2;
/** What samples have put on the heap: for the lines of other listings that are read meanwhile. */
const OWN = 3;
/** What the heap has grown by in this window, events apart; when that began. */
const WINDOW = 4;
const WINDOW_AT = 5;
/** What the heap has grown by since the last reading, when that was looked at ahead. */
const AHEAD = 6;
/** What all lines should have allocated in this window: as they mostly do, and at the most. */
const MOSTLY = 7;
const AT_MOST = 8;
/** What windows without a collection have grown by lately beyond what lines mostly do, and would have at the most. */
const BEYOND = 9;
const MOST_BEYOND = 10;
/** The share of the windows in which there was no collection. */
const WHOLE = 11;
const CELLS = 12;
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
/** Weight of the newest window. */
const NEWEST = 1 / 32;
/** A pair of readings that says more had something else between them. */
const MOST_SELF = 4096;

/** What is told of each window before it is shared out. */
export interface WindowListener {
  pass(): void;
}

export class Sampler {
  readonly pace: Pace;
  readonly ambiguous: Ambiguous[] = [];
  private readonly lines: HotLine[] = [];
  private readonly listeners: WindowListener[] = [];
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
  private random = 88172645;

  private prepare: (() => void) | undefined;

  /** @param prepare readies the gauge: its readings leave pages behind, which V8 gives back later, within rows */
  constructor(gauge: Reader, pace: Pace, prepare?: () => void) {
    this.gauge = gauge;
    this.pace = pace;
    this.prepare = prepare;
  }

  /** Before the first line is added. @returns whether that took memory just now */
  ready(): boolean {
    const { prepare } = this;
    this.prepare = undefined;
    prepare?.();
    return prepare !== undefined;
  }

  tell(listener: WindowListener): void {
    this.listeners[this.listeners.length] = listener;
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

  /** Some lines are not read each time. */
  get isSampling(): boolean {
    return this.lines.length > 0;
  }

  /** What such lines have allocated up to now: the most that a listing says, as listings are in each other. */
  get ran(): number {
    const { lines } = this;
    for (let i = 0; i < lines.length; i++) lines[i]!.group.expectedEarly = 0;
    let most = 0;
    for (let i = 0; i < lines.length; i++) {
      const { group, allocated, rate, sinceSeen } = lines[i]!;
      group.expectedEarly += allocated + rate * sinceSeen;
      most = Math.max(most, group.expectedEarly);
    }
    return most;
  }

  /** `grown` as it is now, though nothing is made of it yet. */
  lookAhead(): number {
    this.readings++;
    this.gauge.read();
    this.cells[AHEAD] = Math.max(0, this.gauge.now[0]! - this.last);
    return this.cells[GROWN]! + this.cells[AHEAD]!;
  }

  /** Such a part of what was seen ahead came while nothing ran: it is no line's event. */
  skip(part: number): void {
    const { cells } = this;
    const bytes = part * cells[AHEAD]!;
    if (bytes <= EVENT) return;
    cells[AHEAD] = cells[AHEAD]! - bytes;
    cells[GROWN] = cells[GROWN]! + bytes;
    this.last = this.last + bytes;
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
    this.asked++;
    const began = pace.time();
    const passed = line.askedAt(began);
    let period = pace.next(line.period, passed, this.nextRandom());
    line.growth.isDue = false;
    if (store !== undefined && line.isUnbounded && !pace.isFarOver) {
      const until = line.growth.until(store);
      if (until > 0 && until < period) period = until;
    }
    const isCut = pace.isOver && passed < this.seldom && !line.growth.isDue;
    if (isCut && line.period < 16) period = 2 * line.period;
    line.period = period;
    pace.spent(began, 0);
    return isCut ? -period : period;
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
    const { gauge, cells, pace } = this;
    this.readings++;
    gauge.read();
    this.look(gauge.now[0]!, cells[WINDOW_AT]!);
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

  /** Lines that are read each time: one has ended, if `ended`, and one begins, if `begins`. Large pieces are theirs. */
  between(ended: boolean, begins: boolean): void {
    if (this.lines.length === 0 || !(ended || begins)) return;
    const { gauge, pace } = this;
    gauge.read();
    const now = gauge.now[0]!;
    this.readings++;
    if (ended && now - this.last > EVENT) this.last = now;
    else this.look(now, pace.time());
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
    this.settle(now - this.last - cells[SELF]!);
    this.last = now;
  }

  /** It ends. */
  end(line: HotLine, bracket: Float64Array): void {
    const { gauge, cells } = this;
    this.pause(bracket);
    const change = bracket[CHANGE]!;
    if (line.sampled(change, bracket[DISTURBED] !== 0)) cells[WINDOW] = cells[WINDOW]! - change;
    // What that has put on the heap is ours.
    this.readings++;
    gauge.read();
    const now = gauge.now[0]!;
    cells[OWN] = cells[OWN]! + cells[SELF]! + Math.max(0, now - this.last);
    this.last = now;
  }

  /** Everything up to now is shared out. */
  flush(): void {
    if (this.lines.length === 0) return;
    this.gauge.read();
    this.look(this.gauge.now[0]!, this.pace.time());
    this.close(this.pace.time());
  }

  /** The heap has changed by so much where nothing can jump. */
  private settle(change: number): void {
    if (change < -COLLECTION) this.collected();
    else this.grow(change);
  }

  private grow(change: number): void {
    const { cells } = this;
    cells[GROWN] = cells[GROWN]! + Math.max(0, change);
    cells[WINDOW] = cells[WINDOW]! + change;
  }

  /** What has grown where nothing was read. */
  private look(now: number, at: number): void {
    const { cells, pace, lines } = this;
    const change = now - this.last;
    const { running } = this;
    this.last = now;
    if (change > EVENT) this.jump(change, running);
    else this.settle(change);
    const shortest = (4 * LINE_MS * lines.length) / pace.overhead;
    const length = Math.max(WINDOW_MS, shortest);
    const passed = at - cells[WINDOW_AT]!;
    const grown = cells[WINDOW]!;
    if (grown > WINDOW_BYTES || passed > length) this.close(at);
    else if (cells[WHOLE]! < FEWEST_WHOLE && grown > SHORT_BYTES && passed > shortest) this.close(at);
  }

  /**
   * A collection hides what grew before it: that is what was to be expected, as near to the most as windows came lately in
   * which none was.
   */
  private collected(): void {
    const { cells } = this;
    this.expect();
    const span = cells[MOST_BEYOND]!;
    const part = span > 0 ? Math.min(1, Math.max(0, cells[BEYOND]! / span)) : 0;
    const expected = cells[MOSTLY]! + part * (cells[AT_MOST]! - cells[MOSTLY]!);
    this.grow(Math.max(0, expected - cells[WINDOW]!));
    cells[WHOLE] = cells[WHOLE]! * (1 - NEWEST);
    this.shareOut(this.pace.time());
  }

  private jump(change: number, running: HotLine | undefined): void {
    this.grow(change);
    this.expect();
    const excess = Math.min(change, this.cells[WINDOW]! - this.cells[AT_MOST]!);
    if (excess <= EVENT) return;
    this.cells[WINDOW] = this.cells[WINDOW]! - excess;
    this.charge(excess, running);
    this.close(this.pace.time());
  }

  /** Of the listing that should have allocated the most, as listings are in each other. */
  private expect(): void {
    const { cells, lines } = this;
    for (let i = 0; i < lines.length; i++) forgetExpected(lines[i]!);
    cells[MOSTLY] = 0;
    cells[AT_MOST] = 0;
    for (let i = 0; i < lines.length; i++) {
      const { group, rate, earlyRate, sinceSeen } = lines[i]!;
      group.expected += rate * sinceSeen;
      group.expectedEarly += earlyRate * sinceSeen;
      if (group.expectedEarly <= cells[AT_MOST]!) continue;
      cells[MOSTLY] = group.expected;
      cells[AT_MOST] = group.expectedEarly;
    }
  }

  /** An event: of the one line of a listing that can have been it. */
  private charge(bytes: number, running: HotLine | undefined): void {
    const groups = new Map<object, HotLine[]>();
    for (const line of this.lines) {
      const ran = line.sinceSeen - (line === this.arriving ? 1 : 0);
      if (!line.isUnbounded || (ran <= 0 && line !== running)) continue;
      const group = groups.get(line.group);
      if (group) group.push(line);
      else groups.set(line.group, [line]);
    }
    for (const group of groups.values()) {
      // Growths that are followed are read when they come: it was one of the others, if there are any.
      const others = group.filter(({ growth }) => !growth.isFollowed);
      const candidates = others.length > 0 ? others : group;
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

  /** A window without a collection ends. */
  private close(at: number): void {
    const { cells } = this;
    this.expect();
    cells[WHOLE] = cells[WHOLE]! * (1 - NEWEST) + NEWEST;
    // Else a collection was in it, and what has grown since hides that.
    if (2 * cells[WINDOW]! > cells[MOSTLY]!) {
      cells[BEYOND] = cells[BEYOND]! * (1 - NEWEST) + cells[WINDOW]! - cells[MOSTLY]!;
      cells[MOST_BEYOND] = cells[MOST_BEYOND]! * (1 - NEWEST) + cells[AT_MOST]! - cells[MOSTLY]!;
    }
    this.shareOut(at);
  }

  /** Shares the window out, of which the groups know what was expected, and begins another. */
  private shareOut(at: number): void {
    const { cells, lines, listeners } = this;
    for (let i = 0; i < listeners.length; i++) listeners[i]!.pass();
    const grown = Math.max(0, cells[WINDOW]!);
    cells[WINDOW] = 0;
    cells[WINDOW_AT] = at;
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

function forgetExpected({ group }: HotLine): void {
  group.expected = 0;
  group.expectedEarly = 0;
}
