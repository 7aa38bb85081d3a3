/**
 * What the heap grows by is shared out in windows of some milliseconds: each line that is not read each time has what its
 * samples say of one execution times how often it ran, and the lines of a listing together never more than there was. Bytes;
 * times in milliseconds.
 */
import { type Beyond, COLLECTION, EVENT, type HotGroup, type HotLine } from "./hot-line.ts";
import type { Pace } from "./pace.ts";
import { Stretches } from "./stretches.ts";

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
/** What the lines of a listing should have allocated in this window: as they do mostly, as early on, and at the most. */
const MOSTLY = 3;
const MOST = 4;
/** The share of the windows in which no collection was seen. */
const WHOLE = 5;
/** The best of the last windows of what was expected and came true; it fades. */
const BEST = 6;
/** What all listings together should have allocated, as if none ran within another: mostly, and at the most. */
const ALL_MOSTLY = 7;
const ALL_MOST = 8;
/** How far they do, and do not run within each other: 0 to 1; it fades. */
const BESIDE = 9;
const CELLS = 10;
/** Weight of the newest window; and where few of them say something. */
const NEWEST = 1 / 32;
const SOON = 1 / 8;
/** Less says nothing. */
const LEAST_BESIDES = 64 * 1024;
/** In so many windows the most of what was expected has come true: a collection that is not seen makes it less. */
const LATELY = 8;
const FAR_LESS = 0.25;
/** Where V8 collects often: a window with less than that, while others came true, has had a collection that was not seen. */
const OFTEN = 0.6;
const HIDDEN = 0.75;
const TRUE = 0.85;
/** But one with less than that has had none, which would seldom leave next to nothing: V8 has optimised the code. */
const NOTHING = 0.02;
const FADES = 0.97;
/** A line that always takes as much, by this much less or more, has taken what came, and others no more of it than so much. */
const LIKE_IT = [0.5, 2] as const;
const NOT_LIKE_IT = 0.1;

/** What is told of each window before it is shared out. */
export interface WindowListener {
  pass(): void;
}

export class Windows {
  readonly ambiguous: Ambiguous[] = [];
  readonly lines: HotLine[] = [];
  private readonly listeners: WindowListener[] = [];
  private readonly stretches = new Stretches();
  /** The line that begins now: its listing runs. */
  inside: HotLine | undefined;
  private readonly pace: Pace;
  private readonly cells = new Float64Array(CELLS);
  /** Of the last windows without a collection: how much of what lines do mostly there was, at most all. */
  private readonly cameTrue = new Float64Array(LATELY);
  private tried = 0;
  private learned = 0;

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

  /** As much of what is expected comes true: all, unless samples have said far too much. */
  private get likely(): number {
    const { cameTrue, tried } = this;
    let most = 0;
    for (let i = 0; i < LATELY; i++) most = Math.max(most, cameTrue[i]!);
    return tried === 0 || most > FAR_LESS ? 1 : most;
  }

  /**
   * A collection hides what grew before it: that is what was to be expected, as far beyond what lines do mostly as windows came
   * lately in which none was.
   */
  private collected(): void {
    const { cells } = this;
    this.expect();
    let most = 0;
    for (let i = 0; i < this.lines.length; i++) most = Math.max(most, expectedOf(this.lines[i]!.group));
    this.grow(Math.max(0, this.likely * most - cells[WINDOW]!));
    cells[WHOLE] = cells[WHOLE]! * (1 - NEWEST);
    this.shareOut(this.pace.time());
  }

  private jump(change: number, arriving: HotLine | undefined, running: HotLine | undefined): void {
    this.grow(change);
    this.expect();
    const grown = this.cells[WINDOW]!;
    const excess = Math.min(change, grown - this.besides(this.cells[MOST]!, ALL_MOST));
    if (excess <= EVENT) return;
    this.cells[WINDOW] = grown - excess;
    this.charge(excess, grown, arriving, running);
    this.close(this.pace.time());
  }

  /** Of one listing the most: listings are in each other. */
  private expect(): void {
    const { cells, lines } = this;
    for (let i = 0; i < lines.length; i++) forgetExpected(lines[i]!);
    cells.fill(0, MOSTLY, MOST + 1);
    cells.fill(0, ALL_MOSTLY, ALL_MOST + 1);
    for (let i = 0; i < lines.length; i++) {
      const { group, rate, earlyRate, mostRate, sinceSeen } = lines[i]!;
      group.mostly += rate * sinceSeen;
      group.early += earlyRate * sinceSeen;
      group.most += mostRate * sinceSeen;
      cells[ALL_MOSTLY] = cells[ALL_MOSTLY]! + rate * sinceSeen;
      cells[ALL_MOST] = cells[ALL_MOST]! + mostRate * sinceSeen;
      cells[MOSTLY] = Math.max(cells[MOSTLY]!, group.mostly);
      cells[MOST] = Math.max(cells[MOST]!, group.most);
    }
  }

