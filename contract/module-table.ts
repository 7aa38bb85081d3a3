// Whoever checks our types with an older library has to know Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * What compiled code tells the runtime about its module, and the names by which it calls the runtime.
 * Written once a module into the prologue as JSON: `__mp_table({ … })`.
 */
import type { OptionsAt } from "./options.ts";
import type { GcOption } from "./values.ts";

/** Raised when a field changes its meaning. The runtime refuses a newer table with a message that names both. */
export const TABLE_VERSION = 1;
/** Of a table with counters: a runtime without them, as that of pages, refuses it. */
export const COUNTED_TABLE_VERSION = 4;

/** The options a mark may carry; literals, read at build time. */
export interface MarkOptions extends OptionsAt<"mark"> {
  /** Decimals in both memory columns. */
  precision?: number;
  /** A source name, see `docs/sources.md`. */
  backend?: string;
  /** Shown instead of the function's own name. */
  name?: string;
  /** Collect garbage before each reading, so that an increment is retained memory; or at the ends of calls, or young objects. */
  gc?: GcOption;
  /** Print once at exit, or after each call of the function. */
  report?: "exit" | "call";
  /** What a call may leave behind on average, for `mprof check`: `5 MiB`. */
  max?: string;
  /** The largest reading that the function may see, for `mprof check`. */
  maxPeak?: string;
}

export interface ModuleTable {
  version: number;
  /** Path of the original source, relative to the option `root`, with `/`. */
  file: string;
  /** In source order. */
  listings: ListingTable[];
  /**
   * The module is compiled anew when its file changes, while the program runs: its listings take the place of those that
   * the file had before.
   */
  hot?: true;
  /** Indexed by the `k` of `enter(k)`: the function's listing, and FUNCTION_* bits. */
  functions: [listing: number, flags: number][];
}

/** One table of the report: a profiled function with everything inside it. */
export interface ListingTable {
  /** Display name, as `Cache.get`, `load`, `(anonymous at 12:4)`. */
  name: string;
  /** Number of the first row: the decorator, the marking comment, or the statement that holds the function. Lines start at 1. */
  first: number;
  /** The physical lines from `first` to the function's last token, without line ends. */
  lines: string[];
  options?: MarkOptions;
  /** In code built for mode `auto`: what its counters count. Its functions have no activations. */
  slots?: SlotTable;
}

/** The counters of a listing: one for each row, by its line; then those that are no row's, from the last row's line + 1. */
export interface SlotTable {
  /** One `SLOT_*` character for each counter. */
  kinds: string;
  /** The line of each counter behind the rows'. */
  lines: number[];
  /** Those among them that are called where their line starts, too. */
  starts: number[];
  /** The counters that begin calls, one for each function. The listing's own function comes first. */
  calls: number[];
  /** Of each counter: the function that it is of, by its place in `calls`. Missing: all are of the listing's own. */
  owners?: number[];
  /** Built with the option `time`: no line is only counted, and each call says that it ends. */
  timed?: true;
}

/** No probe stands there. */
export const SLOT_NONE = ".";
/** What runs until the next probe cannot allocate, and nothing can be open before it: the line is only counted. */
export const SLOT_COUNTED = "c";
/** It cannot allocate, but closes what is open. */
export const SLOT_CLOSES = "0";
/** It closes what is open, and allocates nothing as a rule: an accessor may be behind what it reads or stores. */
export const SLOT_QUIET = "q";
/** It allocates a bounded amount: literals, closures. */
export const SLOT_BOUNDED = "1";
/** It allocates any amount: calls. */
export const SLOT_UNBOUNDED = "2";
/** As 2, but seldom: a store that may have to grow, a `+` of what may be texts. */
export const SLOT_STORES = "s";

/** The function is the listing's own (calls of it are the baseline row), not one inside it. */
export const FUNCTION_OUTER = 1;
/** The function can suspend (async or generator): each call has an activation object of its own. */
export const FUNCTION_SUSPENDS = 2;
/** It is a generator: whoever asks it for a value runs it. */
export const FUNCTION_GENERATOR = 4;

/** Why a call suspends; see `Activation.suspend`. It is about to wait: for a promise, or for a disposal. */
export const FOR_PROMISE = 0;
/** It yields: its consumer goes on, and it does not wait. */
export const FOR_CONSUMER = 1;
/** It is about to wait for the next value of a `for await`, which it asks for now: a generator that runs next is its callee. */
export const FOR_NEXT = 2;
export type SuspendedFor = typeof FOR_PROMISE | typeof FOR_CONSUMER | typeof FOR_NEXT;

