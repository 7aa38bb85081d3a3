/**
 * Calls that tell whether their listing runs, and, of functions that can suspend, who waits for whom. What probes do is
 * said in `core/probe.ts`; here is only what follows from it.
 */
import { FOR_CONSUMER, FOR_NEXT, FOR_PROMISE, type SuspendedFor } from "../../contract/module-table.ts";
import { Call, onDispose, push, settle } from "../core/probe.ts";
import { ENDED, type Listing, NO_LINE, SUSPENDED } from "../core/state.ts";
import { NO_EDGE } from "./flow.ts";
import type { GapClock, Wait } from "./gap-clock.ts";
import type { RecordWaits } from "./record-waits.ts";

/** Of a function that cannot suspend. */
export class PlainCall extends Call {
  private readonly waits: RecordWaits;

  constructor(listing: Listing, waits: RecordWaits) {
    super(listing);
    this.waits = waits;
  }

  protected override leave(mark: typeof SUSPENDED | typeof ENDED): void {
    const ran = this.depth > 0;
    super.leave(mark);
    if (ran && this.listing.depth === 0) this.waits.down();
  }

  protected override arrive(): void {
    const begins = this.depth !== ENDED && this.listing.depth === 0;
    super.arrive();
    if (begins) this.waits.up();
  }
}

/** Of a function that can suspend. */
export class WaitingCall extends Call {
  readonly waits: RecordWaits;
  /** Who was running when it was entered; of a generator, who asked for its value last. */
  caller: WaitingCall | undefined;
  /** The next one below that can wait, while both run. */
  over: WaitingCall | undefined;
  isWaiting = false;
  /** Someone who waits is to be told what runs here. */
  isHeard = false;
  /** Callees, called from the row `kidLine`, that have not ended; `kidRound` is raised when the row is another. */
  private kids = 0;
  private kidLine = NO_LINE;
  private kidRound = 0;
  /** The nearest caller that is measured by the same source, while it counts this one; and its `kidRound` then. */
  private parent: WaitingCall | undefined;
  private round = 0;

  /** While it waits itself. */
  private wait: Wait | undefined;
  /** That of its last wait. */
  private clock: GapClock;

  constructor(listing: Listing, waits: RecordWaits) {
    super(listing);
    this.waits = waits;
    this.clock = waits.clock;
  }

  get runs(): boolean {
    return this.depth > 0;
  }

  /** @returns what was below */
  unlink(): WaitingCall | undefined {
    const { over } = this;
    this.over = undefined;
    return over;
  }

  // ---- what probes say ----

  /** It is on the stack. */
  begin(isGenerator: boolean): void {
    const { waits } = this;
    waits.flow.cut(waits.clock);
    this.attach(waits.flow.callerOf(isGenerator));
    this.goOn();
  }

  override suspend<const T>(value?: T, why: SuspendedFor = FOR_PROMISE): T {
    const ran = this.depth > 0;
    this.leave(SUSPENDED);
    if (ran && why !== FOR_CONSUMER) this.beginToWait();
    if (why === FOR_CONSUMER && this.depth === SUSPENDED) {
      // It may yield what it has waited for, with no probe between.
      if (this.isWaiting) this.wakeForEnd();
      this.detach();
    }
    if (why === FOR_NEXT && this.isWaiting) this.waits.flow.ask(this);
    return value as T;
  }

  override onLeave(): { [Symbol.dispose](): void } {
    return onDispose(() => void this.suspend());
  }

  override exit(): void {
    if (this.depth === SUSPENDED && this.isWaiting) this.wakeForEnd();
    super.exit();
    this.isWaiting = false;
    this.detach();
    this.skipEnded();
    this.listing.reader.ended?.(this);
  }

  protected override leave(mark: typeof SUSPENDED | typeof ENDED): void {
    const ran = this.depth > 0;
    super.leave(mark);
    if (!ran) return;
    const { waits } = this;
    waits.flow.tell(waits.clock, this, NO_EDGE);
    waits.flow.pop(this);
    if (this.listing.depth === 0) waits.down();
  }

  protected override arrive(): void {
    const { depth, listing, waits } = this;
    if (depth === ENDED) return;
    const begins = listing.depth === 0;
    super.arrive();
    if (begins) waits.up();
    if (depth < 0) this.comeBack();
  }

  /** It was put aside, and is on the stack again. @param isKnown whether the last reading is of now */
  protected comeBack(isKnown = true): void {
    const { waits } = this;
    waits.flow.cut(waits.clock);
    if (this.isWaiting) this.wake(isKnown);
    else {
      // A generator: whoever asks for its value calls it.
      waits.flow.drop(this);
      this.detach();
      const caller = waits.flow.callerOf(true);
      this.attach(caller?.isCalledBy(this) ? undefined : caller);
    }
    this.goOn();
  }

