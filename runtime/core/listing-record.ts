/** One listing with its options: lays out its sheet, and says what is in it. */
import type { ListingTable, MarkOptions } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import type { GcOption } from "../../contract/values.ts";
import type { FunctionOptions, TextSink } from "../full/options.ts";
import type { ListingFigures } from "./build-profile.ts";
import type { Platform } from "./platform.ts";
import type { CustomSource } from "./sources.ts";
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
  gc: GcOption;
  report: "exit" | "call" | "none";
  stream: TextSink | undefined;
  /** What the profile shows: those of the listing's own. */
  shown: MarkOptions;
}

/** What a record asks of the runtime. */
export interface RecordHost {
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
    if (!this.totals || listing.tallies[TALLY_READINGS] === 0) this.measure(this.host.settings(this));
    listing.home = this.totals!;
    listing.isPrepared = true;
  }

  private measure(settings: ListingSettings): void {
    const { listing, host } = this;
    const reader = host.select(settings);
    if (this.source === reader) return;
    this.drop();
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
  protected drop(): void {
    if (this.totals) this.totals.sheet = undefined;
  }

  protected newSheet(): Float64Array {
    const { metrics } = this.listing.reader;
    const sheet = this.host.platform.allocate(sheetLength(this.listing.rowCount, metrics.length));
    clearSheet(sheet, metrics.length);
    this.sheets.push(sheet);
    return sheet;
  }

  /** Everything up to now: none or one. */
  figures(): ListingFigures[] {
    return this.sheets[0] ? [this.figuresOf(this.sheets)] : [];
  }

  protected figuresOf(sheets: Float64Array[]): ListingFigures {
    const { file, table, listing, superseded } = this;
    const options = this.host.settings(this).shown;
    return { file, table, options, superseded, metrics: listing.reader.metrics, sheets, tallies: listing.tallies };
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
