/** What compiled code imports on hosts other than Node: browsers, workers, edge runtimes, Deno, Bun. */
import { runtime } from "./host-runtime.ts";

/** What compiled code imports: registers a module and returns its handle. */
export const table = runtime.table;
/** The figures up to now, of every profiled function that was called. Memory in bytes. */
export const getProfile = runtime.getProfile;
/** Writes a report of everything up to now. @throws MprofError for an unknown reporter */
export const report = runtime.report;
/** Forgets all figures. */
export const reset = runtime.reset;
/** Collects from now on, after `stop()` or where `MPROF=off` was set. */
export const start = runtime.start;
/** Collects nothing from now on; calls in progress run to their end. */
export const stop = runtime.stop;
