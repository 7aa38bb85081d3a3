import type { MarkOptions } from "./module-table.ts";
import type { Metric } from "./units.ts";
import type { GcOption } from "./values.ts";

/**
 * The one document that the runtime hands to reporters, the command and files. Plain JSON; all memory in bytes.
 * `docs/profile-format.md` explains every field.
 */
export const PROFILE_FORMAT = "mprof-profile";
/** Raised when a field changes its meaning; readers refuse a newer one with a clear message. */
export const PROFILE_VERSION = 1;

export interface Profile {
  format: typeof PROFILE_FORMAT;
  version: number;
  /** `exact`: a reading at every line start and every exit. `auto`: some rows are estimated. */
  mode: "exact" | "auto";
  /** Mode `auto`, where rows are estimated: from how much, and what that took. */
  cost?: Cost;
  /** Mode `auto`: growth that cannot be shown to be one line's; it is in no row. */
  ambiguous?: AmbiguousJump[];
  /** The source that probes read: a metric, `all`, or the name of a custom source. */
  backend: string;
  /** The keys of `Figures` in every row; the classic report shows the first. One, but three for `all`. */
  metrics: string[];
  /** Decimals that the classic report uses where a listing has no option of its own. */
  precision: number;
  /** Whether garbage was collected before each reading; `call`: at the ends of calls; `young`: only that of young objects. */
  gc: GcOption;
  host: HostInfo;
  /** Milliseconds since the epoch, when the runtime was loaded and when this profile was taken. */
  started: number;
  taken: number;
  /** Number of readings taken. */
  readings: number;
  /** By metric, bytes: what came while nothing ran that is profiled, and nothing waited. Only Node's runtime says it. */
  nobody?: Record<string, number>;
  /** Where objects were followed: full collections since, and until the last one so many milliseconds. */
  survivors?: { collections: number; time?: number };
  /** Where increments were followed over the run: time since `started` in so many pieces of equal length, in milliseconds. */
  history?: History;
  /** With the option `freed`: collections that were seen. */
  collections?: Collections;
  /** In source order of files as loaded; only functions that were called. */
  listings: ListingProfile[];
  /** What a reader should know before trusting a number; one sentence each. */
  notes: string[];
}

export interface History {
  interval: number;
  /** 2 to 32. */
  pieces: number;
}

export interface Collections {
  /** All of them, in every thread. */
  count: number;
  /** Those while nothing profiled ran, and by metric what they took; mode `auto`: until some lines were not read each time. */
  between: { count: number; freed: Record<string, number> };
}

export interface Cost {
  /** Executions of the lines whose rows are estimated, from when they were not read each time; and how many of those were. */
  executions: number;
  measured: number;
  /** The share of the time that readings took, by the profiler's own clock: 0.05 for 5 %. */
  overhead: number;
}

/** Bytes, and the lines that may have taken them, as `file:line`. */
export interface AmbiguousJump {
  bytes: number;
  candidates: string[];
}

export interface HostInfo {
  /** `node`, `bun`, `deno`, `browser` or `unknown`. */
  runtime: string;
  version: string;
  platform: string;
  /** Process id, 0 where there is none. */
  pid: number;
}

export interface ListingProfile {
  file: string;
  name: string;
  /** First and last line number of the listing. */
  first: number;
  last: number;
  /** The function was changed while the program ran (hot module replacement): these are the figures of its old text. */
  superseded?: boolean;
  /** Calls of the listing's own function. */
  calls: number;
  /** With the option `time`. Milliseconds. */
  time?: FunctionTime;
  options: MarkOptions;
  /** What its rows measure, the keys of their `figures`: with a source of its own not those of the profile. Only Node's runtime says it. */
  metrics?: string[];
  /** One for every physical line from `first` to `last`. */
  rows: Row[];
  /**
   * By metric, bytes: the reading on the first entry, which the first row's increment has in it. Only
   * Node's runtime says it.
   */
  baseline?: Record<string, number>;
  /** What the sources that probes do not read said at entry and exit of each call of the listing's own function. */
  aside: Partial<Record<Metric, CallFigures>>;
}

/** Milliseconds. */
export interface FunctionTime {
  /** The sum of its rows. */
  self: number;
  /** With the profiled functions of other listings that it called; recursion counts once. */
  total: number;
}

export interface Row {
  line: number;
  text: string;
  /** Missing on a row without data. */
  data?: RowData;
  /** Where objects were followed, of a row that makes any. */
  survivors?: RowSurvivors;
}

/** Estimated from a sample, as of the last full collection of the main thread. */
export interface RowSurvivors {
  /** Values that are objects or functions; so many of them were followed. */
  made: number;
  sampled: number;
  /** About so many objects are alive. */
  alive: number;
  /** Milliseconds: the median age of those. */
  age?: number;
  /** Those at the row's own rate: what it took for each value. Missing where it took nothing. */
  bytes?: number;
  /** They come from calls, which may have made them or not. */
  given?: true;
  /** Their number grows with time and does not level off. */
  leak?: Leak;
}

export interface Leak {
  /** Objects, and bytes at the row's own rate. */
  perHour: number;
  bytesPerHour?: number;
  /** By which a heap snapshot finds them. */
  key: string;
  /** Who holds most of those that a heap snapshot found, nearest first: `Map entry`, `variable cache (src/store.ts:3)`. */
  holders?: string[];
}

export interface RowData {
  occurrences: number;
  /** By metric name, see `Profile.metrics`. */
  figures: Record<string, Figures>;
  /** With the option `time`: how long control was on the row, code included that is not profiled. Milliseconds. */
  time?: number;
  /** Its line ran too often to be read each time: its increment is an estimate. */
  estimated?: {
    /** Executions that were read one by one, of those after that. */
    measured: number;
    /** What those executions allocated, collected or not. Bytes. */
    allocated: number;
  };
  /** With the option `freed`: collections that fell while it ran. Missing where there were none. */
  collections?: number;
  /** True if another row waited at the same time, and both have a part of what came. */
  shared?: true;
  /** True if every execution fell into the warm-up, before figures of the heap sources settle to within 64 bytes. */
  cold?: true;
}

/** Bytes. */
export interface Figures {
  /** The largest reading that ever closed a charge to the row; on the baseline row, the largest on entry. */
  usage: number;
  /** Sum of (reading at the end − reading at the start); on the baseline row, the reading on the first entry. */
  increment: number;
  /**
   * With the option `freed`, of metrics for which it is known: what collections took while the row ran, so that it
   * allocated `increment` and this (on the first row less the baseline).
   */
  freed?: number;
  /**
   * With the option `self`: of `increment` what came while no profiled function ran that the row called; on the first row
   * without the reading on entry.
   */
  self?: number;
  /** What came while the row waited and nothing ran that is profiled: its part. Missing where that is 0. */
  waiting?: number;
  /** While it waited: what those that it called ran and waited for. Missing where that is 0. */
  awaited?: number;
  /**
   * What came in each piece of `Profile.history`, as known then: the sum is `increment`, `waiting` and `awaited`, on the
   * first row less the baseline. Missing where that is not known of all, or nothing came.
   */
  history?: number[];
}

/** Bytes. */
export interface CallFigures {
  /** The largest value seen at an entry or exit. */
  peak: number;
  /** Sum over calls of (value at exit − value at entry). */
  net: number;
}
