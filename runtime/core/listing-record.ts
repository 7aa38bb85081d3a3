/** One listing with its options: chooses what it is measured by, and says what is in its ledger. */
import type { ListingTable, MarkOptions } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import type { GcOption } from "../../contract/values.ts";
import type { FunctionOptions, TextSink } from "../full/options.ts";
import type { ListingFigures } from "./build-profile.ts";
import type { Platform } from "./platform.ts";
import type { CustomSource } from "./sources.ts";
import {
  clearSheet,
  clearTallies,
  type Ledger,
  Listing,
  type ListingOwner,
  layOut,
  newSheet,
  type Reader,
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
  /** Once it is measured. */
  ledger: Ledger | undefined;
  /** What `listing.reader` reads, itself or watched. */
  private source: Reader | undefined;

  constructor(file: string, table: ListingTable, host: RecordHost) {
    this.file = file;
    this.table = table;
    this.host = host;
    this.listing = new Listing(this, host.platform.charging, table.first, table.lines.length);
  }

  /** What a call is measured with cannot change under it, nor under figures that are there: see `reset`. */
  prepare(listing: Listing): void {
    if (listing.depth > 0) return;
    if (!this.ledger || listing.tallies[TALLY_READINGS] === 0) this.measure(this.host.settings(this));
    listing.home = this.ledger!.total;
    listing.isPrepared = true;
  }

  private measure(settings: ListingSettings): void {
    const { listing, host } = this;
    const reader = host.select(settings);
    if (this.source === reader) return;
    // Suspended activations hold its blocks: without a sheet those send them to the new home.
    if (this.ledger) this.ledger.total.sheet = undefined;
    listing.reader = this.watch(reader);
    layOut(listing, reader.metrics.length);
    const { allocate } = host.platform;
    listing.tallies ??= clearTallies(allocate(TALLIES));
    listing.sheet = newSheet(allocate, listing.rowCount, reader.metrics.length);
    this.ledger = this.open(listing.sheet);
    // Last: whatever fails before is tried again.
    this.source = reader;
  }

  /** The reader that probes call instead of this one. */
  protected watch(reader: Reader): Reader {
    return reader;
  }

  protected open(sheet: Float64Array): Ledger {
    return { sheets: [sheet], total: { sheet } };
  }

  /** Everything up to now: none or one. */
  figures(): ListingFigures[] {
    return this.ledger ? [this.figuresOf(this.ledger.sheets)] : [];
  }

  protected figuresOf(sheets: Float64Array[]): ListingFigures {
    const { file, table, listing, superseded } = this;
    const options = this.host.settings(this).shown;
    return { file, table, options, superseded, metrics: listing.reader.metrics, sheets, tallies: listing.tallies };
  }

  /** Forgets all figures; calls in progress go on from here. */
  reset(): void {
    const { listing, ledger } = this;
    listing.isPrepared = false;
    if (!ledger) return;
    for (const sheet of ledger.sheets) clearSheet(sheet, listing.reader.metrics.length);
    clearTallies(listing.tallies);
  }
}
