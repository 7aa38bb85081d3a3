/**
 * Lines from which calls were made that have not ended, outermost first. In memory that is there from the first call on: a
 * line that is read pauses at each call that it makes, and what that allocated would be found on its row.
 */
import type { HotLine } from "./hot-line.ts";

/** Deeper calls do not go on with the line they were made from. */
const DEEPEST = 1000;
/** Made ready at once, and twice as many when they are not enough. */
const FIRST = 16;

export class PausedLines {
  private room = FIRST;
  private lines = new Int32Array(FIRST);
  private calls = new Int32Array(FIRST);
  private pauses = new Int32Array(FIRST);
  private changes = new Float64Array(FIRST);
  private readonly samples: (HotLine | undefined)[] = new Array(FIRST).fill(undefined);
  length = 0;

  /**
   * @param call the function that `line` is of
   * @param sample the hot line that was being read
   * @param change what it had changed the heap by, in bracket `change[at]`
   * @param pauses how often it had paused before
   */
  push(
    line: number,
    call: number,
    sample: HotLine | undefined,
    change: Float64Array,
    at: number,
    pauses: number,
  ): void {
    if (this.length === DEEPEST) this.forgetOutermost();
    else if (this.length === this.room) this.grow();
    const i = this.length++;
    this.lines[i] = line;
    this.calls[i] = call;
    this.pauses[i] = pauses;
    this.changes[i] = change[at]!;
    this.samples[i] = sample;
  }

  /** Forgets the innermost, which can be asked about until the next is pushed. */
  pop(): void {
    this.length--;
  }

  lineAt(i: number): number {
    return this.lines[i]!;
  }

  callAt(i: number): number {
    return this.calls[i]!;
  }

  sampleAt(i: number): HotLine | undefined {
    return this.samples[i];
  }

  pausesAt(i: number): number {
    return this.pauses[i]!;
  }

  /** Puts into `change[at]` what the sample had changed the heap by. */
  changeAt(i: number, change: Float64Array, at: number): void {
    change[at] = this.changes[i]!;
  }

  clear(): void {
    this.length = 0;
  }

  private forgetOutermost(): void {
    this.lines.copyWithin(0, 1);
    this.calls.copyWithin(0, 1);
    this.pauses.copyWithin(0, 1);
    this.changes.copyWithin(0, 1);
    this.samples.copyWithin(0, 1);
    this.length--;
  }

  private grow(): void {
    this.room = Math.min(DEEPEST, 2 * this.room);
    this.lines = enlarged(this.lines, new Int32Array(this.room));
    this.calls = enlarged(this.calls, new Int32Array(this.room));
    this.pauses = enlarged(this.pauses, new Int32Array(this.room));
    this.changes = enlarged(this.changes, new Float64Array(this.room));
  }
}

function enlarged<T extends Int32Array | Float64Array>(values: T, room: T): T {
  room.set(values);
  return room;
}
