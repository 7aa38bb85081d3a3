/** What runs in a thread, as far as it can wait: who calls whom, and who is told what ran. */
import type { Allocate, ExactReader } from "../core/state.ts";
import { GapClock } from "./gap-clock.ts";
import { AWAITED, type RecordWaits } from "./record-waits.ts";
import type { WaitingCall } from "./waiting-call.ts";

/** A listing that begins to run, or does no longer, with the reading that ends a stretch. */
export interface Edge {
  begins?: RecordWaits;
  ends?: RecordWaits;
}

export const NO_EDGE: Edge = {};

export class Flow {
  private readonly clocks = new Map<ExactReader, GapClock>();
  /** The innermost call that can wait, and runs; perhaps above it some that no longer do. */
  private current: WaitingCall | undefined;
  /** The call that has just asked for the next value of a `for await`. */
  private asking: WaitingCall | undefined;
  /** Listings that run. */
  private depth = 0;
  /** Raised with each payment: who has been given his part of it has it, too. */
  private payments = 0;

  /** The clock of a source. @param isCounted false for the time, which has no gaps */
  clockOf(reader: ExactReader, isCounted: boolean, allocate: Allocate): { clock: GapClock; isNew: boolean } {
    const known = this.clocks.get(reader);
    if (known) return { clock: known, isNew: false };
    const clock = new GapClock(reader, isCounted, allocate);
    this.clocks.set(reader, clock);
    return { clock, isNew: true };
  }

  up(): void {
    this.depth++;
  }

  down(): void {
    // Whatever was left without its end.
    if (--this.depth === 0) this.current = undefined;
  }

  running(): WaitingCall | undefined {
    while (this.current !== undefined && !this.current.runs) this.current = this.current.unlink();
    return this.current;
  }

  /** `call` runs from now on, above what runs. */
  push(call: WaitingCall): void {
    this.drop(call);
    call.over = this.running();
    this.current = call;
    this.asking = undefined;
  }

  /** It no longer does. */
  pop(call: WaitingCall): void {
    if (this.current === call) this.current = call.unlink();
    this.asking = undefined;
  }

  /** It was put aside while others ran above it. */
  drop(call: WaitingCall): void {
    if (call.over === undefined && this.current !== call) return;
    const over = call.unlink();
    if (this.current === call) this.current = over;
    for (let above = this.current; above !== undefined; above = above.over) if (above.over === call) above.over = over;
  }

  /** Visits the listings of calls that run, measured by `clock`, innermost first; one perhaps more than once. */
  eachRunning(clock: GapClock, visit: (waits: RecordWaits) => void): void {
    for (let call = this.running(); call !== undefined; call = call.over) {
      if (call.runs && call.waits.clock === clock) visit(call.waits);
    }
  }

  /** A call of another listing than `waits` runs that is measured by the same source. */
  runsAnother(waits: RecordWaits): boolean {
    for (let call = this.running(); call !== undefined; call = call.over) {
      if (call.runs && call.waits !== waits && call.waits.clock === waits.clock) return true;
    }
    return false;
  }

  /** Calls run. */
  get isRunning(): boolean {
    return this.depth > 0;
  }

  ask(call: WaitingCall): void {
    this.asking = call;
  }

  /** Who calls what begins now: of a generator, who asks for its value. */
  callerOf(isGenerator: boolean): WaitingCall | undefined {
    return (isGenerator ? this.asking : undefined) ?? this.running();
  }

  /** What was read last by `clock` ends what ran: its callers are told. */
  cut(clock: GapClock, edge: Edge = NO_EDGE): void {
    let call = this.running();
    while (call !== undefined && !(call.runs && call.waits.clock === clock)) call = call.over;
    this.tell(clock, call, edge);
  }

  /** The same of `call`, which has just run. */
  tell(clock: GapClock, call: WaitingCall | undefined, edge: Edge): void {
    const { untold, reader } = clock;
    const { now } = reader;
    let hasChanged = false;
    for (let m = 0; m < untold.length; m++) if (now[m] !== untold[m]) hasChanged = true;
    if (!hasChanged) return;
    if (call?.isHeard) {
      const { bytes } = clock;
      for (let m = 0; m < bytes.length; m++) bytes[m] = now[m]! - untold[m]!;
      this.pay(call.waits, call.caller, bytes, edge);
    }
    for (let m = 0; m < untold.length; m++) untold[m] = now[m]!;
  }

  /**
   * Gives `bytes` to the rows that wait through `caller`, whose callee is of the listing `of`: once a listing, if it has
   * not run meanwhile.
   */
  pay(of: RecordWaits, caller: WaitingCall | undefined, bytes: Float64Array, { begins, ends }: Edge = NO_EDGE): void {
    const payment = ++this.payments;
    of.payment = payment;
    if (ends) ends.payment = payment;
    for (let call = caller; call !== undefined; call = call.caller) {
      call.skipEnded();
      const { waits } = call;
      if (!call.isWaiting || waits.payment === payment || waits.clock !== of.clock) continue;
      waits.payment = payment;
      if (!waits.runs || waits === begins) waits.add(call.block, call.open, AWAITED, bytes);
    }
  }

  /** Before figures are looked at. @param reads whether a gap may be ended by a reading */
  settle(reads: boolean): void {
    for (const clock of this.clocks.values()) {
      clock.settle(reads);
      this.cut(clock);
    }
  }

  restart(): void {
    for (const clock of this.clocks.values()) {
      this.cut(clock);
      clock.restart();
    }
  }
}
