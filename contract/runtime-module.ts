/** The module that compiled code imports, its one export, and the global that plain scripts use. */
export const RUNTIME_MODULE = "mprof/runtime";
export const TABLE_EXPORT = "table";
export const RUNTIME_GLOBAL = "__mprof";
/** What a page imports to send its profile. */
export const PAGE_MODULE = "mprof/browser";

/**
 * What the runtime emits on Node's `process` when its reports are written, however the process ends, with every profiled
 * function that was called: what runs a program knows by it what to say at the end.
 */
export const REPORTED_EVENT = "mprof:reported";

/** A function as a report names it. */
export type FunctionPlace = readonly [file: string, name: string, first: number];

/** The package whose `profile` is a mark. */
export const PACKAGE_NAME = "mprof";
