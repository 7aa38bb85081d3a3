import type { HotLines } from "../core/hot-lines.ts";
import { type Listing, NO_LINE } from "../core/state.ts";
import type { CallMap } from "./call-map.ts";
import { type HotGroup, newGroup } from "./expected.ts";
import type { HotLine } from "./hot-line.ts";
import type { Sampler } from "./sampler.ts";
import { lackOf, notFound } from "./stretches.ts";
import type { WindowListener } from "./windows.ts";

/** What a report says of a row that is estimated. Whole bytes. */
export interface HotRow {
  line: number;
  /** Executions that were read one by one, after the first of them. */
  measured: number;
  /** Those among which they are. */
  executions: number;
  allocated: number;
  /** By metric: what of the row's increment is its share. */
  given: number[];
}

/**
 * What the hot lines of a listing share: what its source has changed by while they ran, less what lines took that are read
 * each time. Each has of it as much as it has of what the heap has grown by meanwhile.
 *
 * Without activations nobody says whether the listing runs: it did in windows in which one of its lines began, or was open.
 * Where its outermost call is read as it begins or ends, a window is cut in two: what comes behind is no longer its own.
 */
export class HotPool implements WindowListener, HotLines {
  private readonly listing: Listing;
  private readonly rowCount: number;
  private readonly sampler: Sampler;
  private readonly lines: HotLine[] = [];
  readonly group: HotGroup;
  /** By metric, of the windows in which it ran: what the source has changed by, and of it the increments of other lines. */
  private readonly change: Float64Array;
  private readonly ofOthers: Float64Array;
  /** By metric: the largest reading that ended such a window. */
  private readonly peak: Float64Array;
  /** What the heap has grown by in them; one value. */
  private readonly grown = new Float64Array(1);
  /** By metric: the reading and the increments of other lines when the last window ended; and what the heap had grown by. */
  private readonly last: Float64Array;
  private readonly othersSeen: Float64Array;
  private readonly grownSeen = new Float64Array(1);
  /** How often its lines had begun in this window, and run, when it was cut. */
  private begunSeen = 0;
  /** By metric: what came while calls of the listing ran and nothing was read, and how much of it windows know. */
  private readonly own: Float64Array;
  private readonly ownSeen: Float64Array;
  /** The same of what the heap has grown by. */
  private readonly ownGrown = new Float64Array(2);
  private ownTime = 0;
  /** How often one of its lines was to be read, and of these within a call of another listing. */
  private found = 0;
  private foundWithin = 0;
  /** By slot and metric, as a row may have several: what is in the sheet of it. */
  private readonly given: Float64Array;

  /** @param size of the listing @param calls see `Running` */
  constructor(listing: Listing, size: { rows: number; slots: number }, sampler: Sampler, calls: () => number) {
    this.listing = listing;
    this.rowCount = size.rows;
    this.sampler = sampler;
    this.group = newGroup({ calls, others: () => this.direct(0), found: notFound() });
    const metrics = listing.start.length;
    this.last = Float64Array.from(listing.start);
    this.peak = Float64Array.from(listing.start);
    this.given = new Float64Array(size.slots * metrics);
    this.change = new Float64Array(metrics);
    this.own = new Float64Array(metrics);
    this.ownSeen = new Float64Array(metrics);
    this.ofOthers = new Float64Array(metrics);
    this.othersSeen = new Float64Array(metrics);
    for (let m = 0; m < metrics; m++) this.othersSeen[m] = this.direct(m);
    this.grownSeen[0] = sampler.windows.grown;
    sampler.windows.tell(this);
  }

  add(line: HotLine): void {
    this.lines[this.lines.length] = line;
    this.sampler.add(line);
  }

  /** It is read no more. */
  remove(line: HotLine): void {
    this.begunSeen -= line.sinceSeen;
    this.lines.splice(this.lines.indexOf(line), 1);
    this.sampler.remove(line);
  }

  /** What lines of other functions than `call` should have made up to now. Bytes. */
  made(calls: CallMap, call: number): number {
    const { lines } = this;
    let sum = 0;
    for (let i = 0; i < lines.length; i++) {
      const { n, rate, executions } = lines[i]!;
      if (calls.of(n) !== call) sum += rate * executions;
    }
    return sum;
  }

  /** The increments of lines that are read each time. */
  private direct(m: number): number {
    const { listing, given, last } = this;
    const { sheet, first, stride, shift } = listing;
    let sum = 0;
    for (let i = 0; i < this.rowCount; i++) sum += sheet[(first + i) * stride + shift + 1 + 2 * m]!;
    for (let i = m; i < given.length; i += last.length) sum -= given[i]!;
    return sum;
  }

  pass(): void {
    const { listing } = this;
    listing.reader.read();
    this.settle(listing.reader.now, listing.open !== NO_LINE || this.begun() > this.begunSeen);
    this.begunSeen = -this.arriving;
  }

  /** The outermost call begins, or a line has ended and none that is read each time begins: the reading of that is in `start`. */
  cut(): void {
    const begun = this.begun() - this.arriving;
    this.settle(this.listing.start, begun > this.begunSeen);
    this.begunSeen = begun;
  }

  /** How often its lines have begun in this window. */
  private begun(): number {
    const { lines } = this;
    let sum = 0;
    for (let i = 0; i < lines.length; i++) sum += lines[i]!.sinceSeen;
    return sum;
  }

  /** Begun, and yet to run. */
  private get arriving(): number {
    return this.sampler.arriving?.group === this.group ? 1 : 0;
  }

