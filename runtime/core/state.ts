/**
 * What the probes write into. Everything a probe touches is here and nothing else: no options, no host, no reports.
 *
 * A *sheet* holds the figures of one listing: a `Float64Array` of M metrics, with stride S = 1 + 2 M a row:
 *
 *   index            meaning
 *   0                calls of the listing's own function
 *   1 + m            reading on the first of them, NaN before it
 *   1 + M + i S      row i (line `first + i`): how often the line started
 *       + 1 + 2 m      increment: sum of (reading at the end − reading at the start)
 *       + 2 + 2 m      usage: largest reading that closed a charge, −Infinity before one
 *
 * Memory is bytes throughout.
 */

/** `Listing.open` while control is on no line; lines start at 1. */
export const NO_LINE = 0;

/** `Frame.depth` while put aside, to come back with its next probe; not 0, which is the depth of an empty stack. */
export const SUSPENDED = -1;
/** `Frame.depth` after the end of a call. */
export const ENDED = -2;

/** The usage of a row before a charge was closed: minus infinity, in the fewest bytes. */
export const NOTHING = -1 / 0;

/** Index in `Listing.tallies`: readings taken, then (peak, net) of each source that probes do not read. */
export const TALLY_READINGS = 0;
export const TALLY_ASIDE = 1;
/** The sources read at entry and exit of each call when probes do not read them, in the order of the tallies. */
export const ASIDE_METRICS = ["rss", "heap", "external"] as const;
export const TALLIES = 7;

/** Makes typed arrays: on shared memory in a worker, so that its figures survive it. */
export type Allocate = (length: number) => Float64Array;

/** One way of reading memory, ready to be called by probes. */
export interface Reader {
  /** Name of the backend. */
  readonly name: string;
  /** One name for each value in `now`. */
  readonly metrics: readonly string[];
  /** The last reading. */
  readonly now: Float64Array;
  /** Takes a reading into `now`, less what the profiler itself has allocated. */
  read(): void;
  /** Of two readings, one directly after the other, the second said so much more: it learns what a reading makes. */
  learnReading?(more: number): void;
  /** The profiler has just allocated an activation of its own for a function that can suspend. */
  activated?(): void;
  /** That activation has ended. */
  ended?(activation: object): void;
}

/** What collections take of what a reader reads, for a while at a time. */
export interface CollectionCount {
  begin(): void;
  /** @returns what they took since then of the program's, in bytes; undefined where that is not known */
  end(): number | undefined;
}

/** What `charge-exact.ts` needs besides. */
export interface ExactReader extends Reader {
  /** Its readings allocate in its own metric. */
  readonly isSelfMeasuring: boolean;
  /**
   * Counted down by the probe. At 0 the probe takes a second reading at once, a *null probe*, by which a reader that
   * allocates in its own metric learns what a probe costs. Other readers start at 0 and never come back to it.
   */
  untilNull: number;
  /** Charges to the profiler what `work` allocates. */
  exclude(work: () => void): void;
  /** The profiler has just looked at the clock. */
  timed?(): void;
  /** Says how many bytes an activation takes. */
  learnActivation?(bytes: number): void;
  /** It collects garbage before each reading: once before the first. */
  readonly settle?: (() => void) | undefined;
  /** Garbage has just been collected on purpose. */
  collected?(): void;
  /** One value: a first metric above it is reason to keep the figures at once. Where figures are kept. */
  bound?: Float64Array;
}

/** The sources read beside the main one, see `ListingProfile.aside`. */
export interface AsideReader {
  /** In the order of ASIDE_METRICS; NaN for one that is not read. */
  readonly now: Float64Array;
  read(): void;
}

/** How figures are written down. What a host needs decides: `charge.ts` or `charge-exact.ts`. */
export interface Charging {
  /**
   * Takes a reading, charges what has changed since `listing.start` to the open line, and opens `line`, which starts
   * `starts` times: 1, or 0 when control goes back to it.
   */
  step(listing: Listing, line: number, starts: number): void;
  /** A call of the listing's own function begins, at the reading that has just been taken: the baseline row. */
  enter(listing: Listing, frame: Frame): void;
  /** Such a call has ended. */
  exit?(listing: Listing, frame: Frame): void;
}

/** Figures of one outer call (report "call"), or the place where all figures go. */
export interface Block {
  /** Undefined once the call has ended and its figures were passed on. */
  sheet: Float64Array | undefined;
  /** The block that encloses this call. */
  readonly parent?: Block | undefined;
  /** What came while its rows waited, once something has; see `waiting/record-waits.ts`. */
  waits?: Float64Array | undefined;
}

