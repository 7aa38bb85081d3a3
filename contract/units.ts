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

/** The sources of Node, by the names that options take. */
export const BACKENDS = [
  "rss",
  "pss",
  "uss",
  "heap",
  "heapUsed",
  "heapTotal",
  "external",
  "arrayBuffers",
  "all",
] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Those of which it can be said what was freed: V8 counts them before and after each collection. */
export const FREED_BACKENDS: readonly string[] = ["heap", "heapUsed", "external", "all"] satisfies BackendName[];

/** What can be read of a process from outside. */
export const PROCESS_BACKENDS = ["rss", "pss", "uss"] as const;
export type ProcessBackend = (typeof PROCESS_BACKENDS)[number];

/** Names of the reference that mean one of ours. */
export const ALIASES = ["psutil", "psutil_pss", "psutil_uss"] as const;
const MEANINGS: Readonly<Record<string, ProcessBackend>> = {
  psutil: "rss",
  psutil_pss: "pss",
  psutil_uss: "uss",
} satisfies Record<(typeof ALIASES)[number], ProcessBackend>;

/** A name of the reference as ours; any other as it is. */
export function backendOf(name: string): string {
  return (Object.hasOwn(MEANINGS, name) && MEANINGS[name]) || name;
}
