/** One listing with its options: lays out its sheets, and keeps the figures of each call apart where reports are per call. */
import type { ListingTable, MarkOptions } from "../contract/module-table.ts";
import type { ListingFigures } from "./aggregate/build-profile.ts";
import type { MemoryLimit } from "./memory-limit.ts";
import type { TextSink } from "./options.ts";
import type { CustomSource } from "./sources/source.ts";
import {
  type Allocate,
  type AsideReader,
  addSheet,
  Block,
  clearSheet,
  clearTallies,
  type Frame,
  Listing,
  type ListingOwner,
  layOut,
  type Reader,
  sheetLength,
  TALLIES,
  TALLY_READINGS,
} from "./state.ts";
import type { Timeline } from "./timeline.ts";

/** Options as they apply to one listing, after precedence. */
export interface ListingSettings {
  precision: number;
  backend: string | CustomSource;
  gc: boolean;
  report: "exit" | "call" | "none";
  stream: TextSink | undefined;
  /** What the profile shows: those of the listing's own. */
  shown: MarkOptions;
}

/** What a record asks of the lifecycle. */
export interface RecordHost {
  settings(record: ListingRecord): ListingSettings;
  select(settings: ListingSettings): { reader: Reader; aside: AsideReader | undefined };
  allocate: Allocate;
  /** Where calls are recorded over time, if they are. */
  timeline: Timeline | undefined;
  /** The memory that a line may leave behind, if there is a maximum. */
  limit: MemoryLimit | undefined;
  /** A sheet was added. */
  announce(record: ListingRecord): void;
  /** Report "call": prints the figures of one call. */
  reportCall(record: ListingRecord, figures: ListingFigures): void;
}

export class ListingRecord implements ListingOwner {
  readonly file: string;
  readonly table: ListingTable;
  readonly listing: Listing;
  /** From `profile({…})(fn)`, evaluated where it stands. */
  runtimeOptions: Record<string, unknown> = {};
  private readonly host: RecordHost;
  private isPerCall = false;
  /** Figures of calls that have ended, and of everything unless reports are per call. */
  private totals: Block | undefined;
  /** Report "call": what ran outside every call. */
  private late: Block | undefined;
  /** Report "call": calls that have begun and not ended. */
  private readonly calls = new Set<Block>();
  /** Sheets of ended calls, cleared, to be used again. */
  private readonly free: Float64Array[] = [];
  /** A generator that is abandoned never ends its call: what it did goes to the late figures. */
  private readonly abandoned = new FinalizationRegistry<Block>((block) =>
    this.close(block, (this.late ?? this.totals)!.sheet!),
  );
  /** What `listing.reader` reads, itself or watched. */
  private source: Reader | undefined;
  /** Every sheet in use or free; their sum is the listing. */
  sheets: Float64Array[] = [];

  constructor(file: string, table: ListingTable, host: RecordHost) {
    this.file = file;
    this.table = table;
    this.host = host;
    this.listing = new Listing(this, table.first, table.lines.length);
  }

  /** What a call is measured with cannot change under it, nor under figures that are there: see `reset`. */
  prepare(listing: Listing): void {
    if (listing.depth > 0) return;
    const settings = this.host.settings(this);
    if (this.totals === undefined || listing.tallies[TALLY_READINGS] === 0) this.measureWith(settings);
    this.isPerCall = settings.report === "call";
    listing.isWatched = this.isPerCall || this.host.timeline !== undefined;
    if (this.isPerCall && this.late === undefined) this.late = new Block(this.newSheet());
    listing.home = this.isPerCall ? this.late! : this.totals!;
    listing.isPrepared = true;
  }

  private measureWith(settings: ListingSettings): void {
    const { listing } = this;
    const { reader, aside } = this.host.select(settings);
    if (this.totals !== undefined && this.source === reader) return;
    this.source = reader;
    // Suspended activations hold the old blocks: without a sheet these send them to the new home.
    for (const block of [this.totals, this.late, ...this.calls]) if (block) block.sheet = undefined;
    this.calls.clear();
    this.free.length = 0;
    this.sheets = [];
    this.late = undefined;
    const place = { file: this.file, name: this.table.name };
    listing.reader = this.host.limit === undefined ? reader : this.host.limit.watch(reader, listing, place);
    listing.aside = aside;
    layOut(listing, reader.metrics.length);
    if (listing.tallies === undefined) {
      listing.tallies = this.host.allocate(TALLIES);
      clearTallies(listing.tallies);
    }
    this.totals = new Block(this.newSheet());
    listing.sheet = this.totals.sheet!;
  }

  private newSheet(): Float64Array {
    const reused = this.free.pop();
    if (reused !== undefined) return reused;
    const metrics = this.listing.reader.metrics.length;
    const sheet = this.host.allocate(sheetLength(this.listing.rowCount, metrics));
    clearSheet(sheet, metrics);
    this.sheets.push(sheet);
    this.host.announce(this);
    return sheet;
  }

  beginCall(listing: Listing, enclosing: Block | undefined, frame: Frame): Block {
    const { timeline } = this.host;
    if (timeline) listing.reader.exclude(() => timeline.begin(frame));
    if (!this.isPerCall) return enclosing ?? listing.home;
    const parent = enclosing !== undefined && this.calls.has(enclosing) ? enclosing : undefined;
    const block = new Block(this.newSheet(), parent);
    this.calls.add(block);
    this.abandoned.register(frame, block, frame);
    const totals = this.totals!.sheet!;
    // The baseline is the very first entry, whichever call ends first.
    for (let m = 0; m < listing.start.length; m++) if (Number.isNaN(totals[1 + m])) totals[1 + m] = listing.start[m]!;
    return block;
  }

  endCall(listing: Listing, block: Block, frame: Frame): void {
    const { timeline } = this.host;
    if (timeline) listing.reader.exclude(() => timeline.end(frame, this.file, this.table.name));
    if (!this.calls.has(block)) return;
    this.abandoned.unregister(frame);
    const sheet = block.sheet!;
    listing.reader.exclude(() => this.host.reportCall(this, this.figuresOf([sheet])));
    this.close(block, block.parent?.sheet ?? this.totals!.sheet!);
  }

  private close(block: Block, into: Float64Array): void {
    const { sheet } = block;
    if (sheet === undefined) return;
    const metrics = this.listing.reader.metrics.length;
    addSheet(sheet, into, metrics);
    clearSheet(sheet, metrics);
    this.free.push(sheet);
    this.calls.delete(block);
    block.sheet = undefined;
  }

  /** Everything up to now, or undefined before the first call. */
  figures(): ListingFigures | undefined {
    return this.sheets.length === 0 ? undefined : this.figuresOf(this.sheets);
  }

  /** Report "call": what no report has shown yet. */
  unreportedFigures(): ListingFigures | undefined {
    if (this.late === undefined) return undefined;
    const blocks = [this.late, ...this.calls];
    return this.figuresOf(blocks.map((block) => block.sheet!));
  }

  private figuresOf(sheets: Float64Array[]): ListingFigures {
    const { file, table, listing } = this;
    const options = this.host.settings(this).shown;
    return { file, table, options, metrics: listing.reader.metrics, sheets, tallies: listing.tallies };
  }

  /** Forgets all figures; calls in progress go on from here. */
  reset(): void {
    const { listing } = this;
    listing.isPrepared = false;
    if (this.totals === undefined) return;
    for (const sheet of this.sheets) clearSheet(sheet, listing.reader.metrics.length);
    clearTallies(listing.tallies);
  }
}
