/** What V8's collections took, as its own profiler of collections notes it before and after each. */
import type { AskCollections } from "../freed/collections.ts";
import { GCProfiler, setFlagsFromString } from "./builtins.ts";

/** Buffers are otherwise given back by a thread, and show some time after the collection that found them. */
const AT_ONCE = "--no-concurrent-array-buffer-sweeping";

interface Noted {
  cost: number;
  beforeGC: { heapStatistics: { usedHeapSize: number; externalMemory: number } };
  afterGC: { heapStatistics: { usedHeapSize: number; externalMemory: number } };
}

/** Notes collections from now on. Undefined on a host that does not. */
export function openGcLog(): AskCollections | undefined {
  if (typeof GCProfiler !== "function") return undefined;
  setFlagsFromString(AT_ONCE);
  let running = new GCProfiler();
  let resting = new GCProfiler();
  let last: Noted | undefined;
  running.start();
  return () => {
    // The next begins before this one ends: none may fall between.
    resting.start();
    const { statistics } = running.stop();
    [running, resting] = [resting, running];
    if (statistics.length === 0) return [];
    const fresh = isSame(last, statistics[0]!) ? statistics.slice(1) : statistics;
    last = statistics.at(-1);
    return fresh.map(({ beforeGC: { heapStatistics: before }, afterGC: { heapStatistics: after } }) => ({
      used: before.usedHeapSize - after.usedHeapSize,
      external: before.externalMemory - after.externalMemory,
    }));
  };
}

/** Both have seen one that fell while both ran. */
function isSame(last: Noted | undefined, { cost, beforeGC }: Noted): boolean {
  return last?.cost === cost && last.beforeGC.heapStatistics.usedHeapSize === beforeGC.heapStatistics.usedHeapSize;
}