  /** @param hasRun whether a line that is not read each time has run since the last time */
  private settle(reading: Float64Array, hasRun: boolean): void {
    const { last, othersSeen, grownSeen, sampler, own, ownSeen, ownGrown } = this;
    let isOurs = hasRun;
    for (let m = 0; m < last.length; m++) {
      const now = reading[m]!;
      const others = this.direct(m);
      const took = others - othersSeen[m]!;
      const came = own[m]! - ownSeen[m]!;
      isOurs ||= took !== 0 || came !== 0;
      if (isOurs) {
        const change = now - last[m]!;
        this.change[m] = this.change[m]! + (sampler.hasEnded ? Math.max(0, change) : change) - came;
        ownSeen[m] = own[m]!;
        this.ofOthers[m] = this.ofOthers[m]! + took;
        this.peak[m] = Math.max(this.peak[m]!, now);
      }
      last[m] = now;
      othersSeen[m] = others;
    }
    if (isOurs) {
      this.grown[0] = this.grown[0]! + (sampler.windows.grown - grownSeen[0]!) - (ownGrown[0]! - ownGrown[1]!);
      ownGrown[1] = ownGrown[0]!;
    }
    grownSeen[0] = sampler.windows.grown;
  }

  /** See `HotLines`. */
  addOwn(bytes: Float64Array, grown: number, time: number): void {
    if (this.ownTime === time) return;
    this.ownTime = time;
    const { own, ownGrown } = this;
    for (let m = 0; m < bytes.length; m++) own[m] = own[m]! + bytes[m]!;
    ownGrown[0] = ownGrown[0]! + grown;
  }

  /** One of its lines is to be read. @param isWithin a call of another listing */
  find(isWithin: boolean): void {
    this.found++;
    if (isWithin) this.foundWithin++;
  }

  /** See `HotLines`. */
  get outside(): number {
    return this.found === 0 || Number.isNaN(this.group.calls()) ? 1 : 1 - this.foundWithin / this.found;
  }

  /** See `HotLines`. */
  foretell(now: Float64Array, ahead: number, into: Float64Array): void {
    const { lines, last, sampler, grownSeen, ownGrown } = this;
    let sum = 0;
    for (let j = 0; j < lines.length; j++) sum += lines[j]!.allocated + lines[j]!.rate * lines[j]!.sinceSeen;
    const isOurs = this.listing.open !== NO_LINE || this.begun() - this.arriving > this.begunSeen;
    const since = isOurs ? sampler.windows.grown - grownSeen[0]! + ahead - (ownGrown[0]! - ownGrown[1]!) : 0;
    for (let m = 0; m < into.length; m++) {
      const came = this.own[m]! - this.ownSeen[m]!;
      const others = isOurs ? this.direct(m) : this.othersSeen[m]!;
      const change = isOurs ? now[m]! - last[m]! - came : 0;
      into[m] = this.sumOf(m, sum, change, others - this.othersSeen[m]!, since);
    }
  }

  /**
   * What lines have of a metric that have taken `sum`; the others are what windows are to be told of yet: what the source has
   * changed by, of it what other lines have, and what the heap has grown by.
   */
  private sumOf(m: number, sum: number, change: number, ofOthers: number, grown: number): number {
    const others = this.ofOthers[m]! + ofOthers;
    // What they have taken while what came was theirs alone.
    const alone = Math.min(sum, this.ownGrown[0]!);
    const each =
      (this.change[m]! + change - others) / Math.max(this.grown[0]! + grown - Math.max(0, others), sum - alone, 1);
    return this.own[m]! + each * (sum - alone);
  }

  /** Brings the sheet up to date. */
  share(): void {
    const { listing, lines, change, peak, given, sampler } = this;
    const { sheet, first, stride, shift } = listing;
    sampler.flush(false);
    const taken = this.taken();
    let sum = 0;
    for (let j = 0; j < taken.length; j++) sum += taken[j]!;
    for (let m = 0; m < change.length; m++) {
      const all = this.sumOf(m, sum, 0, 0, 0);
      for (let j = 0; j < lines.length; j++) {
        const { n, line } = lines[j]!;
        const cell = line * stride + shift + 1 + 2 * m;
        const share = sum > 0 ? (all * taken[j]!) / sum : all / lines.length;
        const before = (n - first) * change.length + m;
        sheet[cell] = sheet[cell]! + share - given[before]!;
        given[before] = share;
        if (peak[m]! > sheet[cell + 1]!) sheet[cell + 1] = peak[m]!;
      }
    }
  }

  /** By line. Bytes. */
  private taken(): number[] {
    const { group, lines } = this;
    const lack = lackOf(group, lines);
    const taken: number[] = [];
    for (let j = 0; j < lines.length; j++) taken[j] = lines[j]!.allocated + lack(lines[j]!);
    return taken;
  }

  rows(): HotRow[] {
    const { lines, listing, given } = this;
    const metrics = this.last.length;
    const taken = this.taken();
    const rows: HotRow[] = [];
    for (let j = 0; j < lines.length; j++) {
      const { n, line, measured, executions } = lines[j]!;
      const from = (n - listing.first) * metrics;
      const share: number[] = [];
      for (let m = 0; m < metrics; m++) share[m] = Math.round(given[from + m]!);
      rows[j] = { line, measured, executions, allocated: Math.round(taken[j]!), given: share };
    }
    return rows;
  }
}
