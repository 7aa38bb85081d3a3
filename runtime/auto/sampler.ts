/**
 * Readings of lines that are not read each time. The heap is one for all listings of a thread, and so is this. Bytes.
 *
 * Between the reading that begins a sample and the one that ends it nothing of ours may allocate: all arithmetic is before
 * or behind them.
 */
import type { Reader } from "../state.ts";
import { COLLECTION, EVENT, type HotLine } from "./hot-line.ts";
import { type Pace, SELDOM_MS } from "./pace.ts";

/** A jump that cannot be shown to be one line's. */
export interface Ambiguous {
  bytes: number;
  candidates: readonly HotLine[];
}

const BEGIN = 0;
const LAST = 1;
const GROWN = 2;
/** What a reading itself leaves on the heap, as far as the gauge does not know it. */
const SELF = 3;
const FIRST = 4;
const CELLS = 5;
/** A pair of readings that says more had something else between them. */
const MOST_SELF = 4096;

export class Sampler {
  readonly pace: Pace;
  readonly lines: HotLine[] = [];
  readonly ambiguous: Ambiguous[] = [];
  samples = 0;
  /** Told of a jump between candidates. */
  private readonly gauge: Reader;
  private readonly cells = new Float64Array(CELLS);
  private random = 88172645;

  constructor(gauge: Reader, pace: Pace) {
    this.gauge = gauge;
    this.pace = pace;
  }

  add(line: HotLine): void {
    if (this.lines.length === 0) {
      this.gauge.read();
      this.cells[LAST] = this.gauge.now[0]!;
    }
    this.lines[this.lines.length] = line;
  }

  /** What the heap has grown by since the first line was not read each time, what was collected included. */
  get grown(): number {
    return this.cells[GROWN]!;
  }

  /**
   * The countdown of a line has come to its end.
   *
   * @returns the next period, negative if the line is not to be read now
   */
  plan(line: HotLine, store: unknown): number {
    const { pace } = this;
    const began = pace.time();
    const passed = line.askedAt(began);
    let period = pace.next(line.period, passed, this.nextRandom());
    if (store !== undefined && line.isUnbounded) {
      const until = line.growth.until(store);
      if (until > 0 && until < period) period = until;
    }
    const isCut = pace.isOver && passed < SELDOM_MS && !line.growth.isDue;
    if (isCut && line.period < 16) period = 2 * line.period;
    line.period = period;
    pace.spent(began);
    return isCut ? -period : period;
  }

  /** The line begins: the last thing before it runs. */
  begin(): void {
    const { gauge } = this;
    const began = this.pace.time();
    gauge.read();
    this.look(gauge.now[0]!);
    this.samples++;
    this.pace.spent(began);
    this.goOn();
  }

  /** It goes on after a call that had rows of its own. Two readings: what one leaves behind is between them. */
  goOn(): void {
    const { gauge, cells } = this;
    gauge.read();
    cells[FIRST] = gauge.now[0]!;
    gauge.read();
    cells[BEGIN] = gauge.now[0]!;
  }

  /** The line ends, or pauses. @returns what the heap has changed by */
  end(): number {
    const { gauge, cells } = this;
    gauge.read();
    const now = gauge.now[0]!;
    const self = cells[BEGIN]! - cells[FIRST]!;
    if (Math.abs(self) <= MOST_SELF) cells[SELF] = self;
    const change = now - cells[BEGIN]! - cells[SELF]!;
    cells[GROWN] = cells[GROWN]! + Math.max(0, change);
    cells[LAST] = now;
    return change;
  }

  /** What has grown where nothing was read. */
  private look(now: number): void {
    const { cells, lines } = this;
    const change = now - cells[LAST]!;
    cells[LAST] = now;
    if (change < -COLLECTION || change > EVENT) {
      let expected = 0;
      for (let i = 0; i < lines.length; i++) expected += lines[i]!.sinceSeen * lines[i]!.rate;
      cells[GROWN] = cells[GROWN]! + Math.max(change, expected);
      if (change - expected > EVENT) this.event(change - expected);
    } else cells[GROWN] = cells[GROWN]! + Math.max(0, change);
    for (let i = 0; i < lines.length; i++) lines[i]!.see();
  }

  private event(bytes: number): void {
    const candidates = this.lines.filter((line) => line.isUnbounded && line.sinceSeen > 0 && !line.growth.isFollowed);
    if (candidates.length === 1) candidates[0]!.add(bytes);
    else if (candidates.length > 1) this.keep(bytes, candidates);
  }

  private keep(bytes: number, candidates: readonly HotLine[]): void {
    const same = ({ candidates: known }: Ambiguous) =>
      known.length === candidates.length && known.every((line, i) => line === candidates[i]);
    const known = this.ambiguous.find(same);
    if (known) known.bytes += bytes;
    else this.ambiguous.push({ bytes, candidates });
  }

  private nextRandom(): number {
    let x = this.random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.random = x;
    return (x >>> 0) / 2 ** 32;
  }
}
