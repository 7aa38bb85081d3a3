/**
 * One source, and what came while nothing ran that is measured by it: a *gap*, from the reading that ended what ran to the
 * one that begins what runs next. Its change is shared alike among the calls that wait themselves.
 *
 * All of it in a number of steps that knows nothing of how many wait: `share` is what one that waits has got since the
 * start, a wait remembers what it was when it began, and its part is the difference. Parts are whole bytes; what is left
 * over goes into the next gap, and to the last that leaves. So the parts add up to the gaps, to the byte.
 *
 * A wait that more than OUTLASTED times as many waits have outlasted as wait now is *old* and shares only when no other
 * waits: a server that waits for its end takes nothing from its requests.
 */
import type { HotLines } from "../core/hot-lines.ts";
import type { Allocate, Block, ExactReader } from "../core/state.ts";
import type { WaitingCall } from "./waiting-call.ts";

const OUTLASTED = 8;
/** Ends of waits, and milliseconds, between two readings of a gap that are too dear to be taken each time. */
const MOST_LATE = 256;
const SELDOM_MS = 5;
/** Questions between two looks at the clock, at most, and the milliseconds that these should be apart. */
const MOST_BLIND = 64;
const BLIND_MS = 0.5;

const LOOKED_AT = 0;
const ASKED_AT = 1;

/** Knows what rows get in gaps whose lines are not read each time. Bytes by metric. */
export interface Blur {
  add(lines: HotLines): void;
  /** From now on gaps matter: something waits, or calls run whose lines are not read. */
  restart(now: Float64Array): void;
  /** A gap begins, with the reading `now`; `ran`: what has changed since the last one ended. */
  begin(ran: Float64Array, now: Float64Array): void;
  /** One ends: before its reading is used. False if each line is read. */
  look(): boolean;
  /**
   * Takes from what it has changed by what such lines have of it.
   *
   * @param isTheirs calls ran all the time, and no line was read
   * @returns whether that is an estimate
   */
  take(change: Float64Array, now: Float64Array, isTheirs: boolean): boolean;
}

/** One row of a listing at which calls wait. */
export interface WaitingRow {
  /** How many wait themselves, and have not been outlasted; and how many have. */
  young: number;
  old: number;
  /** By metric: the sum of what `oldShare` was when those that are old began. */
  readonly oldFrom: Float64Array;
  /** Another row shared a gap with it. */
  isShared: boolean;
  /** Gives `bytes` to the row, where a block has it, and to the rows that wait through `caller`. */
  receive(bytes: Float64Array, block: Block, caller: WaitingCall | undefined): void;
  /** Writes down what those that are old have got and not been given, by metric. */
  setPending(bytes: Float64Array): void;
}

/** One wait of a call that waits itself. It is used again after its end. It does not know the call: one that waits for good must be collectable. */
export class Wait {
  row!: WaitingRow;
  /** Undefined once it is old. */
  block: Block | undefined;
  caller: WaitingCall | undefined;
  /** By metric: `share` when the wait began; of an old one `oldShare`, less what it had got before. */
  readonly from: Float64Array;
  isOld = false;
  /** It has ended in a gap that is open. */
  isLate = false;
  /** `GapClock.ended`, `mixed` and `resets` when it began, or became old. */
  begun = 0;
  mixed = 0;
  reset = 0;
  /** Those that are not old, in the order in which they began; `after` also of those that have ended. */
  before: Wait | undefined;
  after: Wait | undefined;

  constructor(metrics: number) {
    this.from = new Float64Array(metrics);
  }
}

export class GapClock {
  readonly reader: ExactReader;
  /** By metric: what came while nothing ran and nothing waited. */
  readonly nobody: Float64Array;
  /** By metric: what the last wait that has ended has got. */
  readonly bytes: Float64Array;
  /** By metric: the reading from which on nobody has been told what ran. */
  readonly untold: Float64Array;
  /** Time has no gaps. */
  private readonly isCounted: boolean;
  private readonly now: Float64Array;
  private readonly gapStart: Float64Array;
  private readonly share: Float64Array;
  private readonly carry: Float64Array;
  private readonly oldShare: Float64Array;
  private readonly oldCarry: Float64Array;
  private readonly oldShareAtReset: Float64Array;
  /** Mode `auto`: lines run that say nothing. */
  blur: Blur | undefined;
  /** Since the last reading calls run all the time, none of whose lines is read. */
  isRun = false;
  /** It has been told of all that came since gaps matter. */
  private isTold = false;
  /** Waits that have ended in a gap that is open: they have their part when it closes. It stays as long as it was. */
  private readonly late: Wait[] = [];
  private lateCount = 0;
  /** By metric: what the gap that ends has changed by. */
  private readonly change: Float64Array;
  /** When a gap was read that was not to be read each time, and when that was asked; questions until it is asked again. */
  private readonly times = new Float64Array(2);
  private blind = 1;
  private untilTime = 1;
  /** Waits that have ended. An array would be made anew each time one comes into the empty one. */
  private free: Wait | undefined;
  private readonly oldRows = new Set<WaitingRow>();
  private oldest: Wait | undefined;
  private newest: Wait | undefined;
  /** Listings that run. */
  private running = 0;
  private hasRun = false;
  private young = 0;
  private old = 0;
  /** Rows at which waits are that are not old. */
  private rows = 0;
  /** Gaps that more than one row had a part in; the same of rows with old waits. */
  private mixed = 0;
  private oldMixed = 0;
  /** Waits that have ended. */
  private ended = 0;
  private resets = 0;

