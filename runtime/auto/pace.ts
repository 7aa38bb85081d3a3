/** How much time readings may take: a share of the time that has passed, held by construction. Times in milliseconds. */

/** At the start readings may take this much besides, so that a short program is exact. */
const ALLOWANCE = 20;
/** Once that is used up, samples may take twice their share for a while, up to so much: else there would be none for long. */
const FIRST_SAMPLES = 4;
/** Growths may take a share of their own, beside the readings at random. */
const FAR = 1.3;
/** Slow calls between two looks at the clock, while all is exact. */
const CALLS_PER_LOOK = 64;
/** Lines that start more seldom are always read. */
export const SELDOM_MS = 2;
/** How often a line is read once it is not each time, at first and at most; what the control may make of it. */
const FIRST_SPACING = 0.3;
const SPACINGS = [0.02, 4] as const;
const CONTROL_MS = 5;
/** What takes longer was interrupted: the machine did something else meanwhile. */
const MOST_MS = 0.05;

const SPENT = 0;
const BEGAN = 1;
const LOOKED = 2;
const SPACING = 3;
const CONTROLLED = 4;
const SPENT_THEN = 5;
const CALL = 6;
const READING = 7;
const OVER_AT = 8;
const CELLS = 9;

export class Pace {
  private readonly cells = new Float64Array(CELLS);
  readonly now: () => number;
  /** The share that readings may take, 0.05 for 5 %. */
  readonly overhead: number;
  private untilLook = CALLS_PER_LOOK;
  /** Readings have taken more than they may. */
  isOver = false;
  /** Samples of lines that are not read each time have, too. */
  isOverWithSamples = false;
  /** So far that growths of stores are not read when they come, either: there are too many of them. */
  isFarOver = false;

  constructor(now: () => number, overhead: number) {
    this.now = now;
    this.overhead = overhead;
    this.cells[BEGAN] = now();
    this.cells[OVER_AT] = Number.POSITIVE_INFINITY;
    this.cells[SPACING] = FIRST_SPACING;
    this.cells[LOOKED] = this.cells[BEGAN]!;
    this.cells[CONTROLLED] = this.cells[BEGAN]!;
  }

  /** What a slow call of an exact line takes, measured where it was warm. */
  learn(callMs: number): void {
    this.cells[CALL] = Math.max(this.cells[CALL]!, Math.min(callMs, MOST_MS));
  }

  /** A line has been read that is read each time. */
  count(): void {
    if (--this.untilLook === 0) this.look();
  }

  private look(): void {
    this.untilLook = CALLS_PER_LOOK;
    const { cells } = this;
    cells[SPENT] = cells[SPENT]! + CALLS_PER_LOOK * cells[CALL]!;
    this.check(this.now());
  }

  private check(now: number): void {
    const { cells } = this;
    const allowed = this.overhead * (now - cells[BEGAN]!) + ALLOWANCE;
    this.isOver = cells[SPENT]! > allowed;
    if (this.isOver && cells[OVER_AT]! > now) cells[OVER_AT] = now;
    const besides = Math.min(FIRST_SAMPLES, Math.max(0, this.overhead * (now - cells[OVER_AT]!)));
    this.isOverWithSamples = cells[SPENT]! > allowed + besides;
    this.isFarOver = cells[SPENT]! > FAR * allowed;
  }

  time(): number {
    return this.now();
  }

  /** A reading was all that ran since `began`, as `time()` said it. */
  learnReading(began: number): void {
    this.cells[READING] = Math.min(this.now() - began, MOST_MS);
  }

  /** So many readings have been taken. */
  read(readings: number): void {
    const { cells } = this;
    cells[SPENT] = cells[SPENT]! + readings * cells[READING]!;
  }

  /** From `began` until now something of ours has run; `readings` others are not in that, and take what the last one took. */
  spent(began: number, readings: number): void {
    const { cells } = this;
    const now = this.now();
    cells[SPENT] = cells[SPENT]! + Math.min(now - began, MOST_MS) + readings * cells[READING]!;
    this.check(now);
    const passed = now - cells[CONTROLLED]!;
    if (passed < CONTROL_MS) return;
    const share = (cells[SPENT]! - cells[SPENT_THEN]!) / passed;
    cells[CONTROLLED] = now;
    cells[SPENT_THEN] = cells[SPENT]!;
    const change = Math.min(2.5, Math.max(0.6, share / this.overhead));
    cells[SPACING] = Math.min(SPACINGS[1], Math.max(SPACINGS[0], cells[SPACING]! * change));
  }

  /** Something else of ours has taken so much. @param most what took longer was interrupted */
  spend(ms: number, most = MOST_MS): void {
    const { cells } = this;
    cells[SPENT] = cells[SPENT]! + Math.min(ms, most);
  }

  /** All that is ours has taken so much up to now, if that is more. */
  learnSpent(ms: number): void {
    this.cells[SPENT] = Math.max(this.cells[SPENT]!, ms);
  }

  /** How often a line may run until it is read again, that ran `period` times in `passed` ms. `random`: 0 to 1. */
  next(period: number, passed: number, random: number): number {
    const spacing = this.cells[SPACING]!;
    const wanted = passed > 0 ? (period * spacing) / passed : 4 * period;
    const times = Math.min(Math.max(16, 4 * period), wanted, 5e8);
    return times <= 1 ? 1 : Math.max(1, Math.floor(times * (0.5 + random)));
  }

  /** The share of the time since the start that readings took. */
  share(): number {
    return this.cells[SPENT]! / Math.max(1, this.now() - this.cells[BEGAN]!);
  }
}
