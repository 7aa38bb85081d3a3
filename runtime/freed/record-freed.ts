/**
 * What collections took while rows of one listing ran: cells beside each of its sheets. For M metrics a row has
 *
 *   index        meaning
 *   m            freed: what was taken, and what V8 has given back of what it had counted before
 *   M            collections
 */
import type { FreedFigures } from "../core/build-profile.ts";
import { type Allocate, type Block, type ExactReader, type Listing, NO_LINE } from "../core/state.ts";
import type { Collections } from "./collections.ts";
import { freedStride, type Part, partsOf } from "./layout.ts";

/** Readings are not exact to less: a smaller fall is noise. */
const FALL = 4096;

export class RecordFreed {
  private readonly listing: Listing;
  private readonly collections: Collections;
  private readonly allocate: Allocate;
  private ofSheets = new Map<Float64Array, Float64Array>();
  /** Called when there are cells that others have to know of. */
  private announce: (() => void) | undefined;
  /** It is the one that says what holds for the thread. */
  private saysThread = false;
  private parts: (readonly Part[])[] = [];
  /** By metric: what was taken when the charge began, and the increment of its row before it ended. */
  private taken = new Float64Array(0);
  private before = new Float64Array(0);
  private countThen = 0;
  private open = NO_LINE;
  private sheet: Float64Array | undefined;

  constructor(listing: Listing, collections: Collections, allocate: Allocate) {
    this.listing = listing;
    this.collections = collections;
    this.allocate = allocate;
  }

  /** The listing is measured by `reader` from now on. */
  measure({ metrics, isSelfMeasuring }: ExactReader, announce?: () => void): void {
    this.announce = announce;
    this.ofSheets = new Map();
    // One that collects garbage before each reading collects ours with it: what we made of each collection is as much.
    this.parts = metrics.map((metric) => (isSelfMeasuring ? partsOf(metric) : []));
    this.taken = new Float64Array(metrics.length);
    this.before = new Float64Array(metrics.length);
    this.saysThread ||= this.isFollowed && this.collections.claim();
  }

  private get isFollowed(): boolean {
    return this.parts.some(({ length }) => length > 0);
  }

  /** A charge is about to end. */
  begin(): void {
    const { listing, before } = this;
    const { open, sheet } = listing;
    this.open = open;
    this.sheet = sheet;
    if (open === NO_LINE) return;
    const cell = open * listing.stride + listing.shift + 1;
    for (let m = 0; m < before.length; m++) before[m] = sheet[cell + 2 * m]!;
  }

  /** It has ended, by a reading. */
  end(): void {
    const { collections, open, parts, taken } = this;
    if (open !== NO_LINE) {
      const hasFallen = this.hasFallen();
      // A collection between the look and the reading. Or V8 has given back an area of which it had counted all.
      if (hasFallen) collections.look();
      if (hasFallen || collections.count !== this.countThen) this.charge();
    }
    if (collections.count === this.countThen) return;
    for (let m = 0; m < parts.length; m++) taken[m] = this.takenOf(m);
    this.countThen = collections.count;
  }

  /** Whether the row has less than before, beyond what is known to be taken. */
  private hasFallen(): boolean {
    const { listing, parts, before, open, taken } = this;
    const sheet = this.sheet!;
    const cell = open * listing.stride + listing.shift + 1;
    for (let m = 0; m < parts.length; m++) {
      const change = sheet[cell + 2 * m]! - before[m]!;
      if (change < -FALL && parts[m]!.length > 0 && change + this.takenOf(m) - taken[m]! < -FALL) return true;
    }
    return false;
  }

  private takenOf(m: number): number {
    const parts = this.parts[m]!;
    let sum = 0;
    for (let i = 0; i < parts.length; i++) sum += this.collections.taken(parts[i]!);
    return sum;
  }

  private charge(): void {
    const { listing, parts, taken, before, open, collections } = this;
    const cell = open * listing.stride + listing.shift + 1;
    for (let m = 0; m < parts.length; m++) {
      if (parts[m]!.length === 0) continue;
      const change = this.sheet![cell + 2 * m]! - before[m]!;
      const known = this.takenOf(m) - taken[m]!;
      const freed = change + known < -FALL ? -change : known;
      if (freed !== 0) this.add(m, freed);
    }
    const count = collections.count - this.countThen;
    if (count > 0) this.add(parts.length, count);
  }

  private add(index: number, value: number): void {
    const cells = this.cellsOf(this.sheet!);
    const at = (this.open - this.listing.first) * freedStride(this.parts.length) + index;
    cells[at] = cells[at]! + value;
  }

  private cellsOf(sheet: Float64Array): Float64Array {
    const known = this.ofSheets.get(sheet);
    if (known) return known;
    let cells!: Float64Array;
    (this.listing.reader as ExactReader).exclude(() => {
      cells = this.allocate(this.listing.rowCount * freedStride(this.parts.length));
      this.ofSheets.set(sheet, cells);
      this.announce?.();
    });
    return cells;
  }

  /** A call has ended whose figures were apart. */
  move(from: Block, to: Block): void {
    const taken = this.ofSheets.get(from.sheet!);
    if (taken === undefined) return;
    const cells = this.cellsOf(to.sheet!);
    taken.forEach((value, i) => {
      cells[i] = cells[i]! + value;
    });
    taken.fill(0);
  }

  /** Undefined where nothing is known. @param isAll whether these are all sheets there are */
  figures(sheets: readonly Float64Array[], isAll: boolean): FreedFigures | undefined {
    if (!this.isFollowed) return undefined;
    const cells = sheets.flatMap((sheet) => this.ofSheets.get(sheet) ?? []);
    return isAll && this.saysThread ? { cells, ofThread: this.collections.ofThread } : { cells };
  }

  reset(): void {
    for (const cells of this.ofSheets.values()) cells.fill(0);
    if (this.saysThread) this.collections.reset();
  }
}
