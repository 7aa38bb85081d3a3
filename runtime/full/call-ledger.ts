/** The ledger of a listing whose calls may be reported one by one: then the figures of each are apart until it ends. */
import {
  type Allocate,
  addSheet,
  type Block,
  clearSheet,
  type Frame,
  type Ledger,
  type Listing,
  newSheet,
} from "../core/state.ts";

/** Figures that are kept beside each sheet. */
export interface Beside {
  /** A call has ended whose figures were apart. */
  move(from: Block, to: Block): void;
}

/**
 * Open calls whose figures are apart. A generator that is left never ends its call, and while a program computes nobody
 * can say that it was left: what the oldest have had so far is then late.
 */
const MOST_OPEN = 10_000;

export class CallLedger implements Ledger {
  readonly sheets: Float64Array[];
  readonly total: Block;
  private readonly metrics: number;
  private readonly allocate: Allocate;
  private readonly listing: Listing;
  private readonly besides: readonly Beside[];
  private readonly onSheet: () => void;
  /** What ran outside every call, once figures are apart. */
  private late: Block | undefined;
  /** Calls that have begun and not ended, oldest first. */
  private readonly calls = new Set<Block>();
  /** What a call has begun with: one that is no longer apart charges another's. */
  private readonly own = new WeakMap<Frame, Block>();
  /** Sheets of ended calls, cleared, to be used again. */
  private readonly free: Float64Array[] = [];

  /** @param onSheet hears that there is one more */
  constructor(
    listing: Listing,
    sheet: Float64Array,
    allocate: Allocate,
    besides: readonly Beside[],
    onSheet: () => void,
  ) {
    this.sheets = [sheet];
    this.total = { sheet };
    this.metrics = listing.start.length;
    this.allocate = allocate;
    this.listing = listing;
    this.besides = besides;
    this.onSheet = onSheet;
  }

  /** From now on those of each call are apart. @returns where activations charge that no such call encloses */
  keepApart(): Block {
    this.late ??= { sheet: this.more() };
    return this.late;
  }

  private more(): Float64Array {
    const sheet = newSheet(this.allocate, this.listing.rowCount, this.metrics);
    this.sheets.push(sheet);
    this.onSheet();
    return sheet;
  }

  /** A call begins, at the reading in `listing.start`. @returns what it charges */
  begin(enclosing: Block, frame: Frame): Block {
    const parent = this.calls.has(enclosing) ? enclosing : undefined;
    if (this.calls.size >= MOST_OPEN) this.foldOldest();
    const block: Block = { sheet: this.free.pop() ?? this.more(), parent };
    this.calls.add(block);
    this.own.set(frame, block);
    const totals = this.total.sheet!;
    const { start } = this.listing;
    // The baseline is the very first entry, whichever call ends first.
    for (let m = 0; m < start.length; m++) if (Number.isNaN(totals[1 + m])) totals[1 + m] = start[m]!;
    return block;
  }

  /** @returns that of a call which is about to end; undefined if its figures are no longer apart */
  blockOf(frame: Frame): Block | undefined {
    const block = this.own.get(frame);
    return block?.sheet && block;
  }

  /** Such a call ends: its figures are those of the call that encloses it, if any. */
  end(block: Block): void {
    this.fold(block, block.parent?.sheet ? block.parent : this.total);
  }

  private foldOldest(): void {
    const { stack } = this.listing;
    for (const block of this.calls) {
      // What runs, or encloses what runs, is charged where it is.
      if (stack.some((frame) => frame?.block === block)) continue;
      return this.fold(block, this.keepApart());
    }
  }

  private fold(block: Block, into: Block): void {
    const { sheet } = block;
    if (sheet === undefined) return;
    addSheet(sheet, into.sheet!, this.metrics);
    for (const beside of this.besides) beside.move(block, into);
    clearSheet(sheet, this.metrics);
    this.free.push(sheet);
    this.calls.delete(block);
    block.sheet = undefined;
  }

  /** What no report has shown yet; undefined where figures are not apart. */
  get unreported(): Float64Array[] | undefined {
    return this.late && [this.late, ...this.calls].map((block) => block.sheet!);
  }

  /** Another takes its place. */
  close(): void {
    for (const block of [this.late, ...this.calls]) if (block) block.sheet = undefined;
  }
}
