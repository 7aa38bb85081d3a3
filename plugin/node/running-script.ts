/** For `mprof attach`: probes for scripts that run already. */
import type { Options } from "../core/options.ts";
import { RunningScript } from "../source/running-script.ts";
import type { RunningText } from "../source/running-sources.ts";
import { createHost } from "./host.ts";

export { unmatchedNames } from "../core/unmatched-names.ts";
export type { OutlinedFunction, RunningScript, Written } from "../source/running-script.ts";
export type { RunningFunction } from "../source/running-sources.ts";

/** Nothing is known here of the project that it was built in. */
const NO_FACTS = { jsxImportSource: null, dependencies: [] };

/** @param options which functions, and the root that paths are relative to */
export function openRunningScript(script: RunningText, options: Options): RunningScript {
  const host = { ...createHost(() => NO_FACTS, {}), isForNode: true };
  return new RunningScript(script, options, host);
}
