/**
 * One runtime: its listings, its options, its reports. Knows no host; `Platform` is what a host brings along.
 * Tests make runtimes of their own, programs share one (shared.ts).
 */
import type { ListingTable, ModuleHandle, ModuleTable } from "../contract/module-table.ts";
import { PROFILE_FORMAT, PROFILE_VERSION, type Profile } from "../contract/profile.ts";
import { buildListings, type ListingFigures } from "./aggregate/build-profile.ts";
import { MprofError } from "./errors.ts";
import { ListingRecord, type ListingSettings, type RecordHost } from "./listing-record.ts";
import type { MemoryLimit } from "./memory-limit.ts";
import {
  type Configuration,
  checkConfiguration,
  checkProfileOptions,
  type FunctionOptions,
  type TextSink,
} from "./options.ts";
import type { Platform } from "./platform.ts";
import { settle } from "./probe.ts";
import { type Chosen, Readers, type Wanted } from "./readers.ts";
import { REPORTERS } from "./reporters/index.ts";
import { resolveSettings } from "./settings.ts";
import { COUNT_ONLY, Sources } from "./sources/select.ts";
import type { CustomSource } from "./sources/source.ts";
import { type Allocate, TALLY_READINGS } from "./state.ts";
import { createHandle, IDLE_HANDLE, whyUnusable } from "./table.ts";
import { runBlock, type Timeline } from "./timeline.ts";

export type { Platform } from "./platform.ts";

export interface ReportOptions {
  /** `text` or `json`. @default "text" */
  reporter?: string;
  /** @default standard output */
  stream?: TextSink;
}

/** A report that is due at the end of the process. */
export interface FinalReport {
  /** Undefined: where the platform prints. */
  stream: TextSink | undefined;
  text: string;
}

export interface Runtime {
  table(table: ModuleTable): ModuleHandle;
  configure(options: Configuration): void;
  getProfile(): Profile;
  report(options?: ReportOptions): void;
  reset(): void;
  /** Runs a function, as a block of this name in the recording, if one is made. */
  timestamp<T>(name: string, work: () => T): T;
  /** The text reports due at the end, at most one for each stream; empty if no profiled function was called. */
  finalReports(): FinalReport[];
  /** The figures of this thread's listings, as they stand. */
  figures(): ListingFigures[];
}

export function createRuntime(platform: Platform): Runtime {
  return new ProgramRuntime(platform);
}

class ProgramRuntime implements Runtime, RecordHost {
  readonly allocate: Allocate;
  readonly timeline: Timeline | undefined;
  readonly limit: MemoryLimit | undefined;
  private readonly platform: Platform;
  private readonly sources: Sources;
  private readonly readers: Readers;
  private readonly records: ListingRecord[] = [];
  private readonly started: number;
  private readonly warned = new Set<string>();
  private configuration: Configuration = {};

  constructor(platform: Platform) {
    this.platform = platform;
    this.allocate = platform.allocate;
    this.timeline = platform.timeline;
    this.limit = platform.limit;
    this.sources = new Sources(platform.gauges, platform.collect);
    this.readers = new Readers(this.sources, ({ problem, cure, code }) => this.warnOnce(problem, cure, code));
    this.started = platform.now();
  }

  table(table: ModuleTable): ModuleHandle {
    if (!this.platform.isEnabled) return IDLE_HANDLE;
    const problem = whyUnusable(table);
    if (problem !== undefined) {
      this.warnOnce(
        `${problem}: not profiled`,
        "Install the same version of mprof for building and running.",
        "MPROF_TABLE_VERSION",
      );
      return IDLE_HANDLE;
    }
    // The table's arrays are the program's: it may have changed what their methods and iterators do by now.
    const records: ListingRecord[] = [];
    for (let i = 0; i < table.listings.length; i++) {
      records[i] = new ListingRecord(table.file, table.listings[i]!, this);
      this.records[this.records.length] = records[i]!;
    }
    return createHandle(table, records, (record, options) => {
      const checked = checkProfileOptions(options);
      if (checked.backend !== undefined) this.sources.select(checked.backend);
      record.runtimeOptions = { ...checked };
      record.listing.isPrepared = false;
    });
  }

  configure(options: Configuration): void {
    checkConfiguration(options);
    for (const { backend, gc } of [options, ...Object.values(options.functions ?? {})]) {
      if (backend !== undefined || gc) this.sources.select(backend ?? this.sources.fallback(), gc);
    }
    const functions = { ...this.configuration.functions, ...options.functions };
    this.configuration = { ...this.configuration, ...options, functions };
    for (const { listing } of this.records) listing.isPrepared = false;
  }

  getProfile(): Profile {
    return this.buildProfile(this.allFigures());
  }

