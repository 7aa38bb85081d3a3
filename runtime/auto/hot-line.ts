import { SLOT_BOUNDED, SLOT_QUIET, SLOT_STORES, SLOT_UNBOUNDED } from "../../contract/module-table.ts";
import type { HotGroup } from "./expected.ts";
import { Growth } from "./growth.ts";
import type { Slots } from "./slots.ts";

/** A change of more is an event: it is not what a line mostly does. */
export const EVENT = 512 * 1024;
/** A fall of more is a collection. */
export const COLLECTION = 4096;

/** Samples that say what a line does early: later ones may say less, where V8 makes its objects in larger steps. */
const EARLY = 64;
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
/** The first samples are looked at together: some may be of what V8 makes when code of ours runs for the first time. */
const FIRST = 16;
/** And so many of them are read soon, whatever that costs. */
const SOON = 4;
/** Fewer say nothing. */
const FEWEST = 3;
/** As few rare ones are nobody's, unless the line fills a store, which grows seldom. */
const FEWEST_RARE = 4;
/** Bytes an execution: a number that V8 boxes until it has optimised the code is no reason to go on reading, the shortest text is. */
const RESTING_RATE = 24;
/** After so many samples in a row that were like the others, as few in a row that say far less are what it does now: V8 has optimised the code. */
const STEADY = 8;
const FEWER = 6;
const FAR_LESS = 0.25;
/** So many in a row are better than none. */
const MOST_DISTURBED = 16;

const RATE = 0;
const EARLY_RATE = 1;
const ALLOCATED = 2;
const SEEN = 3;
const READ_AT = 4;
const RARE_RATE = 5;
/** How many of the last samples were rare: a sum that fades. */
const RARES = 6;
/** What windows have given it since its listing was found running. */
const GIVEN = 7;
/** The same, in stretches in which it ran without a break. */
const WITHIN = 8;
/** Executions in windows that are known: a sum that fades. */
const KNOWN = 9;
/** Executions in windows that closed before samples said anything. */
const OWED = 10;
/** And in windows in which there may have been a collection, since one that is known. */
const DEFERRED = 11;
const CELLS = 12;

/** A line that is not read each time. Bytes; times in milliseconds. */
export class HotLine {
  readonly n: number;
  /** The row that shows it, and where that is. */
  readonly line: number;
  readonly place: string;
  readonly group: HotGroup;
  /** Each execution can allocate any size. */
  readonly isAny: boolean;
  /** It fills something that grows. */
  private readonly hasStore: boolean;
  /** It allocates nothing, as a rule. */
  private readonly isQuiet: boolean;
  /** It allocates no more than its text says. */
  private readonly isBounded: boolean;
  readonly growth = new Growth();
  period = 1;
  /** How often it was asked whether it is to be read. */
  private asked = 0;
  /** Executions that were read. */
  measured = 0;
  /** Nothing was seen lately. Kept, as what asks may make nothing: it is asked within lines that are read. */
  isCalm = false;
  /** Samples in a row that said nothing, and whether one has said something. */
  private silent = 0;
  private hasSaid = false;
  /** Samples in a row that were of objects, no number; and whether there were so many that it makes them each time. */
  private objects = 0;
  private makesObjects = false;
  /** Those that its rate is made of, and those in a row that were disturbed. */
  private samples = 0;
  private disturbed = 0;
  /** Those in a row that were like the others, and those behind them that said far less, and what these said. */
  private steady = 0;
  private fewer = 0;
  private readonly less = new Float64Array(1);
  /** Those among which rare ones are counted. */
  private looked = 0;
  private readonly slots: Slots;
  private readonly before: number;
  /** What its row had taken until then. */
  private readonly taken: number;
  private readonly cells = new Float64Array(CELLS);
  private early: number[] | undefined = [];
  private readonly first: number[] = [];

  constructor(slots: Slots, n: number, line: number, place: string, group: HotGroup, kind: string, taken = 0) {
    this.slots = slots;
    this.n = n;
    this.line = line;
    this.place = place;
    this.group = group;
    this.hasStore = kind === SLOT_STORES;
    this.isAny = kind === SLOT_UNBOUNDED || this.hasStore;
    this.isQuiet = kind === SLOT_QUIET;
    this.isBounded = kind === SLOT_BOUNDED;
    this.before = slots.totalOf(n);
    this.taken = taken;
    this.see();
  }

