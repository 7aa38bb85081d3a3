import { ALL_METRICS } from "../../contract/units.ts";
import type { ExactReader } from "../core/state.ts";
import {
  EXTERNAL,
  FIRST_NULL,
  HEAP,
  HEAP_AND_EXTERNAL,
  HEAP_TOTAL,
  HEAP_USED,
  type HeapGauge,
  type HeapKind,
} from "./heap-gauge.ts";

/** The used heap of V8 and what it holds outside. */
export function createHeap(gauge: HeapGauge): ExactReader {
  return heapReader("heap", HEAP, gauge);
}

/** The used heap of V8. */
export function createHeapUsed(gauge: HeapGauge): ExactReader {
  return heapReader("heapUsed", HEAP_USED, gauge);
}

/** What V8 has reserved for its heap. */
export function createHeapTotal(gauge: HeapGauge): ExactReader {
  return heapReader("heapTotal", HEAP_TOTAL, gauge);
}

/** Memory outside the heap that objects on it hold. */
export function createExternal(gauge: HeapGauge): ExactReader {
  return heapReader("external", EXTERNAL, gauge);
}

/** Resident set, heap and external memory at every probe. */
export function createAll(gauge: HeapGauge, rss: () => number): ExactReader {
  const heap = heapReader("all", HEAP_AND_EXTERNAL, gauge, ALL_METRICS);
  const readHeap = heap.read;
  heap.read = () => {
    heap.now[0] = rss();
    readHeap();
  };
  return heap;
}

function heapReader(name: string, kind: HeapKind, gauge: HeapGauge, metrics: readonly string[] = [name]): ExactReader {
  const now = new Float64Array(metrics.length);
  const reader: ExactReader = {
    name,
    metrics,
    now,
    isSelfMeasuring: true,
    untilNull: FIRST_NULL,
    read() {
      const isNull = reader.untilNull === 0;
      const untilNull = gauge.sample(kind, isNull, now);
      if (isNull) reader.untilNull = untilNull;
    },
    learnReading: (more) => gauge.learnReading(more),
    exclude: (work) => gauge.exclude(work),
    activated: () => gauge.activated(),
    timed: () => gauge.timed(),
    learnActivation: (bytes) => gauge.learnActivation(bytes),
    collected: () => gauge.forget(),
  };
  return reader;
}
