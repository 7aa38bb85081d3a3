// Whoever checks our types with an older library has to know Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * What compiled code tells the runtime about its module, and the names by which it calls the runtime.
 * Written once a module into the prologue as JSON: `__mp_table({ … })`.
 */
import type { OptionsAt } from "./options.ts";

/** Raised when a field changes its meaning. The runtime refuses a newer table with a message that names both. */
export const TABLE_VERSION = 1;

/** The options a mark may carry; literals, read at build time. */
export interface MarkOptions extends OptionsAt<"mark"> {
  /** Decimals in both memory columns. */
  precision?: number;
  /** A source name, see `docs/sources.md`. */
  backend?: string;
  /** Shown instead of the function's own name. */
  name?: string;
  /** Collect garbage twice before each reading, so that an increment is retained memory. */
  gc?: boolean;
  /** Print once at exit, or after each call of the function. */
  report?: "exit" | "call";
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
}

/** The function is the listing's own (calls of it are the baseline row), not one inside it. */
export const FUNCTION_OUTER = 1;
/** The function can suspend (async or generator): each call has an activation object of its own. */
export const FUNCTION_SUSPENDS = 2;

/** What `table(moduleTable)` returns: the module's handle, called `__mp_m()` in compiled code. */
export interface ModuleHandle {
  /** Begins a call of function `k`. */
  enter(k: number): Activation;
  /** Run-time options of `profile({ stream })(fn)`, for the listing of function `k`. Returns `fn`, named `name` if it has no name. */
  options<F>(k: number, options: Record<string, unknown>, fn: F, name?: string): F;
}

/** One call of a profiled function, called `__mp` in compiled code. Which form is written where: `docs/generated-code.md`. */
export interface Activation {
  /** Line `n` starts: counts, closes the charge of the line before. Resumes a suspended activation. */
  line(n: number): void;
  /** Control goes back to line `n`, which is no start; returns `value`. Written round the last argument of a call. */
  back<const T>(n: number, value: T): T;
  /** Line `n` starts, after `value` has been evaluated; returns `value`. Written round the receiver of a link without arguments. */
  at<const T>(n: number, value: T): T;
  /** The call ends, by return or throw. */
  exit(): void;
  /** The call is about to wait or to yield `value`. */
  suspend<const T>(value?: T): T;
  /** The call goes on within the same statement; returns `value`. */
  resume<const T>(value?: T): T;
  /** A disposable that suspends: written after `await using`, so that the disposal is charged to nobody. */
  onLeave(): { [Symbol.dispose](): void };
}
