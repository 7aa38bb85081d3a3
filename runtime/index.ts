/**
 * `mprof/runtime` on hosts other than Node: the core, and what bundlers leave out of a program that does not use it,
 * options with their checks and all reporters.
 */
import { MprofError } from "../contract/errors.ts";
import type { HostGlobals } from "./core/create-platform.ts";
import { runtime } from "./core/host-runtime.ts";
import { table } from "./core/index.ts";
import type { ReportOptions } from "./core/runtime.ts";
import { configureRuntime, readProfileOptions } from "./full/configure.ts";
import type { Configuration } from "./full/options.ts";
import { render } from "./reporters/render.ts";
import type { LeakOptions, LeakReport } from "./survivors/leaking-rows.ts";
import { PageSurvivors } from "./survivors/page-survivors.ts";

export { MprofError } from "../contract/errors.ts";
export * from "./api-types.ts";
export { getProfile, reset, start, stop, table } from "./core/index.ts";
export { noprofile, profile } from "./full/profile.ts";

const globals = globalThis as unknown as HostGlobals;

/** Not thrown: the program goes on without. */
const leaksMissing = () =>
  new MprofError(
    "MPROF_LEAKS_HOST",
    "startLeaks() follows nothing here: only Node and pages of Chromium tell what a collection has left",
    "Look for leaks there.",
  );
const holdersMissing = () =>
  new MprofError(
    "MPROF_LEAKS_HOLDERS",
    "leaks({ why: true }) names no holders in a page, which cannot take a snapshot of its heap",
    "DevTools shows them: Memory, Heap snapshot, Retainers of an object of the row.",
  );

/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export function configure(options: Configuration): void {
  runtime.platform.readOptions = readProfileOptions;
  configureRuntime(runtime, options);
}

/** Writes a report of everything up to now. @throws MprofError for an unknown reporter */
export function report({ reporter = "text", stream = runtime.configuration.stream }: ReportOptions = {}): void {
  if (reporter === "text") return runtime.report({ stream });
  const text = render(runtime.getProfile(), reporter);
  if (stream) stream.write(text);
  else if (text !== "") globals.console?.log(text.trimEnd());
}

/** Runs a function and returns what it returns; on Node, `mprof run` shows it as a block of this name on the time line. */
export function timestamp<T>(_name: string, work: () => T): T {
  return work();
}

/**
 * Follows from now on what survives of the objects that lines make, of what was built with the option `survivors`, in pages of
 * Chromium. It waits for V8's own full collections.
 */
export function startLeaks(): void {
  const { platform } = runtime;
  const { performance } = globals;
  if (platform.survivors) return;
  try {
    const heap = () => performance!.memory!.usedJSHeapSize;
    heap();
    const survivors = new PageSurvivors({
      heap,
      clock: () => performance!.now(),
      wait: (work, ms) => globals.setTimeout!(work, ms),
    });
    platform.survivors = survivors;
    platform.keeper = (listings) => survivors.keeper(listings);
    const build = runtime.buildProfile.bind(runtime);
    runtime.buildProfile = (figures) => survivors.added(build(figures));
  } catch {
    runtime.warnOnce(leaksMissing());
  }
}

/**
 * The rows whose objects survive and grow in number, as of the last full collection; never who holds them.
 *
 * @example console.log((await leaks()).rows)
 */
export async function leaks({ why = false }: LeakOptions = {}): Promise<LeakReport> {
  if (why) runtime.warnOnce(holdersMissing());
  return runtime.platform.survivors?.report(runtime.getProfile()) ?? { collections: 0, rows: [] };
}

/** What compiled modules import. */
export default { table };
