/**
 * One runtime: its listings, its options, its reports. Knows no host; `Platform` is what a host brings along.
 * Tests make runtimes of their own, programs share one (shared.ts).
 */

import { faultOf, MprofError } from "../../contract/errors.ts";
import { type ListingTable, type ModuleHandle, type ModuleTable, TABLE_VERSION } from "../../contract/module-table.ts";
import { PROFILE_FORMAT, PROFILE_VERSION, type Profile } from "../../contract/profile.ts";
import type { Configuration, FunctionOptions, TextSink } from "../full/options.ts";
import type { Reporter } from "../reporters/reporter.ts";
import { buildListings, type ListingFigures } from "./build-profile.ts";
import { createHandle, IDLE_HANDLE } from "./create-handle.ts";
import type { ListingRecord, ListingSettings, RecordHost } from "./listing-record.ts";
import type { Platform } from "./platform.ts";
import { settle } from "./probe.ts";
import { resolveSettings } from "./resolve-settings.ts";
import { type Listing, type Reader, TALLY_READINGS } from "./state.ts";

export interface ReportOptions {
  /** `text`, `json`, `summary`, or a reporter of one's own. @default "text" */
  reporter?: string | Reporter;
  /** @default standard output */
  stream?: TextSink;
}

/** What options can be of: a record, or what is like one. */
interface Configurable {
  table: Pick<ListingTable, "name" | "options">;
  runtimeOptions: FunctionOptions;
}

/** Raised when a member of `Runtime` that other copies of this package use changes its meaning. */
export const STATE_VERSION = 1;

/** The members that programs get are functions that can be handed on alone. */
export class Runtime implements RecordHost {
  readonly version: number = STATE_VERSION;
  readonly platform: Platform;
  readonly records: ListingRecord[] = [];
  configuration: Configuration = {};
  private readonly started: number;
  isCollecting: boolean;
  private readonly warned = new Set<string>();

  constructor(platform: Platform) {
    this.platform = platform;
    this.isCollecting = platform.isEnabled;
    this.started = platform.now();
  }

  table = (table: ModuleTable): ModuleHandle => {
    const { records, platform } = this;
    const { version, file } = table;
    if (version > TABLE_VERSION) {
      const problem = `two versions of mprof are loaded (${version} and ${TABLE_VERSION}): ${file} is not profiled`;
      this.warnOnce(new MprofError("MPROF_TABLE_VERSION", problem, "Install one version, build in mode exact."));
      return IDLE_HANDLE;
    }
    if (table.hot) platform.replace?.(records, table);
    // The table's arrays are the program's: it may have changed what their methods and iterators do by now.
    const own: ListingRecord[] = [];
    for (let i = 0; i < table.listings.length; i++) {
      own[i] = new platform.Record(file, table.listings[i]!, this);
      records[records.length] = own[i]!;
    }
    return createHandle(table, own, this, (record, options) => {
      const read = platform.readOptions?.(options) ?? (options as FunctionOptions);
      if (read.backend) platform.sources.select(read.backend);
      record.runtimeOptions = read;
      record.listing.isPrepared = false;
    });
  };

  readonly start = (): void => {
    this.isCollecting = true;
  };

  readonly stop = (): void => {
    this.isCollecting = false;
  };

  readonly getProfile = (): Profile => this.buildProfile(this.figures());

  readonly report = ({ reporter = "text", stream = this.configuration.stream }: ReportOptions = {}): void => {
    this.platform.deliver(this.getProfile(), reporter, stream);
  };

  readonly reset = (): void => {
    for (const record of this.records) {
      settle(record.listing);
      record.reset();
    }
  };

  /** The figures up to now. */
  figures(): ListingFigures[] {
    for (const { listing } of this.records) settle(listing);
    return this.records.flatMap((record) => record.figures());
  }

  settings({ table, runtimeOptions }: Configurable): ListingSettings {
    const { command, defaultPrecision: precision = 1, sources } = this.platform;
    const defaults: FunctionOptions = { precision, backend: sources.fallback(), gc: false, report: "exit" };
    return resolveSettings(table, { command, runtime: runtimeOptions, configuration: this.configuration, defaults });
  }

  /**
   * A mark cannot throw into the program that carries it: what its options ask for and the host lacks is said, and left
   * out; then what others are measured by is measured.
   */
  select({ backend, gc }: Pick<ListingSettings, "backend" | "gc">): Reader {
    const { sources } = this.platform;
    const general = this.general().backend;
    try {
      return sources.select(backend, gc);
    } catch (error) {
      this.warnOnce(error as MprofError);
      return this.select({ backend: gc ? backend : backend === general ? sources.fallback() : general, gc: false });
    }
  }

  /** A fault of ours is not the program's: a call that cannot be measured is not, and the next one tries again. */
  prepare(listing: Listing): boolean {
    try {
      listing.owner.prepare(listing);
      return true;
    } catch (error) {
      listing.isPrepared = false;
      this.warnOnce(faultOf(error));
      return false;
    }
  }

  buildProfile(figures: readonly ListingFigures[]): Profile {
    const { host, now, notes } = this.platform;
    const general = this.general();
    const { precision, gc } = general;
    const { name, metrics } = this.select(general);
    return {
      format: PROFILE_FORMAT,
      version: PROFILE_VERSION,
      mode: "exact",
      backend: name,
      metrics: [...metrics],
      precision,
      gc,
      host,
      started: this.started,
      taken: now(),
      readings: figures.reduce((sum, { tallies }) => sum + tallies[TALLY_READINGS]!, 0),
      listings: buildListings(figures),
      notes: [...notes],
    };
  }

  /** What applies to a listing without options of its own. */
  private general(): ListingSettings {
    return this.settings({ table: { name: "" }, runtimeOptions: {} });
  }

  warnOnce({ message }: Error): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.platform.warn(`${message}\n`);
  }
}
