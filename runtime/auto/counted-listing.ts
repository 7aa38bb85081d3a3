/**
 * A listing whose calls are no activations: what a probe of mode `auto` asks. One line of it is open at a time, and a
 * reading closes it. Where control is follows from which counter asks: a call that begins pauses the line it was made
 * from, its end goes on with it.
 *
 * A line is read each time it starts, as in mode `exact`, until readings have taken more than they may: then those that
 * run often become hot, and are read now and then (sampler.ts).
 */
import {
  type LineCounters,
  SLOT_CLOSES,
  SLOT_COUNTED,
  SLOT_NONE,
  type SlotTable,
} from "../../contract/module-table.ts";
import type { HotLines } from "../core/hot-lines.ts";
import { type Listing, NO_LINE, type Reader } from "../core/state.ts";
import { CallMap } from "./call-map.ts";
import { CountedFigures } from "./counted-figures.ts";
import { GapBlur } from "./gap-blur.ts";
import { HotLine } from "./hot-line.ts";
import { HotPool, type HotRow } from "./hot-pool.ts";
import { PausedLines } from "./paused-lines.ts";
import { BRACKET, CHANGE, type Sampler } from "./sampler.ts";
import { createCounters, LONGEST, Slots, type SlowPath } from "./slots.ts";

/** A line that was paused more often is paused no more. */
const MOST_PAUSES = 64;
/** Of a line that was at rest, and is read again. */
const LOOKED_AT_AGAIN = 2;
const MOST_IDLE = 256;
/** Executions of a line that are read in any case. */
const FIRST_READ = 64;

/** What says whether a listing is measured, and hears of faults. */
export interface CountingGate {
  isCollecting: boolean;
  prepare(listing: Listing): boolean;
  /** A fault of ours: it is said, and the listing measures nothing from then on. */
  fail(error: unknown): void;
  /** Calls back when all that runs now has come to its end. */
  afterThis?(work: () => void): void;
  /** A line that is not read each time asks. */
  asked?(listing: Listing): void;
}

/** What a listing of mode `auto` needs besides. */
export interface Counting {
  /** Before the first reading by a reader. */
  warmUp(reader: Reader): void;
  /** For the lines that are not read each time; none: all are. */
  samplerFor(reader: Reader): Sampler | undefined;
}

/** The gaps of a source. */
export interface GapsClock {
  /** Nothing runs. */
  readonly isInGap: boolean;
  /** A gap that is not to be read each time is to be read now. */
  isDue(time: () => number): boolean;
  /** Ends it by a reading, which begins the next. */
  look(): void;
  blur: { add(lines: HotLines): void } | undefined;
}

/** What came while nothing ran: of the source, and as far as the listing has a part in it. */
export interface Gaps {
  /** With the last reading a line begins to be read, or none is read any more. */
  isBeingRead: boolean;
  readonly clock: GapsClock;
  readonly flow: {
    /** Visits the listings of calls that run. */
    eachRunning(clock: GapsClock, visit: (gaps: Gaps) => void): void;
    /** A call of another listing runs. */
    runsAnother(gaps: Gaps): boolean;
  };
  hot: HotLines | undefined;
}

export class CountedListing implements SlowPath {
  readonly counters: LineCounters;
  protected readonly slots: Slots;
  protected readonly listing: Listing;
  private readonly table: SlotTable;
  private readonly file: string;
  private readonly rowCount: number;
  private readonly gate: CountingGate;
  private readonly counting: Counting;
  private readonly calls: CallMap;
  /** Lines from which calls were made that have not ended, outermost first. */
  protected readonly paused = new PausedLines();
  /** The function that the open line is of. */
  private call = 0;
  /** The hot line that is being read, and how often it was paused. */
  protected sample: HotLine | undefined;
  /** Outside of the heap: a double that is loaded from a field is made anew, within the line that is read. */
  private readonly bracket = new Float64Array(BRACKET);
  private pauses = 0;
  /** Other functions of the listing run within it without a pause, and what their lines had made when that began. */
  private isPassing = false;
  private readonly madeThen = new Float64Array(1);
  /** Lines that have passed with nothing open. */
  private idle = 0;
  /** By slot. */
  protected readonly hot: (HotLine | undefined)[] = [];
  /** Those that allocate nothing as a rule, and are not looked at for a while. */
  private readonly resting: Uint8Array;
  private readonly readAt: Float64Array;
  private sampler: Sampler | undefined;
  protected pool: HotPool | undefined;
  /** Of functions that can wait, or run while others do. */
  gaps: Gaps | undefined;
  /** A function of it can wait, and others run meanwhile. */
  canWait = true;
  private hasFailed = false;
  private isWaitingForEnd: boolean;
  private readonly figures: CountedFigures;