  /**
   * An event: of the one line of a listing that can have been it. Or no event: what the samples of one line have not shown.
   *
   * @param grown what the window has grown by with it
   */
  private charge(bytes: number, grown: number, arriving: HotLine | undefined, running: HotLine | undefined): void {
    const groups = new Map<object, HotLine[]>();
    const ran = this.lines.filter(
      (line) => line.isUnbounded && (line === running || line.sinceSeen > (line === arriving ? 1 : 0)),
    );
    // One that only reads or calculates as a rule it was where there is no other.
    const likely = ran.some(({ isAny }) => isAny) ? ran.filter(({ isAny }) => isAny) : ran;
    for (const line of likely) {
      const group = groups.get(line.group);
      if (group) group.push(line);
      else groups.set(line.group, [line]);
    }
    for (const group of groups.values()) {
      // Growths that are followed are read when they come: it was one of the others, if there are any.
      const others = group.filter(({ growth }) => !growth.isFollowed);
      const candidates = others.length > 0 ? others : group;
      const one = candidates.length === 1 ? candidates[0] : alwaysTaking(grown, candidates);
      if (one !== undefined) one.add(bytes);
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

  /** A window ends in which no collection was seen. */
  close(at: number): void {
    const { cells } = this;
    this.expect();
    const mostly = cells[MOSTLY]!;
    if (mostly > SHORT_BYTES) {
      const came = Math.min(1, cells[WINDOW]! / mostly);
      this.cameTrue[this.tried++ % LATELY] = came;
      cells[BEST] = Math.max(came, FADES * cells[BEST]!);
      // What has grown since hides it.
      const isNothing = came >= 0 && came < NOTHING;
      if (came < HIDDEN && !isNothing && cells[BEST]! > TRUE && cells[WHOLE]! < OFTEN) return this.collected();
    }
    cells[WHOLE] = cells[WHOLE]! * (1 - NEWEST) + NEWEST;
    if (2 * cells[WINDOW]! > mostly) {
      this.learnBeside();
      this.learnBeyond();
    }
    this.shareOut(at);
  }

  /** Whether there is what listings should have allocated besides the one that should have most. */
  private learnBeside(): void {
    const { cells } = this;
    const besides = cells[ALL_MOSTLY]! - cells[MOSTLY]!;
    if (besides < LEAST_BESIDES) return;
    cells[BESIDE] = cells[BESIDE]! + (partOf(cells[WINDOW]! - cells[MOSTLY]!, besides) - cells[BESIDE]!) * SOON;
  }

  /** `bytes` of a listing, with what the others have as far as they run beside it. */
  private besides(bytes: number, all: typeof ALL_MOSTLY | typeof ALL_MOST): number {
    return bytes + this.cells[BESIDE]! * (this.cells[all]! - bytes);
  }

  /** By listing: others run in other windows, and what comes there says nothing of it; or within it, and what comes is its, too. */
  private learnBeyond(): void {
    const { cells, lines } = this;
    const window = ++this.learned;
    for (let i = 0; i < lines.length; i++) {
      const { beyond, mostly, early, most } = lines[i]!.group;
      if (beyond.window === window || most <= mostly) continue;
      beyond.window = window;
      beyond.came = beyond.came * (1 - NEWEST) + cells[WINDOW]! - this.besides(mostly, ALL_MOSTLY);
      beyond.early = beyond.early * (1 - NEWEST) + early - mostly;
      beyond.most = beyond.most * (1 - NEWEST) + most - mostly;
    }
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
      if (count > 0) line.give(shareOf(line, grown) * count);
      line.see();
    }
    this.stretches.windowed(grown);
    if (this.inside !== undefined) this.stretches.find(this.inside, lines);
  }
}

/** The one of `lines` that takes `bytes` whenever it runs as often as it has. */
function alwaysTaking(bytes: number, lines: readonly HotLine[]): HotLine | undefined {
  const [least, most] = LIKE_IT;
  let one: HotLine | undefined;
  for (const line of lines) {
    const usual = line.average * line.sinceSeen;
    if (usual < NOT_LIKE_IT * bytes) continue;
    if (one !== undefined || bytes < least * usual || bytes > most * usual) return undefined;
    one = line;
  }
  return one;
}

/** What an execution of a line has of a window that has grown by `grown`: as near to the most as others came lately. */
function shareOf({ rate, earlyRate, mostRate, group }: HotLine, grown: number): number {
  const { mostly, early, most, beyond } = group;
  if (grown <= mostly) return mostly > 0 ? (rate * grown) / mostly : 0;
  const share = rate + (earlyRate - rate) * Math.min(earlyPart(beyond), partOf(grown - mostly, early - mostly));
  return share + (mostRate - earlyRate) * Math.min(mostPart(beyond), partOf(grown - early, most - early));
}

/** What the lines of a listing should have allocated, as far beyond what they do mostly as windows came lately. */
function expectedOf({ mostly, early, most, beyond }: HotGroup): number {
  return mostly + earlyPart(beyond) * (early - mostly) + mostPart(beyond) * (most - early);
}

/** How near to what lines do early on windows have come lately, from what they do mostly: 0 to 1. */
function earlyPart({ came, early }: Beyond): number {
  return partOf(came, early);
}

/** And from there to the most. */
function mostPart({ came, early, most }: Beyond): number {
  return partOf(came - early, most - early);
}

/** From 0 to 1; 0 of nothing. */
function partOf(bytes: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, bytes / whole)) : 0;
}

function forgetExpected({ group }: HotLine): void {
  group.mostly = 0;
  group.early = 0;
  group.most = 0;
}