  /** What an execution mostly allocates now. */
  get rate(): number {
    return this.samples < FEWEST ? 0 : this.cells[RATE]!;
  }

  /** The same early on, if that was more. */
  get earlyRate(): number {
    return Math.max(this.rate, this.cells[EARLY_RATE]!);
  }

  /** With what is rare. Events are apart. */
  get mostRate(): number {
    const { cells, earlyRate, hasStore, isBounded } = this;
    // What is rare beside what a literal takes is nobody's, unless it takes nothing: then V8 makes many in one buffer.
    if (isBounded && this.rate > 0) return earlyRate;
    return cells[RARES]! < (hasStore ? 1 : FEWEST_RARE) ? earlyRate : earlyRate + cells[RARE_RATE]!;
  }

  /** What an execution had allocated on average until the window began, when each was read and since. Events are in it. */
  get average(): number {
    return (this.taken + this.allocated) / this.cells[SEEN]!;
  }

  /** What its executions would have allocated if they were as those that were read each time. */
  get usual(): number {
    return (Math.max(0, this.taken) / this.before) * this.executions;
  }

  /** It can allocate any size. */
  get isUnbounded(): boolean {
    return this.isAny || (this.isQuiet && this.hasAllocated);
  }

  private get hasAllocated(): boolean {
    return this.cells[ALLOCATED]! >= COLLECTION || this.mostRate >= RESTING_RATE;
  }

  /** For a while it is only counted. */
  get rests(): boolean {
    return this.isQuiet && this.samples >= FIRST && !this.hasAllocated;
  }

  /** As far as it was looked at, nothing was seen. */
  get seemsCalm(): boolean {
    return this.isCalm || !this.hasSaid;
  }

  get allocated(): number {
    return this.cells[ALLOCATED]! + this.rate * this.cells[OWED]!;
  }

  /** A window gives it so much for an execution, of so many. */
  give(bytes: number, count: number): void {
    const { cells, samples } = this;
    cells[GIVEN] = cells[GIVEN]! + bytes * count;
    this.add(bytes * count);
    if (samples < FEWEST) cells[OWED] = cells[OWED]! + count;
    else if (samples >= FIRST && cells[OWED]! > 0) {
      this.add(this.rate * cells[OWED]!);
      cells[OWED] = 0;
    }
  }

  /** Its listing is found running. @param isWhole it ran since it was found running before */
  endStretch(isWhole: boolean): void {
    const { cells } = this;
    if (isWhole) cells[WITHIN] = cells[WITHIN]! + cells[GIVEN]!;
    cells[GIVEN] = 0;
  }

  /** What windows gave it in stretches in which its listing ran. */
  get within(): number {
    return this.cells[WITHIN]!;
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
    const isGrowth = this.growth.grew(bytes, this.mostRate);
    if (bytes < -COLLECTION) return false;
    const isEvent = isGrowth || bytes >= EVENT;
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
    this.take(Math.max(0, bytes));
    this.listen(bytes);
    return false;
  }

  private listen(bytes: number): void {
    this.hasSaid ||= bytes > 0;
    this.silent = bytes > 0 ? 0 : this.silent + 1;
    this.objects = bytes < RESTING_RATE ? 0 : this.objects + 1;
    this.makesObjects ||= this.objects >= STEADY;
    // Objects that V8 makes as old ones show in larger steps, and seldom.
    this.isCalm = this.silent >= FIRST && this.mostRate < RESTING_RATE && !this.makesObjects;
    if (!this.isCalm) return;
    // What it makes goes to the line round it, which is read as if this one were not there.
    this.early = undefined;
    this.cells[EARLY_RATE] = 0;
  }

