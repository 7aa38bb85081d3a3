/**
 * One runtime a process, however many copies of this package are loaded: an ES module beside a CommonJS one, or two
 * bundles that carry one each. The first copy makes it, the others use it.
 */

import { MprofError } from "../../contract/errors.ts";
import { RUNTIME_GLOBAL } from "../../contract/runtime-module.ts";
import { type Runtime, STATE_VERSION } from "./runtime.ts";

/**
 * The process's runtime, kept on `scope`. `create` makes it, and is called by the first copy; also by one that cannot
 * use what the first has made, and then for a runtime that is never started.
 */
export function shareRuntime(
  create: (isFirst: boolean) => Runtime,
  warn: (text: string) => void,
  scope: object = globalThis,
): Runtime {
  // Looked up when it is needed: a program may hide `Symbol` while it loads us.
  const key = Symbol.for("mprof");
  const shared: Runtime | undefined = Reflect.get(scope, key);
  if (shared === undefined) {
    const runtime = create(true);
    Object.defineProperty(scope, key, { value: runtime });
    return expose(runtime);
  }
  if (shared.version === STATE_VERSION) return expose(shared);
  const problem = `two versions of mprof are loaded (${shared.version} and ${STATE_VERSION}): the second is not profiled`;
  warn(`${new MprofError("MPROF_STATE_VERSION", problem, "Install one version.").message}\n`);
  return create(false);
}

/** For plain scripts of this context, and for a person at its console. */
function expose(runtime: Runtime): Runtime {
  if (!Object.hasOwn(globalThis, RUNTIME_GLOBAL)) {
    Object.defineProperty(globalThis, RUNTIME_GLOBAL, { value: runtime, configurable: true });
  }
  return runtime;
}
