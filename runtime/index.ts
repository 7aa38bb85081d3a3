/** The public API without anything of Node: for browsers and hosts that look like one. */
import { detectHost } from "./host.ts";
import type { Platform } from "./platform.ts";
import { shareRuntime } from "./shared.ts";
import type { Gauges } from "./sources/source.ts";

export * from "./api-types.ts";
export { MprofError } from "./errors.ts";
export { noprofile, profile } from "./profile.ts";

interface HostConsole {
  log(text: string): void;
  error(text: string): void;
}
interface HostPerformance {
  memory?: { usedJSHeapSize: number };
}

const { console, performance } = globalThis as { console?: HostConsole; performance?: HostPerformance };

function createPlatform(): Platform {
  const gauges: Gauges = {};
  const memory = performance?.memory;
  // The object's fields are those of the moment at which it was taken.
  if (memory !== undefined) gauges.usedJsHeapSize = () => performance!.memory!.usedJSHeapSize;
  return {
    host: detectHost(),
    gauges,
    now: () => Date.now(),
    print: (text) => console?.log(text),
    warn: (text) => console?.error(text),
    allocate: (length) => new Float64Array(length),
    isEnabled: true,
  };
}

const runtime = shareRuntime(createPlatform, (text) => console?.error(text));

/** What compiled code imports: registers a module and returns its handle. */
export const table = runtime.table.bind(runtime);
/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export const configure = runtime.configure.bind(runtime);
/** The figures up to now, of every profiled function that was called. Memory in bytes. */
export const getProfile = runtime.getProfile.bind(runtime);
/** Writes a report of everything up to now. @throws MprofError for an unknown reporter */
export const report = runtime.report.bind(runtime);
/** Forgets all figures. */
export const reset = runtime.reset.bind(runtime);
/**
 * Runs a function and returns what it returns; `mprof run` shows it as a block of this name on the time line. A block of
 * an async function ends when its promise is settled.
 * @example const rows = await timestamp("read rows", () => readRows(file));
 */
export function timestamp<T>(name: string, work: () => T): T {
  return runtime.timestamp(name, work);
}
