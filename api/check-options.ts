/** What is wrong with the options of `memoryUsage` and `memit`. */
import { checkValues } from "../contract/check-options.ts";
import { MprofError } from "../contract/errors.ts";
import { PROCESS_BACKENDS, type ProcessBackend } from "../contract/units.ts";
import type { Value } from "../contract/values.ts";
import { processBackend } from "../sampling/process-memory.ts";

/** @throws MprofError for an option that is not one of `checks`, or has a wrong value */
export function checkOptions(options: object, checks: Readonly<Record<string, Value>>): void {
  checkValues(options, checks, { cure: "docs/memory-usage.md lists the options with their values." });
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
