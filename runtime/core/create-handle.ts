/** What compiled code gets for its module table. */

import {
  type Activation,
  type Counters,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ModuleHandle,
  type ModuleTable,
} from "../../contract/module-table.ts";
import type { ListingRecord } from "./listing-record.ts";
import type { Platform } from "./platform.ts";
import { enter, onDispose } from "./probe.ts";
import type { Listing } from "./state.ts";

/** What says whether a call is profiled. */
export interface Gate {
  /** What `start()` and `stop()` switch. */
  isCollecting: boolean;
  /** Readies a listing for its next call. False if it cannot be. */
  prepare(listing: Listing): boolean;
  readonly platform: Pick<Platform, "keeper">;
}

/** The handle of a module whose listings are `records`, in the order of the table. */
export function createHandle(
  table: ModuleTable,
  records: readonly ListingRecord[],
  gate: Gate,
  setOptions: (record: ListingRecord, options: Record<string, unknown>) => void,
): ModuleHandle {
  let keep: ModuleHandle["keep"];
  return {
    // A page may begin to follow late: code built with the option `survivors` asks at each value.
    get keep() {
      keep ??= gate.platform.keeper?.(records);
      return keep;
    },
    enter(k) {
      // Without the array's iterator: the program may have changed what it does.
      const { 0: index, 1: flags } = table.functions[k]!;
      const { listing } = records[index]!;
      if (!gate.isCollecting || (!listing.isPrepared && !gate.prepare(listing))) return IDLE;
      return enter(listing, (flags & FUNCTION_OUTER) !== 0, (flags & FUNCTION_SUSPENDS) !== 0);
    },
    counters: idle,
    options(k, options, fn, name) {
      setOptions(records[table.functions[k]![0]]!, options);
      return withName(fn, name);
    },
  };
}

const idle = () => IDLE;

/** Does nothing, as fast as it can: the module runs unprofiled. */
export const IDLE_HANDLE: ModuleHandle = {
  enter: idle,
  counters: idle,
  options: (_k, _options, fn, name) => withName(fn, name),
};

/** The handle of a module that could not be registered: each call tries again. */
export function lateHandle(register: () => ModuleHandle | undefined): ModuleHandle {
  let handle: ModuleHandle | undefined;
  const get = () => {
    handle ??= register();
    return handle ?? IDLE_HANDLE;
  };
  return {
    enter: (k) => get().enter(k),
    counters: (listing) => get().counters(listing),
    options: (...args) => get().options(...args),
  };
}

const first = (value?: unknown) => value as never;
const second = (_it: unknown, value?: unknown) => value as never;

/** Does nothing, as an activation or as counters. */
export const IDLE: Activation & Counters = {
  line: first,
  lineOf: first,
  count: first,
  countOf: first,
  grow: first,
  caught: first,
  exit: first,
  exitOf: first,
  suspend: first,
  resume: first,
  suspendOf: second,
  begin: second,
  back: second,
  at: second,
  backOf: (_call, _n, value?: unknown) => value as never,
  onLeave: () => onDispose(first),
};

/** Names a function as its place would have, had it not been wrapped. */
function withName<F>(fn: F, name: string | undefined): F {
  if (name !== undefined && typeof fn === "function" && fn.name === "") {
    Object.defineProperty(fn, "name", { value: name, configurable: true });
  }
  return fn;
}
