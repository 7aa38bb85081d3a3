/**
 * Readings of what is kept: garbage is collected before each.
 *
 * One collection is not always enough (what finalizers let go is found by the next one, and pages are given back in the
 * background), and two are mostly one too many: it is repeated until two looks agree, and the last reading's counts as one.
 */
import { type Charging, type ExactReader, NO_LINE } from "../core/state.ts";
import { HEAP, type HeapGauge } from "./heap-gauge.ts";

/** What collects garbage, if the host can. */
export interface Collector {
  /** Once, before the first reading: from then on V8 itself makes nothing that lasts while the program runs. */
  settle(): void;
  /** All generations. */
  full(): void;
  /** The young generation alone. */
  young(): void;
}

const MOST_COLLECTIONS = 6;

/** @param gauge by what it shows two looks agree, whatever `reader` reads */
export function afterCollection(reader: ExactReader, collector: Collector, gauge: HeapGauge): ExactReader {
  const seen = new Float64Array(1);
  /** The last that has ended: V8 drops the shapes of a class with its last object, 2 KB, which the next one makes anew. */
  const held: object[] = [];
  /** Whether nothing has changed. In a frame of its own: what an earlier look has left in registers would count, 32 bytes. */
  const isSettled = () => {
    const before = seen[0]!;
    collector.full();
    gauge.forget();
    gauge.sample(HEAP, false, seen);
    return seen[0] === before;
  };
  // To the byte: what only a second collection takes would be missing on a row at each call.
  const collect = () => {
    for (let i = 0; i < MOST_COLLECTIONS; i++) if (isSettled()) return;
  };
  const settle = () => {
    collector.settle();
    gauge.collectBy(collect, seen);
  };
  return {
    ...collected(reader, settle, collect),
    activated: () => reader.activated?.(),
    ended(activation) {
      gauge.ended();
      held[0] = activation;
    },
    learnActivation: (bytes) => reader.learnActivation?.(bytes),
  };
}

/**
 * Minor collections before each reading: what has survived them. Old garbage that there is before the first one goes then:
 * else V8's next collection of all generations gives it back on some row.
 */
export function afterYoungCollection(reader: ExactReader, collector: Collector, gauge: HeapGauge): ExactReader {
  const settle = () => {
    // Again, for what finalizers and buffers let go.
    for (let i = 0; i < 2; i++) collector.full();
  };
  const collect = () => {
    collector.young();
    gauge.forget();
  };
  return collected(reader, settle, collect);
}

/** At the ends of calls, and before they begin: what a call gives back stands on the row at which it ends, or waits. */
export function collectAtEnds(charging: Charging, collect: () => void): Charging {
  return {
    ...charging,
    step(listing, line, starts) {
      if (line === NO_LINE && listing.depth <= 1) collect();
      charging.step(listing, line, starts);
    },
  };
}

function collected(reader: ExactReader, settle: () => void, collect: () => void): ExactReader {
  return {
    name: reader.name,
    metrics: reader.metrics,
    now: reader.now,
    isSelfMeasuring: false,
    untilNull: 0,
    settle,
    read() {
      collect();
      reader.read();
    },
    exclude: (work) => reader.exclude(work),
  };
}
