/** V8's own sampling of what is allocated, by function: what is alive of it, for the functions that are meant. */
import type { GrownFunction } from "../../../contract/attached.ts";
import type { Engine } from "./engine.ts";

/** Bytes between two samples, on the average. */
const INTERVAL = 32_768;

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

  start(): void {
    this.engine.post("HeapProfiler.startSampling", { samplingInterval: INTERVAL });
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
