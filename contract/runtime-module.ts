/** The module that compiled code imports, its one export, and the global that plain scripts use. */
export const RUNTIME_MODULE = "mprof/runtime";
export const TABLE_EXPORT = "table";
export const RUNTIME_GLOBAL = "__mprof";
/** What a page imports to send its profile. */
export const PAGE_MODULE = "mprof/browser";

/** The package whose `profile` is a mark. */
export const PACKAGE_NAME = "mprof";
