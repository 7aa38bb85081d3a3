import type { CustomSource, GcOption } from "../../contract/values.ts";
import type { AsideReader, ExactReader, Reader } from "./state.ts";

export type { CustomSource };

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
}

/** The sources of one host; readers are made once and shared by all listings. */
export interface Sources {
  /** The reader of a backend. @throws MprofError for an unknown one, or one that this host does not have. */
  select(backend: string | CustomSource, gc?: GcOption): Reader;
  /** Collects all garbage, if the host can. */
  collect?(): void;
  /** The backend that is there. */
  fallback(): string;
  /** Readies a reader for its first use, and returns what is read beside it at entry and exit of calls. */
  prepare?(reader: Reader): AsideReader | undefined;
}

/** A reader of one number that costs nothing in its own metric. */
export function plainReader(name: string, readNumber: () => number): ExactReader {
  const now = new Float64Array(1);
  return {
    name,
    metrics: [name],
    now,
    isSelfMeasuring: false,
    untilNull: 0,
    read() {
      now[0] = readNumber();
    },
    exclude: (work) => work(),
  };
}
