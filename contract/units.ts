/** Memory is bytes everywhere inside mprof; MiB (2^20 bytes) exists only in what a person reads. */
export const MIB = 1024 * 1024;

/**
 * What can be measured. The names of Node's `process.memoryUsage()` where it has one;
 * `heap` is V8's used heap plus external memory.
 */
export type Metric = "rss" | "pss" | "uss" | "heap" | "heapUsed" | "heapTotal" | "external" | "arrayBuffers";

/** Milliseconds. What is measured where a host does not say how much memory it uses. */
export const TIME = "time";

/** The metrics that the backend `all` reads at every probe, in the order of its columns. */
export const ALL_METRICS = ["rss", "heap", "external"] as const satisfies readonly Metric[];
