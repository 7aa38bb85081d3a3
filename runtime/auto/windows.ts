/**
 * What the heap grows by is shared out in windows of some milliseconds: each line that is not read each time has what its
 * samples say of one execution times how often it ran, and the lines of a listing together never more than there was. Bytes;
 * times in milliseconds.
 */
import type { CollectionCount } from "../core/state.ts";
import { Checks } from "./checks.ts";
import { Expected, likelyOf, partThatCame, shareOf, truthOf } from "./expected.ts";
import { COLLECTION, EVENT, type HotLine } from "./hot-line.ts";
import { type Ambiguous, Jumps } from "./jumps.ts";
import type { Pace } from "./pace.ts";
import { Stretches } from "./stretches.ts";

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
/** The share of the windows in which no collection was seen. */
const WHOLE = 3;
const CELLS = 4;
/** Weight of the newest window. */
const NEWEST = 1 / 32;

/** What is told of each window before it is shared out. */
export interface WindowListener {
  pass(): void;
}

export class Windows {
  private readonly jumps = new Jumps();
  private readonly expected = new Expected();
  readonly lines: HotLine[] = [];
  private readonly listeners: WindowListener[] = [];
  private readonly stretches = new Stretches();
  /** The line that begins now: its listing runs. */
  inside: HotLine | undefined;
  private readonly pace: Pace;
  private readonly cells = new Float64Array(CELLS);
  private readonly checks: Checks;
  /** The window has just begun. */
  private isNew = false;
  /** Of some it will be said later what they have grown by. */
  private hasDeferred = false;

  /** @param count undefined on a host where it cannot be asked what collections take */
  constructor(pace: Pace, count: CollectionCount | undefined) {
    this.pace = pace;
    this.checks = new Checks(pace, count);
  }

  tell(listener: WindowListener): void {
    this.listeners[this.listeners.length] = listener;
  }

  get ambiguous(): readonly Ambiguous[] {
    return this.jumps.ambiguous;
  }

  /** A window begins; the first of all, before the first line. */
  begin(at: number): void {
    const { cells } = this;
    cells[WINDOW] = 0;
    cells[WINDOW_AT] = at;
    this.isNew = true;
  }

  get beganAt(): number {
    return this.cells[WINDOW_AT]!;
  }

  /** How often its lines have begun. */
  get begun(): number {
    const { lines } = this;
    let sum = 0;
    for (let i = 0; i < lines.length; i++) sum += lines[i]!.executions;
    return sum;
  }

  /** What the heap has grown by since the first line was not read each time, what was collected included. */
  get grown(): number {
    return this.cells[GROWN]!;
  }

  /** What such lines have allocated up to now: the most that a listing says, as listings are in each other. */
  get ran(): number {
    const { lines } = this;
    for (let i = 0; i < lines.length; i++) lines[i]!.group.most = 0;
    let most = 0;
    for (let i = 0; i < lines.length; i++) {
      const { group, allocated, rate, sinceSeen } = lines[i]!;
      group.most += allocated + rate * sinceSeen;
      most = Math.max(most, group.most);
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
    if (change >= -COLLECTION) return this.grow(change);
    const taken = this.checks.end();
    this.checks.want();
    if (taken === undefined || change + taken < -COLLECTION) return this.guess();
    this.grow(change + taken);
    this.expected.look(this.lines);
    this.know(this.pace.time());
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
    if (!this.isNew) return;
    this.isNew = false;
    this.checks.begin(pace.time());
  }

  /** A collection hides what grew before it: that is what was to be expected, as far as it comes true. */
  private guess(): void {
    const { cells, expected, lines, pace } = this;
    expected.look(lines);
    this.grow(Math.max(0, expected.likely - cells[WINDOW]!));
    cells[WHOLE] = cells[WHOLE]! * (1 - NEWEST);
    this.shareOut(pace.time());
  }

  private jump(change: number, arriving: HotLine | undefined, running: HotLine | undefined): void {
    this.grow(change);
    this.expected.look(this.lines);
    const grown = this.cells[WINDOW]!;
    const excess = Math.min(change, grown - this.expected.most);
    if (excess <= EVENT) return;
    this.cells[WINDOW] = grown - excess;
    this.jumps.charge(excess, grown, this.lines, arriving, running);
    this.close(this.pace.time());
  }

  /** A window ends in which no collection was seen. */
  close(at: number): void {
    const { cells, checks, expected, lines } = this;
    const taken = checks.end();
    if (taken !== undefined) this.grow(taken);
    expected.look(lines);
    if (taken !== undefined || !checks.isDoubtful(cells[WINDOW]!, expected.likelyMostly)) return this.know(at);
    checks.want();
    this.defer(at);
  }

  /** What it has grown by is known. */
  private know(at: number): void {
    const { cells, expected, lines } = this;
    cells[WHOLE] = cells[WHOLE]! * (1 - NEWEST) + NEWEST;
    expected.learn(cells[WINDOW]!, lines);
    if (this.hasDeferred) {
      for (let i = 0; i < lines.length; i++) {
        const line = lines[i]!;
        if (expected.isLargePart(line)) this.giveDeferred(line, partThatCame(cells[WINDOW]!, line.group));
      }
    }
    this.shareOut(at);
  }

  /** Whether V8 has collected, or has optimised the code and makes less, the next window that is known will say. */
  private defer(at: number): void {
    const { lines } = this;
    this.hasDeferred = true;
    this.tellListeners();
    for (let i = 0; i < lines.length; i++) lines[i]!.defer();
    this.begin(at);
  }

  /** Of what a line should have made in windows that were deferred it has made such a part. */
  private giveDeferred(line: HotLine, part: number): void {
    this.passOver(line.giveDeferred(part * likelyOf(line)));
  }

  /** All that there is to say of what has run is asked for. */
  flush(at: number): void {
    const { lines } = this;
    this.close(at);
    if (!this.hasDeferred) return;
    this.hasDeferred = false;
    for (let i = 0; i < lines.length; i++) this.giveDeferred(lines[i]!, truthOf(lines[i]!.group));
  }

  private tellListeners(): void {
    const { listeners } = this;
    for (let i = 0; i < listeners.length; i++) listeners[i]!.pass();
  }

  /** Shares the window out, of which the groups know what was expected, and begins another. */
  private shareOut(at: number): void {
    const { cells, lines } = this;
    this.tellListeners();
    const grown = Math.max(0, cells[WINDOW]!);
    this.begin(at);
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const count = line.sinceSeen;
      if (count > 0) line.give(shareOf(line, grown), count);
      line.see();
    }
    this.stretches.windowed(grown);
    if (this.inside !== undefined) this.stretches.find(this.inside, lines);
  }
}
