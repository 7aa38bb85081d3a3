/**
 * `mprof/runtime` on hosts other than Node: the core, and what bundlers leave out of a program that does not use it,
 * options with their checks and all reporters.
 */
import type { HostGlobals } from "./core/create-platform.ts";
import { runtime } from "./core/host-runtime.ts";
import { table } from "./core/index.ts";
import type { ReportOptions } from "./core/runtime.ts";
import { configureRuntime, readProfileOptions } from "./full/configure.ts";
import type { Configuration } from "./full/options.ts";
import { render } from "./reporters/render.ts";

export { MprofError } from "../contract/errors.ts";
export * from "./api-types.ts";
export { getProfile, reset, start, stop, table } from "./core/index.ts";
export { noprofile, profile } from "./full/profile.ts";

const globals = globalThis as unknown as HostGlobals;

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

/** What compiled modules import. */
export default { table };
