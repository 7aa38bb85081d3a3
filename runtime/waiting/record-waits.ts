/**
 * What came to one listing while it waited, and with the option `self` what of its increments is its own: cells beside each
 * of its sheets. For M metrics a row has
 *
 *   index        meaning
 *   m            waiting: its part of the gaps
 *   M + m        awaited: what its callees ran and waited for
 *   2 M + m      waiting, of waits that have not ended
 *   3 M + m      self: of its increment what came while nothing ran that it called
 *   4 M          1 if another row had a part in its gaps
 */
import type { WaitFigures } from "../core/build-profile.ts";
import type { HotLines } from "../core/hot-lines.ts";
import type { Allocate, Block, ExactReader, Listing } from "../core/state.ts";
import type { Edge, Flow } from "./flow.ts";
import type { GapClock, WaitingRow } from "./gap-clock.ts";
import type { WaitingCall } from "./waiting-call.ts";

export const WAITING = 0;
export const AWAITED = 1;
export const PENDING = 2;
export const SELF = 3;
const PARTS = 4;

export function waitStride(metrics: number): number {
  return PARTS * metrics + 1;
}

export class RecordWaits {
  readonly flow: Flow;
  readonly listing: Listing;
  private readonly allocate: Allocate;
  /** Called when there are cells that others have to know of. */
  private readonly announce: (() => void) | undefined;
  clock!: GapClock;
  private isClockOurs = false;
  private ofSheets = new Map<Float64Array, Float64Array>();
  private rows: (WaitingRow | undefined)[] = [];
  /** Calls that wait. */
  waiting = 0;
  /** Mode `auto`: calls were only counted, so that what came while they waited is on rows of others. */
  isPartial = false;
  /** Mode `auto`: its lines that are not read each time. */
  hot: HotLines | undefined;
  /** Mode `auto`: one of its lines is being read. */
  private isOpen = false;
  /** The last payment in which it had its part. */
  payment = 0;
  /** With the option `self`: somebody says what is its own. */
  hasSelf = false;
  private readonly asBegun: Edge = { begins: this };
  private readonly asEnded: Edge = { ends: this };

  constructor(flow: Flow, listing: Listing, allocate: Allocate, announce?: () => void) {
    this.flow = flow;
    this.listing = listing;
    this.allocate = allocate;
    this.announce = announce;
  }

  /** The listing is measured by `reader` from now on. */
  measure(reader: ExactReader, isCounted: boolean): void {
    this.isBeingRead = false;
    this.hot = undefined;
    const { clock, isNew } = this.flow.clockOf(reader, isCounted, this.allocate);
    this.clock = clock;
    this.isClockOurs = isNew;
    this.ofSheets = new Map();
    this.rows = [];
    this.waiting = 0;
  }

  /** The listing begins to run, with the last reading. */
  up(): void {
    this.flow.up();
    this.clock.up();
    if (this.waiting > 0) this.flow.cut(this.clock, this.asBegun);
  }

  /** It no longer runs, since the last reading. */
  down(): void {
    if (this.waiting > 0) this.flow.cut(this.clock, this.asEnded);
    this.clock.down();
    this.flow.down();
  }

  /** It runs, as far as one knows. */
  get runs(): boolean {
    return this.isOpen || this.listing.depth > 0;
  }

  /** Mode `auto`: with the last reading a line begins to be read, or none is read any more. */
  get isBeingRead(): boolean {
    return this.isOpen;
  }

  set isBeingRead(isBeingRead: boolean) {
    if (isBeingRead === this.isOpen) return;
    this.isOpen = isBeingRead;
    const { flow, clock } = this;
    if (isBeingRead) clock.up();
    if (this.waiting > 0) flow.cut(clock, isBeingRead ? this.asBegun : this.asEnded);
    if (!isBeingRead) clock.down();
  }

