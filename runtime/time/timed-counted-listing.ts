/** Time in mode `auto`: a listing that says when a slow call begins and ends, and what its samples took. */
import type { SlotTable } from "../../contract/module-table.ts";
import { CountedListing, type Counting, type CountingGate } from "../auto/counted-listing.ts";
import type { HotLine } from "../auto/hot-line.ts";
import { type Listing, NO_LINE } from "../core/state.ts";
import type { HotTime, HotTimes } from "./hot-times.ts";
import type { RecordTime } from "./record-time.ts";
import { OWNER_CELLS, type TimeOwner, type TimeStack } from "./time-stack.ts";

/** Executions from which on a stretch says more than samples do. */
const FEWEST = 16;
/** More calls than these are not followed at once. */
const DEEPEST = 1024;

const PASSED = 0;
const OTHERS = 1;

export class TimedCountedListing extends CountedListing implements TimeOwner {
  followed = 0;
  readonly cells = new Float64Array(OWNER_CELLS);
  readonly callees: Float64Array;
  private readonly time: TimeStack;
  private readonly all: HotTimes;
  private readonly record: RecordTime;
  /** By slot. */
  private readonly hotTimes: (HotTime | undefined)[] = [];
  /** Of the samples that are open, by how many calls are paused below. */
  private readonly sampled = new Float64Array(DEEPEST);
  /** Whose sample began last, and has not ended. */
  private followedLine: HotTime | undefined;
  /** A line of it runs, and nothing is followed; what had passed then, and what other listings were to take. */
  private isStretch = false;
  private readonly before = new Float64Array(2);

  constructor(
    listing: Listing,
    table: SlotTable,
    place: { file: string; rowCount: number },
    gate: CountingGate,
    counting: Counting,
    { time, hot, record }: { time: TimeStack; hot: HotTimes; record: RecordTime },
  ) {
    super(listing, table, place, gate, counting);
    this.time = time;
    this.all = hot;
    this.record = record;
    this.callees = record.callees;
  }

  protected override get isTimed(): boolean {
    return true;
  }

  // ---- what the stack asks ----

  get depth(): number {
    const paused = this.paused.length;
    return this.isOpen || paused > 0 ? paused + 1 : 0;
  }

  get row(): number {
    const { open, first } = this.listing;
    if (this.sample !== undefined) return Math.min(this.paused.length, DEEPEST - 1);
    return open === NO_LINE ? -1 : open - first;
  }

  get times(): Float64Array {
    return this.sample === undefined ? this.record.of(this.listing.sheet) : this.sampled;
  }

  ended(called: number): void {
    if (this.followedLine !== undefined) this.followedLine.called(called);
    this.callees[0] = this.callees[0]! + called;
  }

  // ---- what compiled code asks ----

  override arrive(n: number, store: unknown): void {
    this.time.beginCall(this);
    super.arrive(n, store);
    const i = n - this.listing.first;
    const line = this.hot[i];
    if (line !== undefined && this.hotTimes[i] === undefined) this.hotTimes[i] = this.all.add(line);
    this.time.endCall();
    if (n !== this.slots.flag && this.depth === 0 && this.pool !== undefined) this.beginStretch();
  }

  private beginStretch(): void {
    this.isStretch = true;
    for (const each of this.hotTimes) each?.beginStretch();
    this.time.leave(this);
    this.before[PASSED] = this.time.passedBefore;
    this.before[OTHERS] = this.all.sum() - this.expected();
    this.slots.asksAtEnd();
  }

  /** What its own lines should have taken up to now. */
  private expected(): number {
    let sum = 0;
    for (const each of this.hotTimes) if (each !== undefined) sum += this.all.expected(each, each.unfollowed);
    return sum;
  }

  arriving(now: number): number {
    if (!this.isStretch) return 0;
    this.isStretch = false;
    const { time, all, hotTimes, before } = this;
    let count = 0;
    let weight = 0;
    for (const each of hotTimes) {
      if (each === undefined) continue;
      count += each.sinceThen;
      weight += each.weight;
    }
    if (count < FEWEST) return 0;
    const others = all.sum() - this.expected() - before[OTHERS]!;
    const passed = Math.max(0, time.restAt(now) - before[PASSED]! - Math.max(0, others) - time.cost);
    time.know(passed);
    for (const each of hotTimes) each?.endStretch((passed * each.weight) / weight);
    return passed;
  }

  override caught(n: number): void {
    this.time.beginCall(this);
    super.caught(n);
    this.time.endCall();
  }

  protected override end(): void {
    this.time.beginCall(this);
    super.end();
    this.time.endCall();
  }

  protected override follow(line: HotLine): void {
    super.follow(line);
    this.time.settleRunning(this);
    this.sampled[this.row] = 0;
    this.followedLine = this.hotTimes[line.n - this.listing.first];
    this.followedLine?.begin();
  }

  protected override endSample(): void {
    const line = this.sample!;
    const { row } = this;
    super.endSample();
    this.time.settleRunning(this);
    this.followedLine = undefined;
    const ms = this.sampled[row]!;
    const times = this.record.of(this.listing.sheet);
    const at = line.line - this.listing.first;
    times[at] = times[at]! + ms;
    this.hotTimes[line.n - this.listing.first]?.sampled(ms);
    this.all.look();
  }

  // ---- figures ----

  override harvest(): void {
    this.harvestTimes();
    super.harvest();
  }

  private harvestTimes(): void {
    const { listing } = this;
    if (listing.sheet === undefined) return;
    this.all.close();
    const times = this.record.of(listing.sheet);
    for (const each of this.hotTimes) {
      if (each === undefined) continue;
      const { own, callees } = each.take();
      const at = each.line.line - listing.first;
      times[at] = times[at]! + own;
      this.callees[0] = this.callees[0]! + callees;
    }
  }

  override discard(): void {
    super.discard();
    this.all.close();
    for (const each of this.hotTimes) each?.take();
  }
}
