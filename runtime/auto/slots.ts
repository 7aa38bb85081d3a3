/**
 * The counters of a listing, and all that a probe of mode `auto` touches: two arrays outside of V8's heap. A probe counts
 * down; at 0 it asks the slow path, which says how often the line may run until it asks again.
 *
 * Forms and bytes matter here: what compiled code calls is at most 27 bytes of bytecode, so that V8 inlines it everywhere,
 * and closes over its arrays, so that their addresses are constants (docs/performance.md).
 */
import type { LineCounters, SlotTable } from "../../contract/module-table.ts";
import { onDispose } from "../core/probe.ts";

/** The longest period, and that of what is only counted. */
export const LONGEST = 0x7fffffff;

const POOL = 1 << 16;
/** Listings begin at a line; an array that is read from there on begins that much earlier. */
const HEADROOM = 1 << 14;

let pool: ArrayBuffer | undefined;
let used = 0;

/** An array whose elements `first` to `first + length - 1` are zeros of its own. */
function arrayFrom(first: number, length: number): Int32Array {
  if (first > HEADROOM || length > HEADROOM) return new Int32Array(first + length);
  if (pool === undefined || used + length > POOL) {
    pool = new ArrayBuffer(4 * POOL);
    used = HEADROOM;
  }
  const array = new Int32Array(pool, 4 * (used - first), first + length);
  used += length;
  return array;
}

/** What the counters of a listing ask. */
export interface SlowPath {
  /** The counter of slot `n` has come to 0; or, of the flag's, a call ends or waits, and something is open: `store` is which. */
  arrive(n: number, store: unknown): void;
  /** A catch block begins at slot `n`. */
  caught(n: number): void;
}

export class Slots {
  readonly first: number;
  readonly length: number;
  /** Of the flag that says whether something is open. */
  readonly flag: number;
  readonly countdown: Int32Array;
  /** Of what is only counted. */
  readonly counts: Int32Array;
  /** How often a line runs between two questions. */
  private readonly periods: Int32Array;
  /** Executions in periods that have ended; those of periods of one beside it, as whole numbers. */
  private readonly done: Float64Array;
  private readonly ones: Int32Array;
  /** What `takeCounts` leaves out, and what it says. */
  private readonly forgotten: Float64Array;
  private readonly taken: Float64Array;
  /** The countdowns of the slots that are checked, while each asks. */
  private readonly kept: Int32Array;
  private readonly checked: number[] = [];
  private readonly isChecked: Uint8Array;
  private isTrapped = false;

  /** @param checks whether the slot asks at all */
  constructor(table: SlotTable, first: number, checks: (n: number) => boolean) {
    this.first = first;
    this.length = table.kinds.length;
    this.flag = first + this.length;
    this.countdown = arrayFrom(first, this.length + 1);
    this.counts = arrayFrom(first, this.length);
    this.periods = new Int32Array(this.length);
    this.done = new Float64Array(this.length);
    this.ones = new Int32Array(this.length);
    this.forgotten = new Float64Array(this.length);
    this.taken = new Float64Array(this.length);
    this.kept = new Int32Array(this.length);
    this.isChecked = new Uint8Array(this.length);
    for (let i = 0; i < this.length; i++) {
      if (checks(first + i)) {
        this.checked[this.checked.length] = i;
        this.isChecked[i] = 1;
      }
      this.periods[i] = 1;
      this.countdown[first + i] = 1;
      this.counts[first + i] = LONGEST;
    }
  }

  /** How often slot `n` was ever called. */
  totalOf(n: number): number {
    const i = n - this.first;
    const rest = this.isTrapped && this.isChecked[i] ? this.kept[i]! : this.countdown[n]!;
    return this.done[i]! + this.ones[i]! + (this.periods[i]! - rest) + (LONGEST - this.counts[n]!);
  }

  /** What is only counted has been so often. */
  refill(n: number): void {
    const i = n - this.first;
    this.done[i] = this.done[i]! + LONGEST;
    this.counts[n] = LONGEST;
  }

  /** Its countdown has come to 0: a period has ended, and one of `period` calls begins. */
  begin(n: number, period: number): void {
    const i = n - this.first;
    const ended = this.periods[i]!;
    // Between two readings nothing may allocate, and a sum of doubles does until V8 has optimised it.
    if (ended === 1 && this.ones[i]! < LONGEST) this.ones[i] = this.ones[i]! + 1;
    else this.done[i] = this.done[i]! + ended;
    this.periods[i] = period;
    if (!this.isTrapped) this.countdown[n] = period;
    else {
      this.kept[i] = period;
      this.countdown[n] = 1;
    }
  }

