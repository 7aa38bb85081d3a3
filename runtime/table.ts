/** What compiled code gets for its module table. */

import { MprofError } from "../contract/errors.ts";
import {
  type Activation,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ModuleHandle,
  type ModuleTable,
  TABLE_VERSION,
} from "../contract/module-table.ts";
import type { ListingRecord } from "./listing-record.ts";
import { DISPOSE, enter } from "./probe.ts";
import type { Listing } from "./state.ts";

/** Why a table cannot be used, or undefined if it can. */
export function whyUnusable({ version, file }: ModuleTable): MprofError | undefined {
  if (version <= TABLE_VERSION) return undefined;
  const problem = `${file} was compiled by a newer mprof (tables ${version}, not ${TABLE_VERSION}): not profiled`;
  return new MprofError("MPROF_TABLE_VERSION", problem, "Install one version of mprof.");
}

/** What `start()` and `stop()` switch. */
export interface Gate {
  isCollecting: boolean;
}

interface FunctionEntry {
  listing: Listing;
  isOuter: boolean;
  suspends: boolean;
}

/** The handle of a module whose listings are `records`, in the order of the table. */
export function createHandle(
  table: ModuleTable,
  records: readonly ListingRecord[],
  gate: Gate,
  setOptions: (record: ListingRecord, options: Record<string, unknown>) => void,
): ModuleHandle {
  // Without the array's methods and iterator: the program may have changed what they do.
  const functions: FunctionEntry[] = [];
  for (let k = 0; k < table.functions.length; k++) {
    const { 0: listing, 1: flags } = table.functions[k]!;
    functions[k] = {
      listing: records[listing]!.listing,
      isOuter: (flags & FUNCTION_OUTER) !== 0,
      suspends: (flags & FUNCTION_SUSPENDS) !== 0,
    };
  }
  return {
    enter(k) {
      if (!gate.isCollecting) return IDLE_ACTIVATION;
      const { listing, isOuter, suspends } = functions[k]!;
      return enter(listing, isOuter, suspends);
    },
    options(k, options, fn, name) {
      setOptions(records[table.functions[k]![0]]!, options);
      return withName(fn, name);
    },
  };
}

/** Does nothing, as fast as it can: the module runs unprofiled. */
export const IDLE_HANDLE: ModuleHandle = {
  enter: () => IDLE_ACTIVATION,
  options: (_k, _options, fn, name) => withName(fn, name),
};

const IDLE_ACTIVATION: Activation = {
  line() {},
  back: (_n, value) => value,
  at: (_n, value) => value,
  exit() {},
  suspend: (value?: unknown) => value as never,
  resume: (value?: unknown) => value as never,
  onLeave: () => ({ [DISPOSE]() {} }),
};

/** Names a function as its place would have, had it not been wrapped. */
function withName<F>(fn: F, name: string | undefined): F {
  if (name !== undefined && typeof fn === "function" && fn.name === "") {
    Object.defineProperty(fn, "name", { value: name, configurable: true });
  }
  return fn;
}