  private take(bytes: number): void {
    const { cells, first } = this;
    this.rememberEarly(bytes);
    if (this.samples < FIRST) {
      first[this.samples++] = bytes;
      this.lookAtFirst();
      if (this.samples === FIRST) for (const each of first) this.makesLess(each);
      return;
    }
    this.samples++;
    const isRare = bytes > limitOf(this.rate);
    this.countRare(isRare ? bytes : 0);
    if (isRare || this.makesLess(bytes)) return;
    cells[RATE] = cells[RATE]! + (bytes - cells[RATE]!) * NEWEST;
  }

  /** @returns whether its rate is what it makes since some samples */
  private makesLess(bytes: number): boolean {
    const { cells, less } = this;
    if (bytes >= FAR_LESS * cells[RATE]!) {
      this.steady = this.fewer === 0 ? this.steady + 1 : 1;
      this.fewer = 0;
      less[0] = 0;
      return false;
    }
    less[0] = less[0]! + bytes;
    if (++this.fewer !== FEWER || this.steady < STEADY) return false;
    cells[RATE] = less[0]! / FEWER;
    return true;
  }

  private lookAtFirst(): void {
    const { cells, first } = this;
    // Of few of them the lower ones: what V8 puts on the heap meanwhile only adds.
    cells[RATE] = first.length < FIRST ? lowerQuartile(first) : lowerMedian(first);
    const limit = limitOf(cells[RATE]!);
    const rare = first.filter((bytes) => bytes > limit);
    cells[RARE_RATE] = sumOf(rare) / RARE_AMONG[0];
    cells[RARES] = rare.length;
    this.looked = first.length;
  }

  /** `bytes` is 0 for all other samples. */
  private countRare(bytes: number): void {
    const { cells } = this;
    const among = Math.min(Math.max(++this.looked, RARE_AMONG[0]), RARE_AMONG[1]);
    cells[RARE_RATE] = cells[RARE_RATE]! + (bytes - cells[RARE_RATE]!) / among;
    cells[RARES] = cells[RARES]! * (1 - 1 / RARE_AMONG[1]) + (bytes > 0 ? 1 : 0);
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
    const median = lowerMedian(early);
    const limit = limitOf(median);
    const higher = early.filter((each) => each > 2 * median && each <= limit);
    // As few are of what V8 makes when code runs for the first time.
    const most = higher.length < (this.isQuiet ? STEADY : FEWEST) ? 2 * median : limit;
    const usual = early.filter((each) => each <= most);
    this.cells[EARLY_RATE] = sumOf(usual) / usual.length;
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

  /** The window ends, and what it has grown by will be judged by the next that is known. */
  defer(): void {
    const { cells } = this;
    cells[DEFERRED] = cells[DEFERRED]! + this.sinceSeen;
    this.see();
  }

  /** That is so much an execution. @returns how much it is */
  giveDeferred(bytes: number): number {
    const { cells } = this;
    const count = cells[DEFERRED]!;
    if (count === 0) return 0;
    this.give(bytes, count);
    cells[DEFERRED] = 0;
    return bytes * count;
  }

  /** The window ends, and what it has grown by is known. @param weight of the newest */
  know(weight: number): void {
    const { cells } = this;
    cells[KNOWN] = cells[KNOWN]! * (1 - weight) + this.sinceSeen;
  }

  /** Executions in windows of which that is known: a sum that fades. */
  get known(): number {
    return this.cells[KNOWN]!;
  }

  /** A window begins. */
  see(): void {
    this.cells[SEEN] = this.slots.totalOf(this.n);
  }

  /** It is to be read, whatever that costs. */
  get isNew(): boolean {
    return this.asked <= SOON;
  }

  /** @returns how long ago it was asked before */
  askedAt(now: number): number {
    this.asked++;
    const before = this.cells[READ_AT]!;
    this.cells[READ_AT] = now;
    return now - before;
  }
}

/** What is more is rare, beside samples that mostly say `bytes`. */
function limitOf(bytes: number): number {
  return RARE_TIMES * bytes + RARE_BESIDES;
}

function lowerMedian(values: readonly number[]): number {
  return Float64Array.from(values).sort()[(values.length - 1) >> 1]!;
}

function lowerQuartile(values: readonly number[]): number {
  return Float64Array.from(values).sort()[(values.length - 1) >> 2]!;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