  constructor(
    listing: Listing,
    table: SlotTable,
    { file, rowCount }: { file: string; rowCount: number },
    gate: CountingGate,
    counting: Counting,
  ) {
    this.file = file;
    this.listing = listing;
    this.table = table;
    this.rowCount = rowCount;
    this.gate = gate;
    this.counting = counting;
    this.isWaitingForEnd = gate.afterThis === undefined;
    this.calls = new CallMap(table, listing.first);
    this.resting = new Uint8Array(table.kinds.length);
    this.readAt = new Float64Array(table.kinds.length);
    this.slots = new Slots(
      table,
      listing.first,
      (n) => this.kindOf(n) !== SLOT_COUNTED && this.kindOf(n) !== SLOT_NONE,
    );
    this.counters = createCounters(this.slots, this);
    this.figures = new CountedFigures(listing, this.slots, table, rowCount);
  }

  private kindOf(n: number): string {
    return this.table.kinds[n - this.listing.first]!;
  }

  private lineOf(n: number): number {
    const i = n - this.listing.first - this.rowCount;
    return i < 0 ? n : this.table.lines[i]!;
  }

  /** The time begins with a reading, too. */
  protected get isTimed(): boolean {
    return false;
  }

  protected get isOpen(): boolean {
    return this.listing.open !== NO_LINE || this.sample !== undefined;
  }

  // ---- what compiled code asks ----

  /**
   * Long on purpose: V8 inlines no function of more than 460 bytes of bytecode. Inlined into the program's own functions, as
   * it was where it was short, the slow path costs them more than the probes do.
   */
  arrive(n: number, store: unknown): void {
    const { slots, listing, sampler } = this;
    if (n === slots.flag) return this.leave(store);
    try {
      const i = n - listing.first;
      const isAsked = slots.asked(n);
      const line = this.hot[i];
      if (this.isPassing && this.passesOver(this.calls.of(n))) {
        if (isAsked) slots.begin(n, line?.period ?? 1);
        return;
      }
      if (sampler !== undefined) sampler.arriving = line;
      if (line !== undefined) {
        this.go(n, false);
        if (!this.isOpen && !isAsked) this.passIdly();
        if (isAsked) this.read(line, store);
        else this.settleOpen();
        return;
      }
      // Where nothing is measured it does not ask again.
      if (isAsked) slots.begin(n, this.isMeasured ? 1 : LONGEST);
      if (!this.isReady()) return;
      const kind = this.kindOf(n);
      const rests = this.resting[i] === 1;
      this.go(n, kind !== SLOT_CLOSES && !rests);
      if (isAsked && sampler !== undefined) {
        const { pace, seldom } = sampler;
        pace.count();
        if (pace.isOver && slots.totalOf(n) > FIRST_READ) {
          const now = pace.time();
          const passed = now - this.readAt[i]!;
          this.readAt[i] = now;
          // It asks only while something is open.
          if (passed < seldom && kind === SLOT_CLOSES) slots.extend(n, LONGEST);
          else if (passed < seldom || rests) {
            this.resting[i] = rests ? LOOKED_AT_AGAIN : 0;
            if (sampler.ready()) this.rebase();
            this.readSeldom(n, sampler);
          }
        }
      }
      this.settleOpen();
    } catch (error) {
      this.fail(error);
    }
  }

