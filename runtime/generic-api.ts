/** What programs import besides the core on hosts other than Node: options with their checks, all reporters. */
import { configureRuntime, readProfileOptions } from "./configure.ts";
import { runtime } from "./generic.ts";
import type { ReportOptions } from "./lifecycle.ts";
import type { Configuration } from "./options.ts";
import { render } from "./render.ts";

export { MprofError } from "../contract/errors.ts";
export { noprofile, profile } from "./profile.ts";

/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export function configure(options: Configuration): void {
  runtime.platform.readOptions = readProfileOptions;
  configureRuntime(runtime, options);
}

/** Writes a report of everything up to now. @throws MprofError for an unknown reporter */
export function report(options?: ReportOptions): void {
  runtime.platform.render = render;
  runtime.report(options);
}

/** Runs a function and returns what it returns; on Node, `mprof run` shows it as a block of this name on the time line. */
export function timestamp<T>(_name: string, work: () => T): T {
  return work();
}
