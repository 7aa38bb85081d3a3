/**
 * A listing whose calls are no activations: what a probe of mode `auto` asks. One line of it is open at a time, and a
 * reading closes it. Where control is follows from which counter asks: a call that begins pauses the line it was made
 * from, its end goes on with it.
 */
import { type Counters, SLOT_CLOSES, SLOT_COUNTED, SLOT_NONE, type SlotTable } from "../../contract/module-table.ts";
import { type Listing, NO_LINE, NOTHING, type Reader, TALLY_ASIDE } from "../state.ts";
import { createCounters, Slots, type SlowPath } from "./slots.ts";

/** Deeper calls do not go on with the line they were made from. */
const DEEPEST = 1000;

/** What says whether, and with what, a listing is measured. */
export interface CountingGate {
  isCollecting: boolean;
  prepare(listing: Listing): boolean;
  /** A fault of ours: it is said, and the listing measures nothing from then on. */
  fail(error: unknown): void;
  /** Calls back when all that runs now has come to its end. */
  afterThis?(work: () => void): void;
}

interface Paused {
  line: number;
  call: number;
}

export class CountedListing implements SlowPath {
  readonly counters: Counters;
  private readonly slots: Slots;
  private readonly listing: Listing;
  private readonly table: SlotTable;
  private readonly gate: CountingGate;
  private readonly rowCount: number;
  /** Lines from which calls were made that have not ended, outermost first. */
  private readonly paused: Paused[] = [];
  /** The function that the open line is of. */
  private call = 0;
  private hasFailed = false;
  private isWaitingForEnd = false;
  /** What was read beside it when the outermost call began. */
  private readonly asideAtEntry = new Float64Array(3);

  /** Of the listing's reader, once it is known. */
  private readonly warmUp: (reader: Reader) => void;

  constructor(
    listing: Listing,
    table: SlotTable,
    rowCount: number,
    gate: CountingGate,
    warmUp: (reader: Reader) => void,
  ) {
    this.warmUp = warmUp;
    this.listing = listing;
    this.table = table;
    this.rowCount = rowCount;
    this.gate = gate;
    this.slots = new Slots(
      table,
      listing.first,
      (n) => this.kindOf(n) !== SLOT_COUNTED && this.kindOf(n) !== SLOT_NONE,
    );
    this.counters = createCounters(this.slots, this);
  }

  private kindOf(n: number): string {
    return this.table.kinds[n - this.listing.first]!;
  }

  private lineOf(n: number): number {
    const i = n - this.listing.first - this.rowCount;
    return i < 0 ? n : this.table.lines[i]!;
  }

  /** The index of the call that begins with slot `n`, -1 for none. */
  private entryOf(n: number): number {
    const { calls } = this.table;
    for (let i = 0; i < calls.length; i++) if (calls[i]![0] === n) return i;
    return -1;
  }

  /** The innermost function round a line. */
  private callOf(line: number): number {
    const { calls } = this.table;
    let found = 0;
    for (let i = 1; i < calls.length; i++) {
      const { 1: first, 2: last } = calls[i]!;
      const { 1: outerFirst, 2: outerLast } = calls[found]!;
      if (line >= first && line <= last && (found === 0 || (first >= outerFirst && last <= outerLast))) found = i;
    }
    return found;
  }

  arrive(n: number): void {
    try {
      this.slots.asked(n);
      this.slots.begin(n, 1);
      this.go(n);
    } catch (error) {
      this.fail(error);
    }
  }

  private go(n: number): void {
    const { listing } = this;
    if (!this.isReady()) return;
    const line = this.lineOf(n);
    const entry = this.entryOf(n);
    const opens = this.kindOf(n) !== SLOT_CLOSES;
    if (entry >= 0) {
      this.enter(entry, opens ? line : NO_LINE);
      return;
    }
    const call = this.callOf(line);
    // What was called has ended without a word: nothing was open in it. Or it goes on, and has only called something.
    if (listing.open !== NO_LINE && call !== this.call && this.isPausedIn(call)) this.unwindTo(call);
    else if (listing.open !== NO_LINE && call !== this.call) this.pause();
    this.call = call;
    this.step(opens ? line : NO_LINE, line);
  }

  private isReady(): boolean {
    const { listing, gate } = this;
    if (this.hasFailed || !gate.isCollecting) return false;
    if (listing.isPrepared) return true;
    if (!gate.prepare(listing)) return false;
    this.warmUp(listing.reader);
    return true;
  }

  private enter(entry: number, line: number): void {
    const { listing } = this;
    const isOuter = entry === 0;
    const wasOpen = listing.open !== NO_LINE;
    if (wasOpen) this.pause();
    else if (isOuter) this.readAside(true);
    this.call = entry;
    listing.charging.step(listing, line, 0);
    if (isOuter) this.recordEntry();
    this.settleOpen();
  }

  /** Takes a reading that closes the open line, and opens another. */
  private step(opened: number, seen: number): void {
    const { listing } = this;
    listing.charging.step(listing, opened, 0);
    if (opened === NO_LINE) {
      this.sawAt(seen);
      this.resume();
    }
    this.settleOpen();
  }