  constructor(reader: ExactReader, isCounted: boolean, allocate: Allocate) {
    const { length } = reader.now;
    const cells = () => new Float64Array(length);
    this.reader = reader;
    this.now = reader.now;
    this.isCounted = isCounted;
    this.nobody = allocate(length);
    this.bytes = cells();
    this.untold = cells();
    this.gapStart = cells();
    this.share = cells();
    this.carry = cells();
    this.change = cells();
    this.oldShare = cells();
    this.oldCarry = cells();
    this.oldShareAtReset = cells();
  }

  /** A listing begins to run, with the last reading. */
  up(): void {
    if (this.running++ === 0 && this.hasRun) this.closeGap();
  }

  /** A listing no longer runs, since the last reading. */
  down(): void {
    this.hasRun = true;
    if (--this.running > 0) return;
    this.readChange();
    if (this.isTold) this.blur?.begin(this.change, this.now);
  }

  /** The gap ends with the last reading, which begins the next. */
  private closeGap(): void {
    const { now, change, blur, old } = this;
    if (!this.isCounted) return;
    this.isTold &&= this.isRun || this.young + old > 0;
    const hasBlur = this.isTold && blur?.look() === true;
    if (this.young > 1) this.outlast();
    this.readChange();
    const isEstimate = hasBlur && blur!.take(change, now, this.isRun);
    const { young } = this;
    for (let m = 0; m < now.length; m++) {
      if (young > 0) shareOut(change[m]!, young, this.share, this.carry, m);
      else if (old > 0) shareOut(change[m]!, old, this.oldShare, this.oldCarry, m);
      else this.nobody[m] = this.nobody[m]! + change[m]!;
    }
    if (isSome(change) && (isEstimate || (young > 0 ? this.rows > 1 : this.oldRows.size > 1))) {
      if (young > 0) this.mixed++;
      else this.oldMixed++;
    }
    if (this.lateCount > 0) this.endLate();
  }

  /** Since a gap began, or ended. */
  private readChange(): void {
    const { now, gapStart, change } = this;
    for (let m = 0; m < now.length; m++) {
      change[m] = now[m]! - gapStart[m]!;
      gapStart[m] = now[m]!;
    }
  }

  private endLate(): void {
    const { late, bytes } = this;
    for (let i = 0; i < this.lateCount; i++) {
      const wait = late[i]!;
      const { row, block, caller } = wait;
      row.isShared = true;
      this.end(wait);
      if (isSome(bytes)) row.receive(bytes, block!, caller);
    }
    this.lateCount = 0;
  }

  /** A gap is open: nothing runs. */
  get isInGap(): boolean {
    return this.running === 0 && this.hasRun && this.isCounted;
  }

  /** A gap that is not to be read each time is to be read now. @param time milliseconds */
  isDue(time: () => number): boolean {
    const isFull = this.lateCount >= MOST_LATE;
    if (--this.untilTime > 0 && !isFull) return false;
    const ms = time();
    const { times } = this;
    // As often as it was asked lately in the time between two looks.
    const passed = Math.max(ms - times[ASKED_AT]!, 1e-3);
    this.blind = Math.max(1, Math.min(MOST_BLIND, Math.floor((this.blind * BLIND_MS) / passed)));
    this.untilTime = this.blind;
    times[ASKED_AT] = ms;
    if (!isFull && ms - times[LOOKED_AT]! < SELDOM_MS) return false;
    times[LOOKED_AT] = ms;
    return true;
  }

  /** Ends the open gap by a reading, which begins the next. */
  look(): void {
    this.reader.read();
    this.closeGap();
  }

  /** What has been outlasted becomes old. */
  private outlast(): void {
    while (this.young > 1 && !this.oldest!.isLate && this.ended - this.oldest!.begun > OUTLASTED * this.young) {
      const wait = this.oldest!;
      const { row, from } = wait;
      this.unlink(wait);
      if (this.mixed !== wait.mixed) row.isShared = true;
      wait.block = undefined;
      wait.caller = undefined;
      wait.isOld = true;
      wait.mixed = this.oldMixed;
      wait.reset = this.resets;
      for (let m = 0; m < from.length; m++) {
        from[m] = this.oldShare[m]! - (this.share[m]! - from[m]!);
        row.oldFrom[m] = row.oldFrom[m]! + from[m]!;
      }
      if (row.old++ === 0) this.oldRows.add(row);
      this.old++;
    }
  }

  /** Calls run from the last reading on, none of whose lines is read. */
  run(): void {
    this.isRun = true;
    this.tell();
  }

  private tell(): void {
    if (this.isTold) return;
    this.isTold = true;
    this.blur?.restart(this.now);
  }