  /** From now on. Of its own, as `awaitEnd` is. */
  private readSeldom(n: number, sampler: Sampler): void {
    const { listing, rowCount, slots } = this;
    const { sheet, stride, shift } = listing;
    const size = { rows: rowCount, slots: slots.length };
    const pool = this.pool ?? new HotPool(listing, size, sampler, () => this.callCount);
    if (this.pool === undefined && this.gaps !== undefined) {
      this.gaps.hot = pool;
      this.gaps.clock.blur?.add(pool);
    }
    this.pool = pool;
    const row = this.lineOf(n);
    const taken = sheet[row * stride + shift + 1]!;
    const hot = new HotLine(slots, n, row, `${this.file}:${row}`, pool.group, this.kindOf(n), taken);
    this.hot[n - listing.first] = hot;
    pool.add(hot);
  }

  /** @param call undefined for the first function of the listing, and where nothing tells */
  private leave(call?: unknown): void {
    try {
      if (typeof call === "number" && this.passesOver(call)) return;
      if (this.sampler !== undefined) this.sampler.arriving = undefined;
      const isRead = this.listing.open !== NO_LINE;
      this.close(NO_LINE);
      this.resume(isRead);
      if (!this.isOpen && this.paused.length === 0) this.readAside(false);
      this.settleOpen();
    } catch (error) {
      this.fail(error);
    }
  }