/** What `table(moduleTable)` returns: the module's handle, called `__mp_m()` in compiled code. */
export interface ModuleHandle {
  /** Begins a call of function `k`. */
  enter(k: number): Activation;
  /** Run-time options of `profile({ stream })(fn)`, for the listing of function `k`. Returns `fn`, named `name` if it has no name. */
  options<F>(k: number, options: Record<string, unknown>, fn: F, name?: string): F;
  /** Follows a value of line `n`, one that a call gave if `given`; returns it. Of Node's runtime, and of pages that follow what survives. */
  keep?<const T>(listing: number, n: number, value: T, given?: 1): T;
  /** Of code built for mode `auto`: the counters of a listing, for all its calls. */
  counters(listing: number): Counters;
}

/**
 * The counters of a listing, called `__mp0`, `__mp1`, … in compiled code. `n` is a slot: the line of a row, or one behind
 * them. Which form is written where: `docs/generated-code.md`.
 */
export interface Counters extends LineCounters {
  /** Begins a call that can wait; 1: of an async generator. @returns what knows when it does; nothing if it is only counted */
  begin(isGenerator?: 1): WaitingCounters | undefined;
}

export interface LineCounters {
  /** Line `n` starts. */
  line(n: number): void;
  /** Line `n` starts; it cannot allocate, and nothing can be open. */
  count(n: number): void;
  /** Line `n` starts, and may let `store` grow. */
  grow(n: number, store: unknown): void;
  /** Line `n` starts after `value` has been evaluated; returns `value`. */
  at<const T>(n: number, value: T): T;
  /** Control goes back to a line, of a call that has waited or yielded, too; returns `value`. */
  back<const T>(n: number, value?: T): T;
  /** A call ends, or is about to wait, with `value`. @param call of another function than the first of the listing: its place in the table's `calls` */
  exit<const T>(value?: T, call?: number): T;
  suspend<const T>(value?: T, why?: SuspendedFor): T;
  /** A catch block begins: line `n` starts, or control goes back to it. @param call may have been waiting */
  caught(n: number, call?: WaitingCounters): void;
  /** See `Activation.onLeave`. */
  onLeave(call?: WaitingCounters): { [Symbol.dispose](): void };
  // Where a call that can wait may have been waiting. The counters are told, and not the call: V8 inlines what is the same for all
  // calls, and not one of two that are chosen among at each.
  /** As `line`, or `grow` with a store. */
  lineOf(call: WaitingCounters | undefined, n: number, store?: unknown): void;
  countOf(call: WaitingCounters | undefined, n: number): void;
  /** As `back`, or `at`. */
  backOf<const T>(call: WaitingCounters | undefined, n: number, value?: T): T;
  exitOf(call: WaitingCounters | undefined): void;
  /** @param row where that stands in the source */
  suspendOf<const T>(call: WaitingCounters | undefined, value?: T, why?: SuspendedFor, row?: number): T;
}

/** A call that knows when it waits, called `__mp` in compiled code. */
export interface WaitingCounters {
  grow(n: number, store?: unknown): void;
  count(n: number): void;
  back<const T>(n: number, value?: T): T;
  caught(n: number): void;
  exit(): void;
  suspend<const T>(value?: T, why?: SuspendedFor, row?: number): T;
  onLeave(): { [Symbol.dispose](): void };
}

/** One call of a profiled function in mode `exact`, called `__mp` in compiled code. Which form is written where: `docs/generated-code.md`. */
export interface Activation {
  /** Line `n` starts: counts, closes the charge of the line before. Resumes a suspended activation. */
  line(n: number): void;
  /** Control goes back to line `n`, which is no start; returns `value`. Written round the last argument of a call. */
  back<const T>(n: number, value: T): T;
  /** Line `n` starts, after `value` has been evaluated; returns `value`. Written round the receiver of a link without arguments. */
  at<const T>(n: number, value: T): T;
  /** The call ends, by return or throw. */
  exit(): void;
  /** The call is about to wait or to yield `value`; `why` is left out where it waits for a promise. */
  suspend<const T>(value?: T, why?: SuspendedFor): T;
  /** The call goes on within the same statement; returns `value`. */
  resume<const T>(value?: T): T;
  /** A disposable that suspends: written after `await using`, so that the disposal is charged to nobody. */
  onLeave(): { [Symbol.dispose](): void };
}
