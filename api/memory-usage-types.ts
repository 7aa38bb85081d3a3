import type { OptionsAt } from "../contract/options.ts";
import type { TextSink } from "../contract/values.ts";

export interface MemoryUsageOptions extends OptionsAt<"memoryUsage"> {
  /** Seconds between samples. @default 0.1 */
  interval?: number;
  /** Seconds after which sampling ends; a function goes on. Without it a process id is sampled once. */
  timeout?: number;
  /** `[MiB, seconds since the epoch]` instead of MiB. */
  timestamps?: boolean;
  /** Add the memory of all child processes. */
  includeChildren?: boolean;
  /** `[MiB, ...MiB of each child]` instead of MiB; not with `maxUsage`. */
  multiprocess?: boolean;
  /** The largest value instead of all. */
  maxUsage?: boolean;
  /** Of a function: `[memory, what it returned]`. */
  retval?: boolean;
  /** Gets the samples as `MEM` and `CHLD` records, as they come; the result is then `undefined`. */
  stream?: TextSink;
  /** `rss`, `pss` or `uss`; the last two on Linux. @default "rss" */
  backend?: string;
  /** How often a function may run to get five samples, each time with a tenth of the interval. @default 1 */
  maxIterations?: number;
}

/** A process by its id (-1: this one), or anything that has one. */
export type ProcessTarget = number | { readonly pid?: number | undefined };
/** A function, or one with its arguments and its `this`. */
export type FunctionTarget<A extends unknown[], R> =
  | (() => R)
  | readonly [f: (...args: A) => R]
  | readonly [f: (...args: A) => R, args: A]
  // biome-ignore lint/suspicious/noExplicitAny: whatever the function takes as `this`
  | readonly [f: (this: any, ...args: A) => R, args: A, thisArg: unknown];

type Value<O> = O extends { timestamps: true } ? [memory: number, time: number] : number;
type Element<O> = O extends { multiprocess: true } ? [process: Value<O>, ...children: number[]] : Value<O>;

export type ProcessUsage<O> = O extends { stream: TextSink }
  ? undefined
  : O extends { maxUsage: true }
    ? number
    : Element<O>[];

type Memory<O> = O extends { stream: TextSink } ? undefined : O extends { maxUsage: true } ? Value<O> : Element<O>[];

export type FunctionUsage<O, R> = O extends { retval: true } ? [memory: Memory<O>, value: R] : Memory<O>;