  /** A call waits itself from the last reading on. */
  begin(row: WaitingRow, block: Block, caller: WaitingCall | undefined): Wait {
    this.tell();
    const wait = this.free ?? this.makeWait();
    this.free = wait.after;
    wait.after = undefined;
    copy(this.share, wait.from);
    wait.row = row;
    wait.block = block;
    wait.caller = caller;
    wait.isOld = false;
    wait.isLate = false;
    wait.begun = this.ended;
    wait.mixed = this.mixed;
    wait.before = this.newest;
    if (this.newest) this.newest.after = wait;
    else this.oldest = wait;
    this.newest = wait;
    this.young++;
    if (row.young++ === 0) this.rows++;
    return wait;
  }

  private makeWait(): Wait {
    let wait!: Wait;
    this.reader.exclude(() => {
      wait = new Wait(this.now.length);
    });
    return wait;
  }

  /** It has ended in a gap that has not been read: its row has its part when that is known. */
  endLater(wait: Wait): void {
    wait.isLate = true;
    this.late[this.lateCount++] = wait;
  }

  /** It has ended. What it has got is in `bytes`. */
  end(wait: Wait): void {
    const { bytes } = this;
    const { row, from } = wait;
    const isShared = wait.mixed !== (wait.isOld ? this.oldMixed : this.mixed) || row.isShared;
    this.ended++;
    if (wait.isOld) this.endOld(wait);
    else {
      this.unlink(wait);
      for (let m = 0; m < bytes.length; m++) bytes[m] = this.share[m]! - from[m]!;
      if (this.young === 0) take(this.carry, bytes);
    }
    row.isShared = isShared;
    wait.block = undefined;
    wait.caller = undefined;
    wait.after = this.free;
    this.free = wait;
  }

  private endOld({ row, from, reset }: Wait): void {
    const { bytes, oldShare } = this;
    if (reset !== this.resets) copy(this.oldShareAtReset, from);
    for (let m = 0; m < bytes.length; m++) {
      bytes[m] = oldShare[m]! - from[m]!;
      row.oldFrom[m] = row.oldFrom[m]! - from[m]!;
    }
    if (--this.old === 0) take(this.oldCarry, bytes);
    if (--row.old > 0) return;
    this.oldRows.delete(row);
    row.setPending(row.oldFrom.fill(0));
  }

  private unlink(wait: Wait): void {
    const { before, after, row } = wait;
    if (before) before.after = after;
    else this.oldest = after;
    if (after) after.before = before;
    else this.newest = before;
    wait.before = undefined;
    wait.after = undefined;
    this.young--;
    if (--row.young === 0) this.rows--;
  }

  /** Before figures are looked at: rows get what their waits have got so far. `reads`: of an open gap, too. */
  settle(reads: boolean): void {
    if (reads && this.isCounted && this.running === 0 && this.hasRun && this.young + this.old > 0) {
      this.reader.read();
      this.closeGap();
    }
    const { bytes, carry } = this;
    for (let wait = this.oldest; wait !== undefined; wait = wait.after) {
      const { from, row } = wait;
      for (let m = 0; m < from.length; m++) {
        bytes[m] = this.share[m]! - from[m]!;
        from[m] = this.share[m]!;
      }
      if (wait === this.oldest) take(carry, bytes);
      if (this.mixed !== wait.mixed) row.isShared = true;
      wait.mixed = this.mixed;
      row.receive(bytes, wait.block!, wait.caller);
    }
    let isFirst = true;
    for (const row of this.oldRows) {
      for (let m = 0; m < bytes.length; m++) {
        bytes[m] = row.old * this.oldShare[m]! - row.oldFrom[m]! + (isFirst ? this.oldCarry[m]! : 0);
      }
      isFirst = false;
      row.setPending(bytes);
    }
  }

  /** What came until now counts for nothing. */
  restart(): void {
    this.settle(true);
    this.nobody.fill(0);
    this.oldCarry.fill(0);
    copy(this.oldShare, this.oldShareAtReset);
    this.resets++;
    for (const row of this.oldRows) {
      for (let m = 0; m < this.oldShare.length; m++) row.oldFrom[m] = row.old * this.oldShare[m]!;
      row.setPending(this.oldCarry);
    }
  }
}

function isSome(bytes: Float64Array): boolean {
  for (let m = 0; m < bytes.length; m++) if (bytes[m] !== 0) return true;
  return false;
}

function copy(from: Float64Array, to: Float64Array): void {
  for (let m = 0; m < to.length; m++) to[m] = from[m]!;
}

function shareOut(change: number, waiters: number, share: Float64Array, carry: Float64Array, m: number): void {
  const all = change + carry[m]!;
  const each = Math.trunc(all / waiters);
  share[m] = share[m]! + each;
  carry[m] = all - each * waiters;
}

function take(carry: Float64Array, bytes: Float64Array): void {
  for (let m = 0; m < bytes.length; m++) {
    bytes[m] = bytes[m]! + carry[m]!;
    carry[m] = 0;
  }
}
