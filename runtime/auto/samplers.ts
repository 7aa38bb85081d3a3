import type { AmbiguousJump } from "../../contract/profile.ts";
import type { Sources } from "../core/sources.ts";
import type { Charging, CollectionCount, Reader } from "../core/state.ts";
import type { Counting } from "./counted-listing.ts";
import { Pace } from "./pace.ts";
import { Sampler } from "./sampler.ts";
import { warmUp } from "./warm-up.ts";

/** Sources whose every change V8's own account shows. */
const PROCESS_METRICS: readonly string[] = ["rss", "pss", "uss", "all"];

const SLOW_MS = 1;

/** The samplers of a thread, one for each gauge that they read: V8's account of the heap for what the process holds. */
export class Samplers implements Counting {
  private readonly sources: Sources;
  private readonly pace: Pace;
  private readonly now: () => number;
  private readonly wrap: (gauge: Reader) => Reader;
  private readonly countOf: (gauge: Reader) => CollectionCount | undefined;
  private readonly charging: Charging;
  private readonly warm = new Set<Reader>();
  private readonly samplers = new Map<Reader, Sampler>();

  /**
   * @param charging what lines that are read each time are charged by
   * @param now in milliseconds
   * @param overhead the share of the time that readings may take
   * @param wrap what samplers read instead of a gauge
   * @param countOf what collections take of what a gauge reads, if the host says so
   */
  constructor(
    sources: Sources,
    charging: Charging,
    now: () => number,
    overhead: number,
    wrap = (gauge: Reader) => gauge,
    countOf: (gauge: Reader) => CollectionCount | undefined = () => undefined,
  ) {
    this.countOf = countOf;
    this.charging = charging;
    this.sources = sources;
    this.now = now;
    this.wrap = wrap;
    this.pace = new Pace(now, overhead);
  }

  warmUp(reader: Reader): void {
    if (this.warm.has(reader)) return;
    this.warm.add(reader);
    let began = this.now();
    reader.read();
    // What the slow path makes until V8 has compiled it is no page, and what warming it up leaves behind are many: V8 gives them
    // back later, within rows.
    if (PROCESS_METRICS.includes(reader.name)) return this.pace.learn(this.now() - began);
    // One that collects garbage: thousands of its readings would take minutes, and what they warm up does not show beside it.
    if (this.now() - began > SLOW_MS) return this.pace.learn(SLOW_MS);
    warmUp(reader, this.charging);
    // Again, now that V8 has optimised it, for what it takes.
    began = this.now();
    const calls = warmUp(reader, this.charging);
    this.pace.learn((this.now() - began) / calls);
  }

  samplerFor(reader: Reader): Sampler {
    const gauge = this.gaugeFor(reader);
    const known = this.samplers.get(gauge);
    if (known) return known;
    const prepare = () => void this.sources.prepare?.(gauge);
    const sampler = new Sampler(this.wrap(gauge), this.pace, prepare, this.countOf(gauge));
    this.samplers.set(gauge, sampler);
    return sampler;
  }

  private gaugeFor(reader: Reader): Reader {
    if (!PROCESS_METRICS.includes(reader.name)) return reader;
    try {
      return this.sources.select("heap");
    } catch {
      // A host without it: then the source itself says what there is to say.
      return reader;
    }
  }

  /** Jumps that cannot be shown to be one line's. */
  ambiguous(): AmbiguousJump[] {
    return [...this.samplers.values()].flatMap((sampler) =>
      sampler.windows.ambiguous.map(({ bytes, candidates }) => ({
        bytes,
        candidates: candidates.map(({ place }) => place),
      })),
    );
  }

  /**
   * Listings are harvested, all of them by `work`: windows are closed once for all, which costs what all lines cost.
   *
   * @param isRunning from within a line
   */
  harvesting<T>(work: () => T, isRunning: boolean): T {
    const samplers = [...this.samplers.values()];
    for (const sampler of samplers) {
      sampler.flush(isRunning);
      sampler.isFlushed = true;
    }
    try {
      return work();
    } finally {
      for (const sampler of samplers) sampler.isFlushed = false;
    }
  }

  /** See `Pace.learnSpent`. */
  learnSpent(ms: number): void {
    this.pace.learnSpent(ms);
  }

  /** See `Pace.spend`. */
  spend(ms: number): void {
    this.pace.spend(ms);
  }

  /** Readings of lines that are not read each time. */
  get readings(): number {
    return [...this.samplers.values()].reduce((sum, { readings }) => sum + readings, 0);
  }

  /** The share of the time that readings took, 0.05 for 5 %. */
  share(): number {
    return this.pace.share();
  }
}
