/** What programs import besides on hosts other than Node; compiled code does without. */
import { configureRuntime, readProfileOptions } from "./configure.ts";
import { runtime } from "./generic.ts";
import type { Configuration } from "./options.ts";
import { render } from "./render.ts";

export { MprofError } from "./errors.ts";
export { noprofile, profile } from "./profile.ts";

// Programs that import the API have room for checks, and for all reporters.
Object.assign(runtime.platform, { render, readOptions: readProfileOptions });

/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export function configure(options: Configuration): void {
  configureRuntime(runtime, options);
}

/** Runs a function and returns what it returns; on Node, `mprof run` shows it as a block of this name on the time line. */
export function timestamp<T>(_name: string, work: () => T): T {
  return work();
}
