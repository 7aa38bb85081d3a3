/**
 * What the heap grows by is shared out in windows of some milliseconds: each line that is not read each time has what its
 * samples say of one execution times how often it ran, and the lines of a listing together never more than there was. Bytes;
 * times in milliseconds.
 */
import { COLLECTION, EVENT, type HotLine } from "./hot-line.ts";
import type { Pace } from "./pace.ts";

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
/** What a window costs for each line: by this they are spaced, so that many lines cost what few do. */
const LINE_MS = 0.0002;

/** What the heap has grown by since the first line was not read each time, what was collected included. */
const GROWN = 0;
/** The same in this window, events apart; when that began. */
const WINDOW = 1;
const WINDOW_AT = 2;
/** What all lines should have allocated in this window: as they mostly do, and at the most. */
const MOSTLY = 3;
const AT_MOST = 4;
/** What windows without a collection have grown by lately beyond what lines mostly do, and would have at the most. */
const BEYOND = 5;
const MOST_BEYOND = 6;
/** The share of the windows in which there was no collection. */
const WHOLE = 7;
const CELLS = 8;
/** Weight of the newest window. */
const NEWEST = 1 / 32;

/** What is told of each window before it is shared out. */
export interface WindowListener {
  pass(): void;
}

export class Windows {
  readonly ambiguous: Ambiguous[] = [];
  readonly lines: HotLine[] = [];
  private readonly listeners: WindowListener[] = [];
  private readonly pace: Pace;
  private readonly cells = new Float64Array(CELLS);

  constructor(pace: Pace) {
    this.pace = pace;
  }

  tell(listener: WindowListener): void {
    this.listeners[this.listeners.length] = listener;
  }

  /** Before the first line. */
  begin(at: number): void {
    this.cells[WINDOW_AT] = at;
  }

  get begun(): number {
    return this.cells[WINDOW_AT]!;
  }

  /** What the heap has grown by since the first line was not read each time, what was collected included. */
  get grown(): number {
    return this.cells[GROWN]!;
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

  /** That has come while nothing ran. */
  passOver(bytes: number): void {
    this.cells[GROWN] = this.cells[GROWN]! + bytes;
  }

  /** That is charged to a line already. */
  leaveOut(bytes: number): void {
    this.cells[WINDOW] = this.cells[WINDOW]! - bytes;
  }

  /** The heap has changed by so much where nothing can jump. */
  settle(change: number): void {
    if (change < -COLLECTION) this.collected();
    else this.grow(change);
  }

  private grow(change: number): void {
    const { cells } = this;
    cells[GROWN] = cells[GROWN]! + Math.max(0, change);
    cells[WINDOW] = cells[WINDOW]! + change;
  }

  /**
   * The heap has changed by so much where nothing was read.
   *
   * @param arriving the line that begins now, and does so counted already
   * @param running the one that began when the change did
   */
  look(change: number, at: number, arriving: HotLine | undefined, running: HotLine | undefined): void {
    const { cells, pace, lines } = this;
    if (change > EVENT) this.jump(change, arriving, running);
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

  private jump(change: number, arriving: HotLine | undefined, running: HotLine | undefined): void {
    this.grow(change);
    this.expect();
    const excess = Math.min(change, this.cells[WINDOW]! - this.cells[AT_MOST]!);
    if (excess <= EVENT) return;
    this.cells[WINDOW] = this.cells[WINDOW]! - excess;
    this.charge(excess, arriving, running);
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
  private charge(bytes: number, arriving: HotLine | undefined, running: HotLine | undefined): void {
    const groups = new Map<object, HotLine[]>();
    for (const line of this.lines) {
      const ran = line.sinceSeen - (line === arriving ? 1 : 0);
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
  close(at: number): void {
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