/** Where the figures of one listing go. `CallLedger` keeps those of calls apart. */
export interface Ledger {
  /** Every sheet in use or free: their sum is the listing. */
  readonly sheets: Float64Array[];
  /** Figures of everything, unless some are apart for a while. */
  readonly total: Block;
}

/** What a listing's stack is made of; `Activation` in probe.ts. */
export interface Frame {
  /** Position on the stack, from 1, or SUSPENDED or ENDED. */
  depth: number;
  /** The open line while paused or suspended. */
  open: number;
  block: Block;
  /** A call of the listing's own function, not of one inside it. */
  isOuter: boolean;
  /** What `listing.aside` said at the entry. */
  rss: number;
  heap: number;
  external: number;
}

/** What the probes ask of the rest of the runtime, none of it on the hot path. */
export interface ListingOwner {
  /** Before the first call, and again after options have changed: chooses the reader and lays out the sheets. */
  prepare(listing: Listing): void;
  /** A watched outer call begins, in the block `enclosing`. Returns the block that it charges. */
  beginCall?(listing: Listing, enclosing: Block, frame: Frame): Block;
  /** A watched outer call has ended. */
  endCall?(listing: Listing, frame: Frame): void;
}

/** One profiled function with everything inside it, and its own stack of activations. */
export class Listing {
  readonly owner: ListingOwner;
  charging: Charging;
  readonly first: number;
  readonly rowCount: number;

  isPrepared = false;
  /** The owner is told of each outer call: its reports are per call, or a recording is made. */
  isWatched = false;
  reader!: Reader;
  aside: AsideReader | undefined;
  stride = 0;
  /** The row of line n starts at `n * stride + shift`. */
  shift = 0;
  /** Where activations charge that no outer call encloses; the totals unless reports are per call. */
  home!: Block;
  tallies!: Float64Array;

  /** Number of activations on the stack; `stack[0]` is unused. */
  depth = 0;
  readonly stack: (Frame | null)[] = [null];
  /** One reusable activation for each depth, for functions that cannot suspend. */
  readonly pool: (Frame | undefined)[] = [];
  /** The line that is being charged, NO_LINE when nothing runs or when the top activation has no line yet. */
  open = NO_LINE;
  /** The sheet that is being charged. */
  sheet!: Float64Array;
  /** The reading at which the current charge starts. */
  start!: Float64Array;

  constructor(owner: ListingOwner, charging: Charging, first: number, rowCount: number) {
    this.owner = owner;
    this.charging = charging;
    this.first = first;
    this.rowCount = rowCount;
  }
}

/** Gives `listing` the layout of a reader with `metrics` metrics. */
export function layOut(listing: Listing, metrics: number): void {
  listing.stride = 1 + 2 * metrics;
  listing.shift = 1 + metrics - listing.first * listing.stride;
  listing.start = new Float64Array(metrics);
}

export function sheetLength(rowCount: number, metrics: number): number {
  return 1 + metrics + rowCount * (1 + 2 * metrics);
}

/** Sets a sheet to "nothing happened yet". */
export function clearSheet(sheet: Float64Array, metrics: number): void {
  sheet.fill(0).fill(Number.NaN, 1, 1 + metrics);
  for (let row = 1 + metrics; row < sheet.length; row += 1 + 2 * metrics) {
    for (let m = 0; m < metrics; m++) sheet[row + 2 + 2 * m] = NOTHING;
  }
}

export function newSheet(allocate: Allocate, rowCount: number, metrics: number): Float64Array {
  const sheet = allocate(sheetLength(rowCount, metrics));
  clearSheet(sheet, metrics);
  return sheet;
}

/** Adds the figures of one sheet to another of the same layout. */
export function addSheet(from: Float64Array, to: Float64Array, metrics: number): void {
  to[0]! += from[0]!;
  for (let m = 0; m < metrics; m++) {
    if (Number.isNaN(to[1 + m])) to[1 + m] = from[1 + m]!;
  }
  for (let row = 1 + metrics; row < from.length; row += 1 + 2 * metrics) {
    to[row]! += from[row]!;
    for (let m = 0; m < metrics; m++) {
      to[row + 1 + 2 * m]! += from[row + 1 + 2 * m]!;
      to[row + 2 + 2 * m] = Math.max(to[row + 2 + 2 * m]!, from[row + 2 + 2 * m]!);
    }
  }
}

/** Sets tallies to "nothing happened yet", and returns them. */
export function clearTallies(tallies: Float64Array): Float64Array {
  tallies.fill(NOTHING);
  for (let i = TALLY_READINGS; i < TALLIES; i += 2) tallies[i] = 0;
  return tallies;
}