  /** A line that cannot allocate has the reading at which it began. */
  private sawAt(line: number): void {
    const { sheet, start, stride, shift } = this.listing;
    const cell = line * stride + shift;
    for (let m = 0; m < start.length; m++) {
      if (start[m]! > sheet[cell + 2 + 2 * m]!) sheet[cell + 2 + 2 * m] = start[m]!;
    }
  }

  private pause(): void {
    const { listing, paused, call } = this;
    if (paused.length === DEEPEST) paused.shift();
    paused[paused.length] = { line: listing.open, call };
  }

  /** The line goes on from which the call was made that has ended. */
  private resume(): void {
    const { listing, paused } = this;
    const below = paused.pop();
    listing.open = below?.line ?? NO_LINE;
    this.call = below?.call ?? 0;
  }

  private isPausedIn(call: number): boolean {
    const { paused } = this;
    for (let i = paused.length - 1; i >= 0; i--) if (paused[i]!.call === call) return true;
    return false;
  }

  /** Calls that were made from a line of function `call`, and that line itself, are over. */
  private unwindTo(call: number): void {
    for (let below = this.paused.pop(); below !== undefined && below.call !== call; ) below = this.paused.pop();
  }

  private settleOpen(): void {
    const isOpen = this.listing.open !== NO_LINE;
    this.slots.isOpen = isOpen;
    if (!isOpen || this.isWaitingForEnd || this.gate.afterThis === undefined) return;
    this.isWaitingForEnd = true;
    this.gate.afterThis(() => {
      this.isWaitingForEnd = false;
      this.end();
    });
  }

  /** Nothing of the program runs: what is open yet was left by a throw. */
  private end(): void {
    const { listing } = this;
    this.paused.length = 0;
    if (listing.open !== NO_LINE) this.leave();
  }

  leave(): void {
    const { listing } = this;
    try {
      listing.charging.step(listing, NO_LINE, 0);
      this.resume();
      if (listing.open === NO_LINE && this.paused.length === 0) this.readAside(false);
      this.settleOpen();
    } catch (error) {
      this.fail(error);
    }
  }

  caught(n: number): void {
    const { listing } = this;
    try {
      this.slots.asked(n);
      this.slots.begin(n, 1);
      if (!this.isReady()) return;
      const line = this.lineOf(n);
      const call = this.callOf(line);
      if (listing.open !== NO_LINE && call !== this.call) this.unwindTo(call);
      this.call = call;
      listing.charging.step(listing, line, 0);
      this.settleOpen();
    } catch (error) {
      this.fail(error);
    }
  }

  private recordEntry(): void {
    const { listing } = this;
    const { sheet, start, first, stride, shift } = listing;
    const row = first * stride + shift;
    for (let m = 0; m < start.length; m++) {
      if (Number.isNaN(sheet[1 + m])) sheet[1 + m] = start[m]!;
      if (start[m]! > sheet[row + 2 + 2 * m]!) sheet[row + 2 + 2 * m] = start[m]!;
    }
  }

  private readAside(isEntry: boolean): void {
    const { aside, tallies } = this.listing;
    if (aside === undefined) return;
    aside.read();
    for (let i = 0; i < 3; i++) {
      const now = aside.now[i]!;
      if (now > tallies[TALLY_ASIDE + 2 * i]!) tallies[TALLY_ASIDE + 2 * i] = now;
      if (isEntry) this.asideAtEntry[i] = now;
      else tallies[TALLY_ASIDE + 1 + 2 * i] = tallies[TALLY_ASIDE + 1 + 2 * i]! + (now - this.asideAtEntry[i]!);
    }
  }

  /** Moves what was counted into the sheet. */
  harvest(): void {
    const { listing, slots, table, rowCount } = this;
    const { sheet, first, stride, shift } = listing;
    if (sheet === undefined) return this.discard();
    const calls = slots.countOf(table.calls[0]![0]);
    sheet[0] = sheet[0]! + calls;
    sheet[first * stride + shift] = sheet[first * stride + shift]! + calls;
    let seen = first * stride + shift;
    for (let n = first; n < first + rowCount; n++) {
      const row = n * stride + shift;
      sheet[row] = sheet[row]! + slots.countOf(n);
      if (sheet[row + 2] !== NOTHING) seen = row;
      // What is only counted shows what was last read before it.
      else if (sheet[row] !== 0) for (let m = 2; m < stride; m += 2) sheet[row + m] = sheet[seen + m]!;
    }
    this.discard();
  }

  /** What was counted until now counts for nothing. */
  discard(): void {
    const { listing, slots } = this;
    for (let n = listing.first; n < listing.first + slots.length; n++) slots.forget(n, slots.countOf(n));
  }

  private fail(error: unknown): void {
    this.hasFailed = true;
    this.listing.open = NO_LINE;
    this.paused.length = 0;
    this.slots.isOpen = false;
    this.gate.fail(error);
  }
}
