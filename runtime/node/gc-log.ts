/** What V8's collections took, as its own profiler of collections notes it before and after each. */
import type { CollectionCheck } from "../freed/collection-counts.ts";
import type { AskCollections, Collected } from "../freed/collections.ts";
import { GCProfiler, setFlagsFromString, setTimeout } from "./builtins.ts";

/** Buffers are otherwise given back by a thread, and show some time after the collection that found them. */
const AT_ONCE = "--no-concurrent-array-buffer-sweeping";
/** What V8 notes takes memory: no check lasts longer, in milliseconds, if the program comes to a turn of the event loop. */
const LONGEST_CHECK = 100;

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
    return fresh.map(takenBy);
  };
}

/** Notes them now and then. Undefined on a host that does not. */
export function openGcCheck(): CollectionCheck | undefined {
  if (typeof GCProfiler !== "function") return undefined;
  let profiler: InstanceType<typeof GCProfiler> | undefined;
  let isOpen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = () => {
    if (isOpen) profiler?.stop();
    isOpen = false;
  };
  return {
    begin() {
      if (profiler === undefined) setFlagsFromString(AT_ONCE);
      profiler ??= new GCProfiler();
      timer = timer?.refresh() ?? setTimeout(drop, LONGEST_CHECK).unref();
      profiler.start();
      isOpen = true;
    },
    end() {
      if (!isOpen) return undefined;
      isOpen = false;
      return profiler!.stop().statistics.map(takenBy);
    },
  };
}

function takenBy({ beforeGC: { heapStatistics: before }, afterGC: { heapStatistics: after } }: Noted): Collected {
  return { used: before.usedHeapSize - after.usedHeapSize, external: before.externalMemory - after.externalMemory };
}

/** Both have seen one that fell while both ran. */
function isSame(last: Noted | undefined, { cost, beforeGC }: Noted): boolean {
  return last?.cost === cost && last.beforeGC.heapStatistics.usedHeapSize === beforeGC.heapStatistics.usedHeapSize;
}
