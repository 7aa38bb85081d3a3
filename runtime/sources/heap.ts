import { ALL_METRICS } from "../../contract/units.ts";
import type { Reader } from "../state.ts";
import { EXTERNAL, type HeapGauge, TOTAL, USED } from "./heap-gauge.ts";

/** The used heap of V8 and what it holds outside. */
export function createHeap(gauge: HeapGauge): Reader {
  return heapReader("heap", ["heap"], gauge, (cells, now) => {
    now[0] = cells[USED]! + cells[EXTERNAL]!;
  });
}

/** The used heap of V8. */
export function createHeapUsed(gauge: HeapGauge): Reader {
  return heapReader("heapUsed", ["heapUsed"], gauge, (cells, now) => {
    now[0] = cells[USED]!;
  });
}

/** What V8 has reserved for its heap. */
export function createHeapTotal(gauge: HeapGauge): Reader {
  return heapReader("heapTotal", ["heapTotal"], gauge, (cells, now) => {
    now[0] = cells[TOTAL]!;
  });
}

/** Memory outside the heap that objects on it hold. */
export function createExternal(gauge: HeapGauge): Reader {
  return heapReader("external", ["external"], gauge, (cells, now) => {
    now[0] = cells[EXTERNAL]!;
  });
}

/** Resident set, heap and external memory at every probe. */
export function createAll(gauge: HeapGauge, rss: () => number): Reader {
  return heapReader("all", ALL_METRICS, gauge, (cells, now) => {
    now[0] = rss();
    now[1] = cells[USED]! + cells[EXTERNAL]!;
    now[2] = cells[EXTERNAL]!;
  });
}

function heapReader(
  name: string,
  metrics: readonly string[],
  gauge: HeapGauge,
  pick: (cells: Float64Array, now: Float64Array) => void,
): Reader {
  const now = new Float64Array(metrics.length);
  const reader: Reader = {
    name,
    metrics,
    now,
    untilNull: gauge.nextNull(),
    read() {
      const isNull = reader.untilNull === 0;
      gauge.sample(isNull);
      pick(gauge.cells, now);
      if (isNull) reader.untilNull = gauge.nextNull();
    },
    exclude: (work) => gauge.exclude(work),
  };
  return reader;
}
