/** V8's own sampling of what is allocated, by function: what is alive of it, for the functions that are meant. */
import type { GrownFunction } from "../../../contract/attached.ts";
import type { Engine } from "./engine.ts";

/**
 * Bytes between two samples, on the average: each of them walks the stack, so that the longer it goes on the fewer there are
 * in a second.
 */
const SHORT = { ms: 8000, interval: 32_768 };
const LARGEST_INTERVAL = 524_288;

interface SampledNode {
  callFrame: { scriptId: string; lineNumber: number; columnNumber: number };
  selfSize: number;
  children: SampledNode[];
}

export class HeapSamples {
  private readonly engine: Engine;
  private isOn = false;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** @param time for how long, in milliseconds */
  start(time: number): void {
    const interval = SHORT.interval * Math.max(1, time / SHORT.ms);
    const samplingInterval = Math.round(Math.min(interval, LARGEST_INTERVAL));
    this.engine.post("HeapProfiler.startSampling", { samplingInterval });
    this.isOn = true;
  }

  /** What others make for a function is its own. */
  stop(ids: readonly string[]): GrownFunction[] {
    if (!this.isOn) return [];
    this.isOn = false;
    this.engine.collect();
    const { profile } = this.engine.post<{ profile: { head: SampledNode } }>("HeapProfiler.stopSampling");
    const grown = new Map<string, GrownFunction>();
    const visit = ({ callFrame, selfSize, children }: SampledNode, caller: GrownFunction | undefined): void => {
      const { scriptId: id, lineNumber, columnNumber } = callFrame;
      const key = `${id}:${lineNumber}:${columnNumber}`;
      const own = ids.includes(id) ? (grown.get(key) ?? { id, place: { lineNumber, columnNumber }, bytes: 0 }) : caller;
      if (own && own !== caller) grown.set(key, own);
      if (own) own.bytes += selfSize;
      for (const child of children) visit(child, own);
    };
    visit(profile.head, undefined);
    return [...grown.values()].filter(({ bytes }) => bytes > 0);
  }
}
