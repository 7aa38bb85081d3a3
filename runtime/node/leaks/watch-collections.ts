/** Notes how survivors stand after each full collection: V8's own, and, where that is asked for, some more. */
import type { Survivors } from "../../survivors/survivors.ts";
import {
  clearInterval,
  clock,
  getHeapStatistics,
  PerformanceObserver,
  performanceConstants,
  setImmediate,
  setInterval,
} from "../builtins.ts";
import { COLLECTOR } from "../collect.ts";
import { worked } from "../worked.ts";

const LOOK_MS = 50;
/**
 * Collections of ours may take this share of the time, by the CPU's clock: on a busy machine the other says little. The first
 * ones may take more, because a short program needs some, too.
 */
const SHARE = 0.015;
const FIRST = 24;
const MOST_OF_FIRST_MS = 60;
/** Of the time up to then, at the least between two: those of a short program are spread over all of it. */
const GAP = 0.1;
/** What the heap must have changed by to be worth one. */
const WORTH_BYTES = 1 << 16;

/**
 * @param isForced collects by itself, too, which costs 1.5 % of the time; else it waits for V8
 * @param collect all generations
 * @returns what ends it
 */
export function watchCollections(survivors: Survivors, isForced: boolean, collect = COLLECTOR.full): () => void {
  /** When the first object was made. */
  let begun = 0;
  /** Milliseconds of CPU: what collections of ours took, those after the first ones, and the last. */
  let spent = 0;
  let took = 0;
  let count = 0;
  let heap = 0;
  /** When the last one of ours ended, and the last of the first ones. */
  let ended = 0;
  let firstEnded = 0;
  // The first call takes longer, and is not what one costs.
  if (isForced) collect();
  const observer = new PerformanceObserver((list) =>
    guard(() => {
      for (const entry of list.getEntries())
        if (kindOf(entry) === performanceConstants.NODE_PERFORMANCE_GC_MAJOR) settle(entry.startTime);
    }),
  );
  observer.observe({ entryTypes: ["gc"] });
  const timer = isForced && setInterval(() => guard(look), LOOK_MS).unref();
  return stop;

  /** A fault of ours is not the program's: then nothing more is followed. */
  function guard(work: () => void): void {
    try {
      work();
    } catch {
      survivors.isFollowing = false;
      stop();
    }
  }

  function look(): void {
    if (survivors.rows.length === 0) return;
    const now = clock();
    if (begun === 0) begun = now;
    if (now - ended < GAP * (now - begun)) return;
    const isFirst = count < FIRST && took < MOST_OF_FIRST_MS;
    if (!isFirst && spent + took > SHARE * (now - firstEnded)) return;
    const { used_heap_size: used } = getHeapStatistics();
    if (Math.abs(used - heap) < WORTH_BYTES) return;
    const before = worked();
    collect();
    took = worked() - before;
    ended = clock();
    count++;
    if (isFirst) firstEnded = ended;
    else spent += took;
    heap = getHeapStatistics().used_heap_size;
  }

  /** The registry tells what has died in tasks of its own, which come after the collection. */
  function settle(at: number): void {
    later(() => later(() => later(() => guard(() => survivors.noteCollection(at, heapNow())))));
  }

  function stop(): void {
    observer.disconnect();
    if (timer) clearInterval(timer);
  }
}

function kindOf(entry: object): unknown {
  const detail = "detail" in entry ? entry.detail : undefined;
  return typeof detail === "object" && detail !== null && "kind" in detail ? detail.kind : undefined;
}

/** Keeps no program running. */
function later(work: () => void): void {
  setImmediate(work).unref();
}

function heapNow(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
