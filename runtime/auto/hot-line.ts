import { Growth } from "./growth.ts";
import type { Slots } from "./slots.ts";

/** A change of more is an event: it is not what a line mostly does. */
export const EVENT = 512 * 1024;
/** A fall of more is a collection. */
export const COLLECTION = 4096;

/** Samples that say what a line does early: later ones may say less, where V8 makes its objects in larger steps. */
const EARLY = 64;
/** Left out on either side. */
const TRIMMED = 0.15;
/** Weight of a new sample once there are some. */
const NEWEST = 1 / 16;

/**
 * Samples that say far more than the others are counted apart, over as many as it takes to see some. They may be the
 * line's: V8 makes old objects in buffers that it counts as used when it takes them, 256 KiB at a time, so that most
 * samples say 0 and a few all. Or nobody's: V8 has put code on the heap that it had optimised meanwhile, some KiB of it,
 * beside a line that makes 64 bytes. Which it was, what the heap grows by says.
 */
const LARGE = 64 * 1024;
const RARE_TIMES = 8;
const RARE_BESIDES = 1024;
const RARE_AMONG = [64, 256] as const;
/** Fewer do not say what is rare. */
const FEWEST = 4;
/** So many in a row are better than none. */
const MOST_DISTURBED = 16;

const RATE = 0;
const EARLY_RATE = 1;
const ALLOCATED = 2;
const SEEN = 3;
const READ_AT = 4;
const RARE_RATE = 5;
const CELLS = 6;

/** The hot lines of a listing. Between listings what is allocated counts for both: the one calls the other. */
export interface HotGroup {
  /** What they should have allocated in the window that closes: at the rates of now, and at the higher ones of early on. */
  expected: number;
  expectedEarly: number;
}

/** A line that is not read each time. Bytes; times in milliseconds. */
export class HotLine {
  readonly n: number;
  /** The row that shows it, and where that is. */
  readonly line: number;
  readonly place: string;
  readonly group: HotGroup;
  /** It can allocate any size. */
  readonly isUnbounded: boolean;
  readonly growth = new Growth();
  period = 1;
  /** Executions that were read. */
  measured = 0;
  /** Those that its rate is made of, and those in a row that were disturbed. */
  private samples = 0;
  private disturbed = 0;
  /** Those among which rare ones are counted. */
  private looked = 0;
  private readonly slots: Slots;
  private readonly before: number;
  private readonly cells = new Float64Array(CELLS);
  private early: number[] | undefined = [];
  private readonly first: number[] = [];

  constructor(slots: Slots, n: number, line: number, place: string, group: HotGroup, isUnbounded: boolean) {
    this.slots = slots;
    this.n = n;
    this.line = line;
    this.place = place;
    this.group = group;
    this.isUnbounded = isUnbounded;
    this.before = slots.totalOf(n);
    this.see();
  }

  /** What an execution mostly allocates now. */
  get rate(): number {
    return this.cells[RATE]!;
  }

  /** The most that it may allocate: early on, or with what is rare. Events apart. */
  get earlyRate(): number {
    return Math.max(this.cells[RATE]! + this.cells[RARE_RATE]!, this.cells[EARLY_RATE]!);
  }

  get allocated(): number {
    return this.cells[ALLOCATED]!;
  }

  add(bytes: number): void {
    this.cells[ALLOCATED] = this.cells[ALLOCATED]! + bytes;
  }

  /**
   * One execution has changed the heap by `bytes`; `isDisturbed`: some of that may be what other lines were asked with.
   *
   * @returns whether that was an event, and is charged to the line
   */
  sampled(bytes: number, isDisturbed: boolean): boolean {
    this.measured++;
    if (bytes < -COLLECTION) return false;
    const isEvent = this.growth.grew(bytes) || bytes >= EVENT;
    if (isEvent || this.growth.isDue) {
      // No growth after all: not one of the executions that are read at random, but what others do early is no less.
      if (!isEvent) {
        this.rememberEarly(Math.max(0, bytes));
        this.countRare(bytes >= LARGE ? bytes : 0);
      }
      this.add(bytes);
      return true;
    }
    if (isDisturbed && ++this.disturbed < MOST_DISTURBED && this.samples > 0) return false;
    // Those that were not disturbed count from the first of them on.
    if (!isDisturbed && this.disturbed >= this.samples) this.forget();
    if (!isDisturbed) this.disturbed = 0;
    this.rememberEarly(Math.max(0, bytes));
    const isRare = this.isRare(bytes);
    this.countRare(isRare ? bytes : 0);
    if (isRare) return false;
    const { cells } = this;
    const samples = ++this.samples;
    if (samples <= FEWEST) cells[RATE] = this.lowerMedianWith(Math.max(0, bytes));
    else {
      const weight = samples < 1 / NEWEST ? 1 / samples : NEWEST;
      cells[RATE] = cells[RATE]! + (Math.max(0, bytes) - cells[RATE]!) * weight;
    }
    return false;
  }

  /** Of the first few samples: one of them may be nobody's. */
  private lowerMedianWith(bytes: number): number {
    const { first } = this;
    first[first.length] = bytes;
    first.sort((a, b) => a - b);
    return first[(first.length - 1) >> 1]!;
  }

  private isRare(bytes: number): boolean {
    return bytes >= LARGE || (this.samples >= FEWEST && bytes > RARE_TIMES * this.rate + RARE_BESIDES);
  }

  /** `bytes` is 0 for all other samples. */
  private countRare(bytes: number): void {
    const { cells } = this;
    const among = Math.min(Math.max(++this.looked, RARE_AMONG[0]), RARE_AMONG[1]);
    cells[RARE_RATE] = cells[RARE_RATE]! + (bytes - cells[RARE_RATE]!) / among;
  }

  private forget(): void {
    this.samples = 0;
    this.cells[EARLY_RATE] = 0;
    this.early = [];
    this.first.length = 0;
  }

  private rememberEarly(bytes: number): void {
    const { early } = this;
    if (early === undefined) return;
    early[early.length] = bytes;
    if (early.length < FEWEST) return;
    const sorted = Float64Array.from(early).sort();
    const left = Math.floor(sorted.length * TRIMMED);
    let sum = 0;
    for (let i = left; i < sorted.length - left; i++) sum += sorted[i]!;
    this.cells[EARLY_RATE] = sum / (sorted.length - 2 * left);
    if (early.length === EARLY) this.early = undefined;
  }

  /** Executions since it is not read each time. */
  get executions(): number {
    return this.slots.totalOf(this.n) - this.before;
  }

  /** Executions since the window began. */
  get sinceSeen(): number {
    return this.slots.totalOf(this.n) - this.cells[SEEN]!;
  }

  /** A window begins. */
  see(): void {
    this.cells[SEEN] = this.slots.totalOf(this.n);
  }

  /** @returns how long ago it was asked before */
  askedAt(now: number): number {
    const before = this.cells[READ_AT]!;
    this.cells[READ_AT] = now;
    return now - before;
  }
}
