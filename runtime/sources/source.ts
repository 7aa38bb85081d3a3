import type { Reader } from "../state.ts";

/** A source of your own, for `configure({ backend })` and `profile({ backend })`. */
export interface CustomSource {
  /** Names the metric in the profile. */
  name: string;
  /** The memory now, in bytes. Called at every probe: keep it fast, and allocate nothing if you can. */
  read(): number;
}

/** The fields of `v8.getHeapStatistics()` that are read. Bytes. */
export interface HeapStatistics {
  used_heap_size: number;
  total_heap_size: number;
  external_memory: number;
}

/** What a host can measure; a missing member is a source that is not there. All values are bytes. */
export interface Gauges {
  rss?(): number;
  pss?(): number;
  uss?(): number;
  heapStatistics?(): HeapStatistics;
  arrayBuffers?(): number;
  /** Chromium's `performance.memory.usedJSHeapSize`. */
  usedJsHeapSize?(): number;
}

/** A reader of one number that costs nothing in its own metric. */
export function plainReader(name: string, metric: string, readNumber: () => number): Reader {
  const now = new Float64Array(1);
  return {
    name,
    metrics: [metric],
    now,
    isSelfMeasuring: false,
    untilNull: 0,
    read() {
      now[0] = readNumber();
    },
    exclude: (work) => work(),
  };
}
