import { isMainThread, resourceLimits } from "node:worker_threads";
import { MIB } from "../../../contract/units.ts";
import { getHeapStatistics } from "../builtins.ts";
import { mainProcess } from "../main-context.ts";

/** What is known is written down at once where memory is higher by this part of the limit than it was before. */
export const GROWTH = 0.01;
/** That takes a tenth of the time at most. */
export const PATIENCE = 10;

/**
 * Bytes at which V8 runs out of memory. What V8 itself says has room for its young generation in it, which is more than half
 * of a small limit.
 */
export function heapLimit(): number {
  const all = getHeapStatistics().heap_size_limit;
  const own = isMainThread ? flagged() : resourceLimits?.maxOldGenerationSizeMb;
  return own === undefined ? all : Math.min(all, own * MIB);
}

/** MiB; the last flag counts. */
function flagged(): number | undefined {
  const { execArgv, env } = mainProcess;
  const flags = [...(env.NODE_OPTIONS ?? "").split(/\s+/), ...execArgv].join(" ");
  const last = [...flags.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d+)/g)].at(-1);
  return last && Number(last[1]) > 0 ? Number(last[1]) : undefined;
}