  report({ reporter = "text", stream }: ReportOptions = {}): void {
    const render = Object.hasOwn(REPORTERS, reporter) ? REPORTERS[reporter] : undefined;
    if (render === undefined) {
      const cure = `Choose one of ${Object.keys(REPORTERS).join(", ")}.`;
      throw new MprofError(`unknown reporter: ${JSON.stringify(reporter)}`, cure, "MPROF_REPORTER_UNKNOWN");
    }
    const text = render(this.getProfile());
    const sink = stream ?? this.configuration.stream;
    if (sink) sink.write(text);
    else this.platform.print(text);
  }

  reset(): void {
    for (const record of this.records) {
      settle(record.listing);
      record.reset();
    }
  }

  timestamp<T>(name: string, work: () => T): T {
    return runBlock(this.timeline, name, work);
  }

  finalReports(): FinalReport[] {
    this.settleAll();
    const due = new Map<TextSink | undefined, ListingFigures[]>();
    const add = (stream: TextSink | undefined, figures: ListingFigures | undefined) => {
      if (figures !== undefined) due.set(stream, [...(due.get(stream) ?? []), figures]);
    };
    for (const record of this.records) {
      const { report, stream } = this.settings(record);
      if (report === "exit") add(stream, record.figures());
      if (report === "call") add(stream, record.unreportedFigures());
    }
    // A worker prints its own reports per call, and may be told to print none.
    for (const figures of this.platform.otherThreads?.() ?? []) {
      const { report, stream } = this.settingsOf(figures.table, {});
      if (report === "exit") add(stream, figures);
    }
    return [...due]
      .map(([stream, figures]) => ({ stream, text: REPORTERS.text!(this.buildProfile(figures)) }))
      .filter(({ text }) => text !== "");
  }

  figures(): ListingFigures[] {
    return this.records.map((record) => record.figures()).filter((figures) => figures !== undefined);
  }

  settings(record: ListingRecord): ListingSettings {
    return this.settingsOf(record.table, record.runtimeOptions as FunctionOptions);
  }

  private settingsOf(table: ListingTable, runtimeOptions: FunctionOptions): ListingSettings {
    const defaults = { precision: this.precision(), backend: this.sources.fallback() };
    return resolveSettings(table, {
      command: this.platform.command ?? {},
      runtime: runtimeOptions,
      configuration: this.configuration,
      defaults,
    });
  }

  select(wanted: Wanted): Chosen {
    return this.readers.select(wanted, this.mainBackend());
  }

  announce(record: ListingRecord): void {
    if (this.platform.announce === undefined) return;
    const figures = record.figures();
    if (figures !== undefined) this.platform.announce(figures);
  }

  reportCall(record: ListingRecord, figures: ListingFigures): void {
    const text = REPORTERS.text!(this.buildProfile([figures]));
    const { stream } = this.settings(record);
    try {
      if (stream) stream.write(text);
      else this.platform.print(text);
    } catch (error) {
      this.warnOnce(
        `the report of a call could not be written: ${String(error)}`,
        "Check the stream.",
        "MPROF_REPORT_WRITE",
      );
    }
  }

  private allFigures(): ListingFigures[] {
    this.settleAll();
    return [...this.figures(), ...(this.platform.otherThreads?.() ?? [])];
  }

  private settleAll(): void {
    for (const { listing } of this.records) settle(listing);
  }

  private buildProfile(figures: readonly ListingFigures[]): Profile {
    const { host, command } = this.platform;
    const { backend, metrics } = this.mainSource();
    const listings = buildListings(figures);
    return {
      format: PROFILE_FORMAT,
      version: PROFILE_VERSION,
      mode: "exact",
      backend,
      metrics: [...metrics],
      precision: this.precision(),
      gc: command?.gc ?? this.configuration.gc ?? false,
      host,
      started: this.started,
      taken: this.platform.now(),
      readings: figures.reduce((sum, { tallies }) => sum + tallies[TALLY_READINGS]!, 0),
      listings,
      notes: this.notes(
        backend,
        listings.some(({ rows }) => rows.some(({ data }) => data?.cold)),
      ),
    };
  }

  private notes(backend: string, isCold: boolean): string[] {
    const notes: string[] = [];
    if (backend === COUNT_ONLY) notes.push("This host does not say how much memory it uses: lines were counted only.");
    if (isCold) {
      notes.push(
        "Rows marked cold ran fewer than 2,000 times: their heap figures hold some hundred bytes a run of V8's own.",
      );
    }
    return notes;
  }

  private mainSource(): { backend: string; metrics: readonly string[] } {
    const { name, metrics } = this.select({ backend: this.mainBackend(), gc: false }).reader;
    return { backend: name, metrics };
  }

  private mainBackend(): string | CustomSource {
    return this.platform.command?.backend ?? this.configuration.backend ?? this.sources.fallback();
  }

  private precision(): number {
    const { command, defaultPrecision } = this.platform;
    return command?.precision ?? this.configuration.precision ?? defaultPrecision ?? 1;
  }

  private warnOnce(problem: string, cure: string, code: string): void {
    const text = `[mprof] ${problem}\n  ${cure}   (${code})\n`;
    if (this.warned.has(text)) return;
    this.warned.add(text);
    this.platform.warn(text);
  }
}