  /** The row of a line; control may be on none yet. */
  rowAt(line: number): WaitingRow {
    const { first } = this.listing;
    const index = this.indexOf(line);
    const known = this.rows[index];
    if (known) return known;
    const row = new RowWaits(this, Math.max(line, first));
    this.rows[index] = row;
    return row;
  }

  /** Gives `bytes` to the row of a line. */
  add(block: Block, line: number, kind: typeof WAITING | typeof AWAITED | typeof SELF, bytes: Float64Array): void {
    const cells = this.cellsOf(block);
    const M = bytes.length;
    const at = this.indexOf(line) * waitStride(M) + kind * M;
    for (let m = 0; m < M; m++) cells[at + m] = cells[at + m]! + bytes[m]!;
  }

  /** See `WaitingRow.setPending`. */
  setPending(line: number, bytes: Float64Array): void {
    const cells = this.cellsOf(this.listing.home);
    const M = bytes.length;
    const at = this.indexOf(line) * waitStride(M) + PENDING * M;
    for (let m = 0; m < M; m++) cells[at + m] = bytes[m]!;
  }

  /** The row of a line shared with another row. */
  mark(block: Block, line: number): void {
    const M = this.clock.bytes.length;
    this.cellsOf(block)[this.indexOf(line) * waitStride(M) + PARTS * M] = 1;
  }

  /** Control may be on no line yet. */
  private indexOf(line: number): number {
    const { first } = this.listing;
    return Math.max(line, first) - first;
  }

  /** Those of a block that has ended are at home. */
  private cellsOf(block: Block): Float64Array {
    const { home } = this.listing;
    const living = block.sheet === undefined ? home : block;
    living.waits ??= this.makeCells(living.sheet!);
    return living.waits;
  }

  private makeCells(sheet: Float64Array): Float64Array {
    const known = this.ofSheets.get(sheet);
    if (known) return known;
    const { length } = this.clock.bytes;
    let cells!: Float64Array;
    this.clock.reader.exclude(() => {
      cells = this.allocate(this.listing.rowCount * waitStride(length));
      this.ofSheets.set(sheet, cells);
      this.announce?.();
    });
    return cells;
  }

  /** A call has ended whose figures were apart. */
  move(from: Block, to: Block): void {
    if (from.waits === undefined) return;
    const cells = this.cellsOf(to);
    const stride = waitStride(this.clock.bytes.length);
    from.waits.forEach((value, i) => {
      cells[i] = i % stride === stride - 1 ? Math.max(cells[i]!, value) : cells[i]! + value;
    });
    from.waits.fill(0);
  }

  /** @param isAll whether these are all sheets there are */
  figures(sheets: readonly Float64Array[], isAll: boolean): WaitFigures {
    const cells = sheets.flatMap((sheet) => this.ofSheets.get(sheet) ?? []);
    const { nobody } = this.clock;
    return { cells, ...(isAll && this.isClockOurs && { nobody }), ...(this.hasSelf && { hasSelf: true }) };
  }

  reset(): void {
    for (const cells of this.ofSheets.values()) cells.fill(0);
    this.isPartial = false;
    for (const row of this.rows) if (row) row.isShared = false;
  }
}

class RowWaits implements WaitingRow {
  young = 0;
  old = 0;
  readonly oldFrom: Float64Array;
  isShared = false;
  private readonly waits: RecordWaits;
  private readonly line: number;

  constructor(waits: RecordWaits, line: number) {
    this.waits = waits;
    this.line = line;
    this.oldFrom = new Float64Array(waits.clock.bytes.length);
  }

  receive(bytes: Float64Array, block: Block, caller: WaitingCall | undefined): void {
    const { waits, line } = this;
    waits.add(block, line, WAITING, bytes);
    if (this.isShared || waits.isPartial) waits.mark(block, line);
    waits.flow.pay(waits, caller, bytes);
  }

  setPending(bytes: Float64Array): void {
    this.waits.setPending(this.line, bytes);
    if (this.isShared) this.waits.mark(this.waits.listing.home, this.line);
  }
}
