/** What each source of Node needs of the host. A new source is one row here, its name in contract/units.ts, and a row in docs/sources.md. */

import { MprofError } from "../../contract/errors.ts";
import { BACKENDS, type BackendName, backendOf, TIME } from "../../contract/units.ts";
import type { GcOption } from "../../contract/values.ts";
import { type CustomSource, type Gauges, plainReader, type Sources } from "../core/sources.ts";
import { ASIDE_METRICS, type AsideReader, type ExactReader } from "../core/state.ts";
import { afterCollection, afterYoungCollection, type Collector } from "./after-collection.ts";
import { createAll, createExternal, createHeap, createHeapTotal, createHeapUsed } from "./heap.ts";
import { HEAP_AND_EXTERNAL, HeapGauge } from "./heap-gauge.ts";

/** The metrics in which the profiler's own code shows until V8 has optimised it. */
export const HEAP_METRICS: readonly string[] = ["heap", "heapUsed"];

/** The sources of Node. */
export class NodeSources implements Sources {
  private readonly gauges: Gauges;
  private readonly readers = new Map<string, ExactReader>();
  private readonly custom = new WeakMap<CustomSource, ExactReader>();
  private readonly collected = {
    line: new WeakMap<ExactReader, ExactReader>(),
    young: new WeakMap<ExactReader, ExactReader>(),
  };
  private readonly collector: Collector | undefined;
  private readonly now: () => number;
  private heapGauge: HeapGauge | undefined;
  /** Where collections are followed: what reads V8's heap instead of `reader`. */
  follow: ((reader: ExactReader, gauge: HeapGauge) => ExactReader) | undefined;
  /** Hears of sources of the program's own that do not say a number. */
  onFault: ((error: unknown) => void) | undefined;

  /** `collector`: if the host can collect garbage. `now`: milliseconds. */
  constructor(gauges: Gauges, now: () => number, collector?: Collector) {
    this.now = now;
    this.gauges = gauges;
    this.collector = collector;
  }

  /** Names of the backends that this host has. */
  available(): string[] {
    return BACKENDS.filter((name) => this.maker(name) !== undefined);
  }

  select(backend: string | CustomSource, gc: GcOption = false): ExactReader {
    const reader = typeof backend === "string" ? this.named(backend) : this.own(backend);
    return gc === false ? reader : this.collecting(reader, gc);
  }

  collect(): void {
    this.collector?.full();
    this.gauge()?.forget();
  }

  /** The first of rss and heap that this host has; else the time. */
  fallback(): string {
    if (this.maker("rss")) return "rss";
    return this.maker("heap") ? "heap" : TIME;
  }

  /** A reader of those of rss, heap and external that `reader` does not read itself, if the host has any. */
  aside(reader: ExactReader): AsideReader | undefined {
    const { rss } = this.gauges;
    const gauge = this.gauge();
    const here = { rss: rss !== undefined, heap: gauge !== undefined, external: gauge !== undefined };
    const reads = ASIDE_METRICS.map((metric) => here[metric] && !reader.metrics.includes(metric));
    if (!reads.includes(true)) return undefined;
    const [readsRss, readsHeap, readsExternal] = reads;
    const now = new Float64Array(ASIDE_METRICS.length).fill(Number.NaN);
    return {
      now,
      read() {
        if (readsRss) now[0] = rss!();
        if (readsHeap || readsExternal) {
          gauge!.sample(HEAP_AND_EXTERNAL, false, now);
          if (!readsHeap) now[1] = Number.NaN;
          if (!readsExternal) now[2] = Number.NaN;
        }
      },
    };
  }

  private named(given: string): ExactReader {
    const name = backendOf(given);
    const known = this.readers.get(name);
    if (known !== undefined) return known;
    if (name !== TIME && !BACKENDS.some((each) => each === name)) {
      throw new MprofError("MPROF_BACKEND_UNKNOWN", `unknown backend: ${JSON.stringify(given)}`, this.cure());
    }
    const make = name === TIME ? () => plainReader(TIME, this.now) : this.maker(name);
    if (make === undefined) {
      const problem = `backend not available on this host: ${JSON.stringify(given)}`;
      throw new MprofError("MPROF_BACKEND_MISSING", problem, this.cure());
    }
    const made = make();
    const gauge = made.isSelfMeasuring ? this.gauge() : undefined;
    const reader = gauge && this.follow ? this.follow(made, gauge) : made;
    this.readers.set(name, reader);
    return reader;
  }

  private cure(): string {
    const names = this.available();
    if (names.length === 0) return "This host has none; pass a source of your own, { name, read() }.";
    return `Choose one of ${names.join(", ")}, or pass a source of your own, { name, read() }.`;
  }

  private own(source: CustomSource): ExactReader {
    let reader = this.custom.get(source);
    if (reader === undefined) {
      reader = plainReader(
        source.name,
        guarded(source, (error) => this.onFault?.(error)),
      );
      this.custom.set(source, reader);
    }
    return reader;
  }

  private collecting(reader: ExactReader, gc: true | "call" | "young"): ExactReader {
    const { collector } = this;
    const gauge = this.gauge();
    if (collector === undefined || gauge === undefined) {
      throw new MprofError("MPROF_GC_MISSING", `option gc is not available on this host: ${gc}`, "Leave it out.");
    }
    // Then it is not the reader that collects.
    if (gc === "call") return reader;
    const known = this.collected[gc === "young" ? "young" : "line"];
    let collecting = known.get(reader);
    if (collecting === undefined) {
      collecting = (gc === "young" ? afterYoungCollection : afterCollection)(reader, collector, gauge);
      known.set(reader, collecting);
    }
    return collecting;
  }

  private gauge(): HeapGauge | undefined {
    const { heapStatistics } = this.gauges;
    if (heapStatistics !== undefined) this.heapGauge ??= new HeapGauge(heapStatistics);
    return this.heapGauge;
  }

  private maker(name: string): (() => ExactReader) | undefined {
    const { rss, pss, uss, arrayBuffers } = this.gauges;
    const plain = (read: (() => number) | undefined) => (read ? () => plainReader(name, read) : undefined);
    const gauge = this.gauge();
    switch (name as BackendName) {
      case "rss":
        return plain(rss);
      case "pss":
        return plain(pss);
      case "uss":
        return plain(uss);
      case "arrayBuffers":
        return plain(arrayBuffers);
      case "heap":
        return gauge && (() => createHeap(gauge));
      case "heapUsed":
        return gauge && (() => createHeapUsed(gauge));
      case "heapTotal":
        return gauge && (() => createHeapTotal(gauge));
      case "external":
        return gauge && (() => createExternal(gauge));
      case "all":
        return gauge && rss ? () => createAll(gauge, rss) : undefined;
      default:
        return undefined;
    }
  }
}

/** What a source of the program's own says; where that is no number, what it said before: a probe never throws into the program. */
function guarded(source: CustomSource, onFault: (error: unknown) => void): () => number {
  let last = 0;
  return () => {
    try {
      const said = source.read();
      if (!Number.isFinite(said)) throw new TypeError(`source ${source.name} says ${String(said)}`);
      last = said;
    } catch (error) {
      onFault(error);
    }
    return last;
  };
}
