/** What is wrong with the options of `memoryUsage` and `memit`. */
import { MprofError } from "../contract/errors.ts";
import { PROCESS_BACKENDS, type ProcessBackend, processBackend } from "../sampling/process-memory.ts";

type Check = { wanted: string; fits(value: unknown): boolean };

const SECONDS: Check = { wanted: "a time in seconds, above 0", fits: (value) => (value as number) > 0 };
const FLAG: Check = { wanted: "true or false", fits: (value) => typeof value === "boolean" };
const COUNT: Check = { wanted: "a whole number from 1", fits: (value) => Number.isInteger(value) && Number(value) > 0 };
const SINK: Check = {
  wanted: "an object with a method write(text)",
  fits: (value) => typeof (value as { write?: unknown } | null)?.write === "function",
};
const NAME: Check = { wanted: "the name of a source", fits: (value) => typeof value === "string" };

const CHECKS: Record<string, Check> = {
  interval: SECONDS,
  timeout: SECONDS,
  timestamps: FLAG,
  includeChildren: FLAG,
  multiprocess: FLAG,
  maxUsage: FLAG,
  retval: FLAG,
  stream: SINK,
  backend: NAME,
  maxIterations: COUNT,
  repeat: COUNT,
  quiet: FLAG,
};

/** @throws MprofError for an option that is not one of `known`, or has a wrong value */
export function checkOptions(options: object, known: readonly string[]): void {
  for (const [key, value] of Object.entries(options)) {
    const check = known.includes(key) ? CHECKS[key] : undefined;
    if (check === undefined)
      throw new MprofError("MPROF_OPTION_UNKNOWN", `unknown option: ${key}`, `Known are ${known.join(", ")}.`);
    if (value !== undefined && !check.fits(value)) {
      const problem = `option "${key}" must be ${check.wanted}, got ${describe(value)}`;
      throw new MprofError("MPROF_OPTION_TYPE", problem, "docs/memory-usage.md lists the options with their values.");
    }
  }
}

/** @throws MprofError for one that does not exist, or that this host does not have */
export function checkBackend(name: string): ProcessBackend {
  const backend = processBackend(name);
  if (backend === undefined) {
    const cure = `From outside a process these can be read: ${PROCESS_BACKENDS.join(", ")}.`;
    throw new MprofError("MPROF_BACKEND_UNKNOWN", `unknown backend: ${JSON.stringify(name)}`, cure);
  }
  if (backend !== "rss" && process.platform !== "linux") {
    const problem = `backend not available on this host: ${JSON.stringify(name)}`;
    throw new MprofError("MPROF_BACKEND_MISSING", problem, "It needs Linux; leave it out for rss.");
  }
  return backend;
}

export function describe(value: unknown): string {
  if (typeof value === "string") return `string: ${JSON.stringify(value)}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value === null || typeof value === "object" || typeof value === "function")
    return value === null ? "null" : typeof value;
  return value === undefined ? "undefined" : `${typeof value}: ${String(value)}`;
}
