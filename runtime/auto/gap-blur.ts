import type { HotLines } from "../core/hot-lines.ts";
import type { Sampler } from "./sampler.ts";

/** Calls that run, each visited with the lines of its listing. */
export interface RunningCalls {
  eachRunning(visit: (hot: HotLines | undefined) => void): void;
}

/**
 * What lines have of a stretch in which nothing seems to run, because they are not read each time: as much as their pools
 * will say (hot-pool.ts). What is foretold too early or too late is made good in the next stretch, so that no byte of a gap
 * is with nobody, and none with two.
 */
export class GapBlur {
  private readonly sampler: Sampler;
  private readonly calls: RunningCalls;
  private readonly pools: HotLines[] = [];
  /** By metric: what pools would have said when this was asked before, and what of that no stretch has given up yet. */
  private readonly said: Float64Array;
  private readonly owed: Float64Array;
  private readonly says: Float64Array;
  private readonly one: Float64Array;
  /** The heap when this was asked before; what it has grown by, as windows say; and what such lines had of that. */
  private readonly heap = new Float64Array(3);
  private hasGiven = false;
  private time = 0;

  constructor(sampler: Sampler, metrics: number, calls: RunningCalls) {
    this.sampler = sampler;
    this.calls = calls;
    this.said = new Float64Array(metrics);
    this.owed = new Float64Array(metrics);
    this.says = new Float64Array(metrics);
    this.one = new Float64Array(metrics);
  }

  add(lines: HotLines): void {
    this.pools[this.pools.length] = lines;
  }

  /** See `Blur`. */
  restart(now: Float64Array): void {
    if (!this.isHot) return;
    this.foretell(now, 0);
    this.owed.fill(0);
  }

  private get isHot(): boolean {
    return this.sampler.isSampling && this.pools.length > 0;
  }

  /** See `Blur`. */
  begin(ran: Float64Array, now: Float64Array): void {
    if (!this.isHot) return;
    const { heap, owed, sampler } = this;
    heap[SEEN] = sampler.reading;
    this.foretell(now, 0);
    for (let m = 0; m < now.length; m++) owed[m] = owed[m]! - within(owed[m]!, ran[m]!);
  }

  look(): boolean {
    if (!this.isHot) return false;
    this.heap[GROWN] = this.sampler.lookAhead();
    return true;
  }

  take(change: Float64Array, now: Float64Array, isTheirs: boolean): boolean {
    const { sampler, heap, owed } = this;
    const isGiven = isTheirs && this.giveAll(change);
    const have = sampler.windows.ran;
    if (!isGiven) sampler.skip(have > heap[HAD]! ? Math.max(0, 1 - have / Math.max(1, heap[GROWN]!)) : 1);
    heap[HAD] = have;
    heap[SEEN] = sampler.reading;
    this.foretell(now, heap[GROWN]! - sampler.windows.grown);
    let isEstimate = false;
    for (let m = 0; m < change.length; m++) {
      const part = isGiven ? change[m]! : Math.trunc(within(owed[m]!, change[m]!));
      owed[m] = owed[m]! - part;
      change[m] = change[m]! - part;
      isEstimate ||= !isGiven && part !== 0;
    }
    return isEstimate;
  }

  /** To calls that run, whose callers have it, too. @returns whether any of their lines are not read each time */
  private giveAll(change: Float64Array): boolean {
    const { heap, sampler } = this;
    const time = ++this.time;
    this.hasGiven = false;
    const grown = Math.max(0, sampler.reading - heap[SEEN]!);
    this.calls.eachRunning((hot) => {
      if (hot === undefined) return;
      hot.addOwn(change, grown, time);
      this.hasGiven = true;
    });
    return this.hasGiven;
  }

  /**
   * What pools would say now, of the outermost of what they were found in: what that is more than before is owed.
   *
   * @param ahead what windows have not been told of yet
   */
  private foretell(now: Float64Array, ahead: number): void {
    const { pools, says, said, owed, one } = this;
    for (let i = 0; i < pools.length; i++) {
      const { outside } = pools[i]!;
      pools[i]!.foretell(now, ahead, one);
      for (let m = 0; m < one.length; m++) {
        const part = outside * one[m]!;
        if (i === 0 || Math.abs(part) > Math.abs(says[m]!)) says[m] = part;
      }
    }
    for (let m = 0; m < says.length; m++) {
      owed[m] = owed[m]! + says[m]! - said[m]!;
      said[m] = says[m]!;
    }
  }
}

const SEEN = 0;
const GROWN = 1;
const HAD = 2;

/** As much of `bytes` as is not beyond `change`, and has its sign. */
function within(bytes: number, change: number): number {
  return change < 0 ? Math.min(0, Math.max(bytes, change)) : Math.max(0, Math.min(bytes, change));
}
