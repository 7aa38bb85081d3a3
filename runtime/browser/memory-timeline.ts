/** The memory of the page over time, by the best that the browser has. */
import type { MemoryTimeline } from "../../contract/page-message.ts";
import type { BrowserGlobals } from "./globals.ts";

/** As many points as a plot can show; then every other one goes, and half as many are taken. */
const MOST_POINTS = 600;
const HEAP_INTERVAL = 1000;
/** The browser measures when it next collects garbage, up to 20 seconds later: asking more often gains nothing. */
const PAGE_INTERVAL = 10_000;

/** Starts to measure. What it returns grows by itself. */
export function recordMemory(globals: BrowserGlobals): MemoryTimeline {
  const { performance, crossOriginIsolated } = globals;
  const timeline: MemoryTimeline = { source: "none", points: [] };
  if (crossOriginIsolated && performance.measureUserAgentSpecificMemory) {
    timeline.source = "measureUserAgentSpecificMemory";
    const measure = async () => (await performance.measureUserAgentSpecificMemory!()).bytes;
    void repeat(timeline, measure, PAGE_INTERVAL);
  } else if (performance.memory) {
    timeline.source = "usedJSHeapSize";
    void repeat(timeline, async () => performance.memory!.usedJSHeapSize, HEAP_INTERVAL);
  }
  return timeline;
}

async function repeat(timeline: MemoryTimeline, measure: () => Promise<number>, first: number): Promise<void> {
  for (let interval = first; ; ) {
    try {
      timeline.points.push([Date.now(), await measure()]);
    } catch {
      // The browser may refuse while the page is being left.
    }
    if (timeline.points.length >= MOST_POINTS) {
      timeline.points = timeline.points.filter((_, i) => i % 2 === 0);
      interval *= 2;
    }
    await new Promise<void>((resolve) => setTimeout(resolve, interval));
  }
}