  caught(n: number): void {
    try {
      if (this.slots.asked(n)) this.slots.begin(n, this.isMeasured ? 1 : LONGEST);
      if (!this.isReady()) return;
      const line = this.lineOf(n);
      const call = this.calls.of(n);
      if (this.isOpen && call !== this.call) this.unwindTo(call);
      this.call = call;
      this.close(line);
      this.settleOpen();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Of all its functions. */
  private get callCount(): number {
    if (this.canWait) return Number.NaN;
    const { calls } = this.table;
    let sum = 0;
    for (let i = 0; i < calls.length; i++) sum += this.slots.totalOf(calls[i]!);
    return sum;
  }

  private get isMeasured(): boolean {
    return !this.hasFailed && this.gate.isCollecting;
  }

  isReady(): boolean {
    const { listing, gate, counting } = this;
    if (!this.isMeasured) return false;
    if (listing.isPrepared) return true;
    if (!gate.prepare(listing)) return false;
    counting.warmUp(listing.reader);
    this.sampler = counting.samplerFor(listing.reader);
    if (this.sampler !== undefined && this.gaps !== undefined) this.blurGaps(this.sampler, this.gaps);
    return true;
  }

  /** Of its own, as `awaitEnd` is. */
  private blurGaps(sampler: Sampler, { clock, flow }: Gaps): void {
    const eachRunning = (visit: (hot: HotLines | undefined) => void) => {
      flow.eachRunning(clock, ({ hot }) => visit(hot));
    };
    clock.blur = clock.blur ?? new GapBlur(sampler, this.listing.start.length, { eachRunning });
  }

  get isHot(): boolean {
    return this.sampler?.isSampling ?? false;
  }

  /** Reads what has come in an open gap, unless readings have taken more than they may. @returns whether what has come up to now is known */
  look(): boolean {
    const { clock } = this.gaps!;
    if (!clock.isInGap) return true;
    const pace = this.sampler?.pace;
    if (pace?.isOver && !clock.isDue(pace.now)) return false;
    pace?.count();
    clock.look();
    return true;
  }

  // ---- where control is ----

  /** Control comes to slot `n`, whose line opens if `opens`. */
  private go(n: number, opens: boolean): void {
    const line = this.lineOf(n);
    const opened = opens ? line : NO_LINE;
    const call = this.calls.of(n);
    if (this.passesOver(call)) return;
    if (this.calls.begunBy(n) >= 0) return this.enter(call, opened);
    // What was called has ended without a word: nothing was open in it. Or it goes on, and has only called something.
    if (this.isOpen && call !== this.call) {
      if (this.isPausedIn(call)) this.unwindTo(call);
      else this.pause();
    }
    this.call = call;
    const isRead = this.listing.open !== NO_LINE;
    this.close(opened);
    if (opens || !(this.kindOf(n) === SLOT_CLOSES || this.resting[n - this.listing.first] === 1)) return;
    if (isRead) this.figures.sawAt(line);
    this.resume(isRead);
  }

  /** What is open is of another function, and goes on meanwhile: this one allocates nothing. */
  private passesOver(call: number): boolean {
    if (!this.isOpen || call === this.call) return false;
    if (this.calls.isSilent(call)) return true;
    if (!(this.isPassing && call !== 0) && !this.isCalm(call)) return false;
    this.sampler!.passedOver++;
    return true;
  }

  /** None of its lines has allocated anything lately. Of the first function that would not do: what a throw has left open in one inside ends with its next line. */
  private isCalm(call: number): boolean {
    if (call === 0 || this.pool === undefined || this.isTimed) return false;
    const { loud } = this.calls;
    const slots = loud[call]!;
    for (let j = 0; j < slots.length; j++) {
      const i = slots[j]!;
      if (this.resting[i] === 1) continue;
      const line = this.hot[i];
      if (line === undefined || !(this.resting[i] === LOOKED_AT_AGAIN ? line.seemsCalm : line.isCalm)) return false;
    }
    return true;
  }

  private enter(entry: number, opened: number): void {
    const isOuter = entry === 0;
    if (this.isOpen) this.pause();
    else if (isOuter) this.readAside(true);
    this.call = entry;
    // Nothing is charged from where a line begins that is not read each time: its reading would be beside the budget.
    const isRead = isOuter && (opened !== NO_LINE || this.pool === undefined || this.isTimed);
    this.close(opened, isRead);
    if (!isRead) return;
    // That was read, whether or not a line opens.
    if (this.gaps !== undefined) this.gaps.isBeingRead = true;
    this.figures.recordEntry();
  }

  /** Closes what is open, with the reading that opens `opened`. */
  private close(opened: number, isEntry = false): void {
    const { listing } = this;
    if (this.sample !== undefined) this.endSample();
    this.sampler?.between(listing.open !== NO_LINE, opened !== NO_LINE);
    if (opened !== NO_LINE) this.pauses = 0;
    const hasEnded = listing.open !== NO_LINE && opened === NO_LINE;
    if (listing.open !== NO_LINE || opened !== NO_LINE || isEntry) listing.charging.step(listing, opened, 0);
    if ((hasEnded || isEntry) && this.paused.length === 0) this.pool?.cut();
  }

  /** What has come since the last reading is no line's. */
  private rebase(): void {
    const { reader, start } = this.listing;
    reader.read();
    for (let m = 0; m < start.length; m++) start[m] = reader.now[m]!;
  }

  private pause(): void {
    this.idle = 0;
    const { listing, paused, call } = this;
    const sample = this.isPassing ? undefined : this.sample;
    this.isPassing = false;
    if (sample !== undefined) this.sampler!.pause(this.bracket);
    paused.push(listing.open, call, sample, this.bracket, CHANGE, this.pauses);
    this.sample = undefined;
  }

  /** The line goes on from which the call was made that has ended. @param isRead with a reading just now */
  private resume(isRead: boolean): void {
    const { listing, paused, bracket, sampler } = this;
    const below = paused.length - 1;
    listing.open = below < 0 ? NO_LINE : paused.lineAt(below);
    this.call = below < 0 ? 0 : paused.callAt(below);
    if (below < 0) return;
    paused.pop();
    const sample = paused.sampleAt(below);
    this.pauses = paused.pausesAt(below);
    if (sample === undefined) return this.goOnOpen(isRead);
    paused.changeAt(below, bracket, CHANGE);
    if (this.pauses++ === MOST_PAUSES) {
      // What it has changed the heap by until then is the least.
      if (this.isTimed) return sampler!.take(sample, bracket[CHANGE]!, true);
      this.isPassing = true;
      this.madeThen[0] = this.madeBeside(sample);
    }
    this.sample = sample;
    sampler!.goOn(bracket);
  }

  /** A line that is read each time goes on: what the call has made on lines that are not is theirs. */
  private goOnOpen(isRead: boolean): void {
    const { listing, sampler } = this;
    if (isRead || listing.open === NO_LINE || this.pool === undefined) return;
    if (this.pauses++ === MOST_PAUSES || sampler!.pace.isOver) {
      listing.open = NO_LINE;
      return;
    }
    this.rebase();
    sampler!.pace.count();
  }

  /** Nothing is open, and what is paused makes each line ask: not for long. */
  private passIdly(): void {
    if (++this.idle <= MOST_IDLE) return;
    this.idle = 0;
    this.paused.clear();
  }

  private isPausedIn(call: number): boolean {
    const { paused } = this;
    for (let i = paused.length - 1; i >= 0; i--) if (paused.callAt(i) === call) return true;
    return false;
  }

  /** Calls that were made from a line of function `call`, and that line itself, are over. */
  private unwindTo(call: number): void {
    const { paused } = this;
    let found = false;
    while (paused.length > 0 && !found) {
      paused.pop();
      found = paused.callAt(paused.length) === call;
    }
  }

  private settleOpen(): void {
    const { gaps, paused, listing } = this;
    this.slots.isOpen = this.isOpen || paused.length > 0;
    if (gaps !== undefined) gaps.isBeingRead = listing.open !== NO_LINE || paused.length > 0;
    if (this.isOpen && !this.isWaitingForEnd) this.awaitEnd();
  }

  /** Of its own: a function that holds a closure makes a place for what that closes over at every call. */
  private awaitEnd(): void {
    this.isWaitingForEnd = true;
    this.gate.afterThis?.(() => {
      this.isWaitingForEnd = false;
      this.end();
    });
  }

  /** Nothing of the program runs: what is open yet was left by a throw. */
  protected end(): void {
    this.paused.clear();
    if (this.isOpen) this.leave();
    else {
      this.slots.isOpen = false;
      if (this.gaps !== undefined) this.gaps.isBeingRead = false;
    }
  }

  // ---- lines that are not read each time ----

  private read(line: HotLine, store: unknown): void {
    const { sampler, slots } = this;
    if (!this.isReady()) return slots.begin(line.n, line.period);
    this.gate.asked?.(this.listing);
    if (line.rests) return this.rest(line);
    const period = sampler!.plan(line, store);
    slots.begin(line.n, Math.abs(period));
    if (this.gaps !== undefined) this.pool!.find(this.gaps.flow.runsAnother(this.gaps));
    if (period > 0 && !this.isOpen) this.follow(line);
    this.settleOpen();
    if (this.sample === line) sampler!.begin(this.bracket);
  }

  /** It is looked at again when it has run a quarter as often again. */
  private rest({ n }: HotLine): void {
    const i = n - this.listing.first;
    this.pool!.remove(this.hot[i]!);
    this.hot[i] = undefined;
    this.resting[i] = 1;
    this.slots.begin(n, Math.min(LONGEST, Math.ceil(this.slots.totalOf(n) / 4)));
    this.settleOpen();
  }

  /** The execution that begins is read. */
  protected follow(line: HotLine): void {
    this.sample = line;
    this.pauses = 0;
    this.call = this.calls.of(line.n);
  }

  protected endSample(): void {
    const { bracket, madeThen } = this;
    this.sampler!.pause(bracket);
    if (this.isPassing) {
      bracket[CHANGE] = bracket[CHANGE]! - (this.madeBeside(this.sample!) - madeThen[0]!);
      this.isPassing = false;
    }
    this.sampler!.end(this.sample!, bracket);
    this.sample = undefined;
  }

  /** What lines of other functions should have made up to now. */
  private madeBeside({ n }: HotLine): number {
    return this.pool!.made(this.calls, this.calls.of(n));
  }

  // ---- figures ----

  private readAside(isEntry: boolean): void {
    // Once lines are hot most calls pass without a word, and what the others say would be of no use.
    if (this.pool === undefined) this.figures.readAside(isEntry);
  }

  /** Moves what was counted, and what hot lines are estimated to have taken, into the sheet. */
  harvest(): void {
    this.figures.harvest(() => this.pool?.share());
  }

  /** What was counted until now counts for nothing. */
  discard(): void {
    this.slots.takeCounts();
  }

  /** After nothing was collected for a while. */
  restart(): void {
    this.slots.wake();
    this.discard();
  }

  /** The rows that are estimated. */
  estimates(): HotRow[] {
    return this.pool?.rows() ?? [];
  }

  private fail(error: unknown): void {
    this.hasFailed = true;
    this.listing.open = NO_LINE;
    this.sample = undefined;
    this.isPassing = false;
    this.paused.clear();
    this.slots.isOpen = false;
    if (this.gaps !== undefined && this.listing.isPrepared) this.gaps.isBeingRead = false;
    this.gate.fail(error);
  }
}