  private isCalledBy(other: WaitingCall): boolean {
    for (let call: WaitingCall | undefined = this; call !== undefined; call = call.caller) {
      if (call === other) return true;
    }
    return false;
  }

  protected goOn(): void {
    this.waits.flow.push(this);
    this.isHeard = this.hasListener();
  }

  private hasListener(): boolean {
    for (let call = this.caller; call !== undefined; call = call.caller) {
      if (call.depth > 0) return call.isHeard;
      if (call.isWaiting) return true;
    }
    return false;
  }

  // ---- waiting ----

  protected beginToWait(): void {
    this.isWaiting = true;
    this.clock = this.waits.clock;
    this.waits.waiting++;
    if (this.kids === 0 || !this.isAt(this.kidLine)) this.waitItself();
  }

  /** It waits where it called its callees. */
  protected isAt(kidLine: number): boolean {
    return kidLine === this.open;
  }

  /** The row that it is on. */
  protected get place(): number {
    const { listing } = this;
    return this.depth === listing.depth ? listing.open : this.open;
  }

  private waitItself(): void {
    this.skipEnded();
    this.wait = this.clock.begin(this.waits.rowAt(this.open), this.block, this.caller);
  }

  private wake(isKnown = true): void {
    const { listing, waits, clock } = this;
    this.stopWaitingItself(isKnown);
    this.isWaiting = false;
    if (clock !== waits.clock) return;
    waits.waiting--;
    this.raise(listing);
  }

  /** The reading that ended the wait counts for its row. */
  private raise({ home, stride, shift, reader: { now } }: Listing): void {
    if (this.open === NO_LINE) return;
    const sheet = this.block.sheet ?? home.sheet!;
    const cell = this.open * stride + shift + 2;
    for (let m = 0; m < now.length; m++) if (now[m]! > sheet[cell + 2 * m]!) sheet[cell + 2 * m] = now[m]!;
  }

  /** It ends where it waits. */
  private wakeForEnd(): void {
    const { listing, waits } = this;
    const begins = listing.depth === 0;
    settle(listing, begins);
    if (begins) waits.up();
    waits.flow.cut(waits.clock);
    this.wake();
    if (begins) waits.down();
  }

  private stopWaitingItself(isKnown: boolean): void {
    const { clock, wait, waits } = this;
    if (wait === undefined) return;
    this.wait = undefined;
    if (!isKnown && clock.isInGap && !wait.isOld) return clock.endLater(wait);
    clock.end(wait);
    // What it is measured by may have changed since.
    if (clock === waits.clock) wait.row.receive(clock.bytes, this.block, this.caller);
  }

  // ---- callers ----

  /** Who called waits through this one, if he comes to wait at the row where he is now. */
  protected attach(caller: WaitingCall | undefined, isKnown = true): void {
    this.caller = caller;
    let parent = caller;
    while (parent !== undefined && parent.waits.clock !== this.waits.clock) parent = parent.caller;
    this.parent = parent;
    if (parent === undefined) return;
    const line = parent.place;
    if (parent.kidLine !== line) {
      parent.kidLine = line;
      parent.kids = 0;
      parent.kidRound++;
    }
    parent.kids++;
    this.round = parent.kidRound;
    parent.stopWaitingItself(isKnown);
  }

  /** He waits for this one no longer. */
  protected detach(): void {
    const { parent, round } = this;
    this.parent = undefined;
    if (parent === undefined || parent.kidRound !== round) return;
    if (--parent.kids === 0 && parent.isWaiting && parent.wait === undefined && parent.isAt(parent.kidLine)) {
      parent.waitItself();
    }
  }

  /** Those that have ended are no callers any more: a chain of calls is no longer than it has to be. */
  skipEnded(): void {
    while (this.caller !== undefined && this.caller.depth === ENDED) this.caller = this.caller.caller;
  }
}

/** Begins a call of a function of `listing`, which is prepared; see `enter` in `core/probe.ts`. */
export function enterWaiting(
  listing: Listing,
  waits: RecordWaits,
  isOuter: boolean,
  suspends: boolean,
  isGenerator: boolean,
): Call {
  if (isOuter) listing.aside?.read();
  const begins = listing.depth === 0;
  settle(listing, begins);
  if (begins) waits.up();
  if (!suspends) {
    listing.pool[listing.depth + 1] ??= new PlainCall(listing, waits);
    return start(listing, listing.pool[listing.depth + 1] as PlainCall, isOuter);
  }
  listing.reader.activated?.();
  const call = new WaitingCall(listing, waits);
  start(listing, call, isOuter);
  call.begin(isGenerator);
  return call;
}

function start(listing: Listing, call: Call, isOuter: boolean): Call {
  const below = push(listing, call);
  call.open = NO_LINE;
  call.isOuter = isOuter;
  call.block = below?.block ?? listing.home;
  listing.sheet = call.block.sheet!;
  if (isOuter) listing.charging.enter(listing, call);
  listing.open = NO_LINE;
  return call;
}
