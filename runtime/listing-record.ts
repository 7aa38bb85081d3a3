/** One listing with its options: lays out its sheet, and says what is in it. */
import type { Counters, ListingTable, MarkOptions } from "../contract/module-table.ts";
import type { Profile } from "../contract/profile.ts";
import type { ListingFigures } from "./aggregate/build-profile.ts";
import type { CountedListing, CountingGate } from "./auto/counted-listing.ts";
import type { FunctionOptions, TextSink } from "./options.ts";
import type { Platform } from "./platform.ts";
import type { CustomSource } from "./sources/source.ts";
import {
  type Block,
  clearSheet,
  clearTallies,
  Listing,
  type ListingOwner,
  layOut,
  type Reader,
  sheetLength,
  TALLIES,
  TALLY_READINGS,
} from "./state.ts";

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

/** What a record asks of the runtime. */
export interface RecordHost extends CountingGate {
  readonly platform: Platform;
  settings(record: ListingRecord): ListingSettings;
  select(settings: Pick<ListingSettings, "backend" | "gc">): Reader;
  buildProfile(figures: readonly ListingFigures[]): Profile;
  /** Says it to the person who runs the program. */
  warnOnce(error: Error): void;
}

export class ListingRecord implements ListingOwner {
  readonly file: string;
  /** As it is now: a function that moved within its file has another `first`. */
  table: ListingTable;
  /** The function was changed since. */
  superseded = false;
  readonly listing: Listing;
  /** From `profile({…})(fn)`, evaluated where it stands. */
  runtimeOptions: FunctionOptions = {};
  protected readonly host: RecordHost;
  /** Figures of everything unless reports are per call. */
  protected totals: Block | undefined;
  /** What `listing.reader` reads, itself or watched. */
  private source: Reader | undefined;
  /** Its counters, if it has any. */
  counted: CountedListing | undefined;
  /** Every sheet in use or free; their sum is the listing. */
  sheets: Float64Array[] = [];

  constructor(file: string, table: ListingTable, host: RecordHost) {
    this.file = file;
    this.table = table;
    this.host = host;
    this.listing = new Listing(this, host.platform.charging, table.first, table.lines.length);
  }

  /** What a call is measured with cannot change under it, nor under figures that are there: see `reset`. */
  prepare(listing: Listing): void {
    if (listing.depth > 0) return;
    if (!this.totals || listing.tallies[TALLY_READINGS] === 0) this.measureWith(this.host.settings(this));
    listing.home = this.totals!;
    listing.isPrepared = true;
  }

  private measureWith(settings: ListingSettings): void {
    const { listing, host } = this;
    const reader = host.select(settings);
    if (this.source === reader) return;
    this.dropBlocks();
    this.sheets = [];
    listing.reader = this.watch(reader);
    layOut(listing, reader.metrics.length);
    listing.tallies ??= clearTallies(host.platform.allocate(TALLIES));
    this.totals = { sheet: this.newSheet() };
    listing.sheet = this.totals.sheet!;
    // Last: whatever fails before is tried again.
    this.source = reader;
  }

  /** The reader that probes call instead of this one. */
  protected watch(reader: Reader): Reader {
    return reader;
  }

  /** Suspended activations hold the old blocks: without a sheet these send them to the new home. */
  protected dropBlocks(): void {
    if (this.totals) this.totals.sheet = undefined;
  }

  protected newSheet(): Float64Array {
    const { metrics } = this.listing.reader;
    const sheet = this.host.platform.allocate(sheetLength(this.listing.rowCount, metrics.length));
    clearSheet(sheet, metrics.length);
    this.sheets.push(sheet);
    return sheet;
  }

  /** Of code that was built for mode `auto`. `undefined` where nothing counts. */
  counters(): Counters | undefined {
    const { host, file, table, listing } = this;
    const { count } = host.platform;
    if (table.slots && count)
      this.counted ??= count(listing, table.slots, { file, rowCount: table.lines.length }, host);
    return this.counted?.counters;
  }

  /** Everything up to now: none or one. */
  figures(): ListingFigures[] {
    if (this.sheets[0]) this.counted?.harvest();
    return this.sheets[0] ? [this.figuresOf(this.sheets)] : [];
  }

  protected figuresOf(sheets: Float64Array[]): ListingFigures {
    const { file, table, listing, superseded } = this;
    const options = this.host.settings(this).shown;
    const estimates = this.counted?.estimates();
    const { metrics } = listing.reader;
    return { file, table, options, superseded, metrics, sheets, tallies: listing.tallies, estimates };
  }

  /** Forgets all figures; calls in progress go on from here. */
  reset(): void {
    const { listing } = this;
    listing.isPrepared = false;
    this.counted?.discard();
    if (this.totals === undefined) return;
    for (const sheet of this.sheets) clearSheet(sheet, listing.reader.metrics.length);
    clearTallies(listing.tallies);
  }
}
