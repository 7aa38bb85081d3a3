/**
 * One runtime a process, however many copies of this package are loaded: an ES module beside a CommonJS one, or two
 * bundles that carry one each. The first copy makes it, the others use it.
 */
import { RUNTIME_GLOBAL } from "../contract/runtime-module.ts";
import { createRuntime, type Platform, type Runtime } from "./lifecycle.ts";

/** Raised when a member of `Runtime` changes its meaning. */
const SHARED_VERSION = 1;
const KEY = Symbol.for("mprof");

interface Shared {
  version: number;
  runtime: Runtime;
}

/** The process's runtime, kept on `scope`. `start` makes the platform, and is called by the first copy only. */
export function shareRuntime(
  start: () => Platform,
  warn: (text: string) => void,
  onFirst: (runtime: Runtime, platform: Platform) => void = () => {},
  scope: object = globalThis,
): Runtime {
  const globals = scope as Record<symbol | string, unknown>;
  const shared = globals[KEY] as Shared | undefined;
  if (shared?.version === SHARED_VERSION) return expose(shared.runtime);
  const platform = start();
  if (shared !== undefined) {
    warn(
      `[mprof] two versions of mprof are loaded, with states of version ${shared.version} and ${SHARED_VERSION}: ` +
        "modules that use the second are not profiled\n  Install one version.   (MPROF_STATE_VERSION)\n",
    );
    return createRuntime({ ...platform, isEnabled: false });
  }
  const runtime = createRuntime(platform);
  Object.defineProperty(globals, KEY, { value: { version: SHARED_VERSION, runtime } satisfies Shared });
  onFirst(runtime, platform);
  return expose(runtime);
}

/** For plain scripts of this context. */
function expose(runtime: Runtime): Runtime {
  if (!Object.hasOwn(globalThis, RUNTIME_GLOBAL)) {
    const value = { table: runtime.table.bind(runtime) };
    Object.defineProperty(globalThis, RUNTIME_GLOBAL, { value, configurable: true });
  }
  return runtime;
}
