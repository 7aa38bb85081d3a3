/** `configure`, and the options of `profile({…})(fn)`: checked, and without what is undefined. */
import type { Runtime } from "../core/runtime.ts";
import { type Configuration, checkConfiguration, checkProfileOptions, type FunctionOptions } from "./options.ts";

/** Adds to the options of `runtime`. @throws MprofError */
export function configureRuntime(runtime: Runtime, options: Configuration): void {
  checkConfiguration(options);
  const { sources } = runtime.platform;
  const { functions = {}, ...general } = options;
  for (const { backend, gc } of [general, ...Object.values(functions)]) {
    if (backend !== undefined || gc) sources.select(backend ?? sources.fallback(), gc);
  }
  const configured = { ...runtime.configuration.functions };
  for (const [name, of] of Object.entries(functions)) configured[name] = defined(of);
  runtime.configuration = { ...runtime.configuration, ...defined(general), functions: configured };
  for (const { listing } of runtime.records) listing.isPrepared = false;
}

/** @throws MprofError */
export function readProfileOptions(options: unknown): FunctionOptions {
  return defined(checkProfileOptions(options));
}

/** Without members that are undefined, which would hide those of weaker options. */
export function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
