/**
 * Calls of functions of mode `auto` that can wait. Their lines are the counters', which read what is to be read; a call
 * knows when it runs and when it waits, and for whom.
 */
import {
  type Counters,
  FOR_CONSUMER,
  FOR_NEXT,
  FOR_PROMISE,
  type LineCounters,
  type SuspendedFor,
  type WaitingCounters,
} from "../../contract/module-table.ts";
import { onDispose } from "../core/probe.ts";
import { ENDED, type Listing, NO_LINE, SUSPENDED } from "../core/state.ts";
import type { Admission } from "./admission.ts";
import { NO_EDGE } from "./flow.ts";
import type { RecordWaits } from "./record-waits.ts";
import { WaitingCall } from "./waiting-call.ts";

const RUNS = 1;

/** What such a call asks of the counters of its listing. */
export interface CountedSide {
  readonly counters: LineCounters;
  /** What has come in an open gap would be taken for what lines allocate that are not read each time. */
  readonly isHot: boolean;
  /** Readies the listing for its first call. False if it measures nothing. */
  isReady(): boolean;
  /** Reads what has come in an open gap, unless that would be too dear. @returns whether what has come up to now is known */
  look(): boolean;
}

export class CountedCall extends WaitingCall implements WaitingCounters {
  private readonly side: CountedSide;
  private readonly counters: LineCounters;

  constructor(listing: Listing, waits: RecordWaits, side: CountedSide) {
    super(listing, waits);
    this.side = side;
    this.counters = side.counters;
  }

  override begin(isGenerator: boolean): void {
    const { waits, side } = this;
    this.depth = RUNS;
    const isKnown = side.look();
    waits.flow.up();
    waits.flow.cut(waits.clock);
    this.attach(waits.flow.callerOf(isGenerator), isKnown);
    this.goOn();
    this.runsFrom(isKnown);
  }

  private runsFrom(isKnown: boolean): void {
    if (isKnown && this.side.isHot) this.waits.clock.run();
  }

  // ---- lines ----

  count(n: number): void {
    this.counters.count(n);
    this.goOnIfAside();
  }

  grow(n: number, store?: unknown): void {
    const isKnown = this.lookFirst();
    this.counters.grow(n, store);
    this.goOnIfAside(isKnown);
  }

  caught(n: number): void {
    const isKnown = this.lookFirst();
    this.counters.caught(n);
    this.goOnIfAside(isKnown);
  }

  override back<const T>(n: number, value?: T): T {
    this.grow(n);
    return value as T;
  }

  /** @returns whether what has come up to now is known; undefined if that is to be asked behind the counter */
  private lookFirst(): boolean | undefined {
    return this.depth === SUSPENDED && this.side.isHot ? this.side.look() : undefined;
  }

  private goOnIfAside(isKnown?: boolean): void {
    if (this.depth !== SUSPENDED) return;
    this.depth = RUNS;
    this.waits.flow.up();
    // Behind the counter a line may have been read.
    const isNow = isKnown || !this.waits.clock.isInGap || (isKnown === undefined && this.side.look());
    this.comeBack(isNow);
    this.runsFrom(isNow);
  }

  // ---- put aside ----

  override suspend<const T>(value?: T, why: SuspendedFor = FOR_PROMISE, row = NO_LINE): T {
    if (this.depth === ENDED) return this.counters.suspend(value);
    this.goOnIfAside();
    const { open } = this.listing;
    this.open = open === NO_LINE ? row : open;
    this.counters.suspend();
    if (open === NO_LINE) this.side.look();
    this.putAside(SUSPENDED);
    if (why === FOR_CONSUMER) this.detach();
    else this.beginToWait();
    if (why === FOR_NEXT) this.waits.flow.ask(this);
    return value as T;
  }

  override onLeave(): { [Symbol.dispose](): void } {
    return onDispose(() => void this.suspend());
  }

  override exit<const T>(value?: T): T {
    if (this.depth !== ENDED) {
      this.goOnIfAside();
      this.counters.exit();
      this.putAside(ENDED);
      this.detach();
      this.skipEnded();
    }
    return value as T;
  }

  private putAside(mark: typeof SUSPENDED | typeof ENDED): void {
    const { waits } = this;
    this.depth = mark;
    waits.flow.tell(waits.clock, this, NO_EDGE);
    waits.flow.pop(this);
    waits.flow.down();
    if (!waits.flow.isRunning) waits.clock.isRun = false;
  }

  protected override get place(): number {
    return this.depth > 0 ? this.listing.open : this.open;
  }

  /** Nobody knows from which row it called them if that was not read. */
  protected override isAt(kidLine: number): boolean {
    return kidLine === NO_LINE || kidLine === this.open;
  }
}

/** How calls of a listing begin. @param admission says whether one may know when it waits */
export function beginCounted(
  listing: Listing,
  waits: RecordWaits,
  side: CountedSide,
  admission: Admission | undefined,
): Pick<Counters, "begin"> {
  const start = (isGenerator: 1 | undefined): CountedCall | undefined => {
    if (!side.isReady()) return undefined;
    if (admission?.admits() === false) return refused();
    listing.reader.activated?.();
    const call = new CountedCall(listing, waits, side);
    call.begin(isGenerator === 1);
    return call;
  };
  const refused = () => {
    waits.isPartial = true;
    return undefined;
  };
  return {
    // Short: in a storm most calls end here.
    begin: (isGenerator) => (admission?.refusesNext() ? refused() : start(isGenerator)),
  };
}
