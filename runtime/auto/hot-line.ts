import { Growth } from "./growth.ts";
import type { Slots } from "./slots.ts";

/** A change of more is an event: it is not what a line mostly does. */
export const EVENT = 512 * 1024;
/** A fall of more is a collection. */
export const COLLECTION = 4096;

const SUM = 0;
const WEIGHT = 1;
const ALLOCATED = 2;
const SEEN = 3;
const SAMPLED_AT = 4;
const READ_AT = 5;
const CELLS = 6;

/** A line that is not read each time. Bytes; times in milliseconds. */
export class HotLine {
  readonly n: number;
  /** The row that shows it, and where that is. */
  readonly line: number;
  readonly place: string;
  /** It can allocate any size. */
  readonly isUnbounded: boolean;
  readonly growth = new Growth();
  period = 1;
  /** Executions that were read. */
  measured = 0;
  private readonly slots: Slots;
  private readonly cells = new Float64Array(CELLS);

  constructor(slots: Slots, n: number, line: number, file: string, isUnbounded: boolean) {
    this.place = `${file}:${line}`;
    this.slots = slots;
    this.n = n;
    this.line = line;
    this.isUnbounded = isUnbounded;
    this.cells[SAMPLED_AT] = this.count();
    this.cells[SEEN] = this.count();
  }

  count(): number {
    return this.slots.totalOf(this.n);
  }

  /** What an execution allocates, events apart. */
  get rate(): number {
    const { cells } = this;
    return cells[WEIGHT]! > 0 ? Math.max(0, cells[SUM]! / cells[WEIGHT]!) : 0;
  }

  get allocated(): number {
    return this.cells[ALLOCATED]!;
  }

  add(bytes: number): void {
    this.cells[ALLOCATED] = this.cells[ALLOCATED]! + bytes;
  }

  /** One execution has changed the heap by `bytes`, with a collection in it where that is much less than 0. */
  sampled(bytes: number): void {
    const { cells } = this;
    const now = this.count();
    const stands = now - cells[SAMPLED_AT]!;
    cells[SAMPLED_AT] = now;
    this.measured++;
    if (bytes < -COLLECTION) return this.add(this.rate * stands);
    const isGrowth = this.growth.grew(bytes);
    if (isGrowth || this.growth.isDue || bytes >= EVENT) {
      this.add(bytes + this.rate * (stands - 1));
      return;
    }
    cells[SUM] = cells[SUM]! + bytes * stands;
    cells[WEIGHT] = cells[WEIGHT]! + stands;
    this.add(bytes * stands);
  }

  /** What ran since the last sample, at the rate that is known. */
  get pending(): number {
    return Math.max(0, this.count() - this.cells[SAMPLED_AT]!) * this.rate;
  }

  /** Executions since the heap was last looked at. */
  get sinceSeen(): number {
    return this.count() - this.cells[SEEN]!;
  }

  see(): void {
    this.cells[SEEN] = this.count();
  }

  /** @returns how long ago it was asked before */
  askedAt(now: number): number {
    const before = this.cells[READ_AT]!;
    this.cells[READ_AT] = now;
    return now - before;
  }
}