  /** The period that has just begun is to be of `period` calls. */
  extend(n: number, period: number): void {
    const i = n - this.first;
    this.periods[i] = period;
    if (this.isTrapped && this.isChecked[i]) this.kept[i] = period;
    else this.countdown[n] = period;
  }

  /** Each slot asks again, however long its period was to be. */
  wake(): void {
    this.isOpen = false;
    for (let n = this.first; n < this.first + this.length; n++) {
      const i = n - this.first;
      this.done[i] = this.done[i]! + this.periods[i]! - this.countdown[n]!;
      this.periods[i] = 1;
      this.countdown[n] = 1;
    }
  }

  /** While something is open each checked slot asks. @returns whether it would have asked by itself */
  asked(n: number): boolean {
    if (!this.isTrapped) return true;
    const i = n - this.first;
    this.countdown[n] = 1;
    this.kept[i] = this.kept[i]! - 1;
    return this.kept[i] === 0;
  }

  /** Something is open, or nothing is. */
  set isOpen(isOpen: boolean) {
    this.countdown[this.flag] = isOpen ? 1 : 0;
    if (isOpen === this.isTrapped) return;
    const { checked, countdown, kept, first } = this;
    for (let j = 0; j < checked.length; j++) {
      const i = checked[j]!;
      if (isOpen) {
        kept[i] = countdown[first + i]!;
        countdown[first + i] = 1;
      } else countdown[first + i] = kept[i]!;
    }
    this.isTrapped = isOpen;
  }

  /** The call that runs asks when it ends, though nothing is open. */
  asksAtEnd(): void {
    this.countdown[this.flag] = 1;
  }

  /** How often each slot was called since this was asked last; by slot, good until it is asked again. */
  takeCounts(): Float64Array {
    const { first, length, forgotten, taken } = this;
    for (let i = 0; i < length; i++) {
      const total = this.totalOf(first + i);
      taken[i] = total - forgotten[i]!;
      forgotten[i] = total;
    }
    return taken;
  }
}

/** What compiled code calls. */
export function createCounters(slots: Slots, slow: SlowPath): LineCounters {
  return closeOver(
    slots.countdown,
    slots.counts,
    slots.flag,
    (n, store) => slow.arrive(n, store),
    (call) => slow.arrive(slots.flag, call),
    (n) => slow.caught(n),
    (n) => slots.refill(n),
  );
}

/** Over parameters: before each use of a `const` that a function closes over V8 checks whether that has a value yet. */
function closeOver(
  c: Int32Array,
  d: Int32Array,
  e: number,
  arrive: (n: number, store?: unknown) => void,
  leave: (call?: number) => void,
  caught: (n: number) => void,
  refill: (n: number) => void,
): LineCounters {
  // biome-ignore lint/complexity/noCommaOperator: five bytes of bytecode less than a block
  const pass = <const T>(n: number, value?: T): T => (--c[n]! || arrive(n), value as T);
  // biome-ignore lint/complexity/noCommaOperator: as above
  const end = <const T>(value?: T, call?: number): T => (c[e] && leave(call), value as T);
  return {
    line: (n) => --c[n]! || arrive(n),
    // Of its own, and never taken in practice: where V8 has not seen a call it plants none.
    count: (n) => --d[n]! || refill(n),
    grow: (n, store) => --c[n]! || arrive(n, store),
    at: pass,
    back: pass,
    exit: end,
    suspend: (value) => end(value!),
    caught: (n, call) => (call === undefined ? caught(n) : call.caught(n)),
    onLeave: (call) => call?.onLeave() ?? onDispose(leave),
    lineOf: (call, n, store) => (call === undefined ? --c[n]! || arrive(n, store) : call.grow(n, store)),
    countOf: (call, n) => (call === undefined ? --d[n]! || refill(n) : call.count(n)),
    backOf: (call, n, value) => (call === undefined ? pass(n, value!) : call.back(n, value)),
    exitOf: (call) => (call === undefined ? end() : call.exit()),
    suspendOf: (call, value, why, row) => (call === undefined ? end(value!) : call.suspend(value, why, row)),
  };
}
