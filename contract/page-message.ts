/** What a page posts about itself: `mprof/browser` writes it, Vite's dev server reads it. JSON, sent as text. */
import type { Profile } from "./profile.ts";

export interface PageMessage {
  /** What the page was given by whom it posts to. */
  token: string;
  /** Path of the page. */
  page: string;
  profile: Profile;
  timeline: MemoryTimeline;
}

/** The memory of a page over time. */
export interface MemoryTimeline {
  /**
   * `measureUserAgentSpecificMemory`: the page with its frames and workers; `usedJSHeapSize`: its JavaScript heap;
   * `none` where the browser says neither.
   */
  source: "measureUserAgentSpecificMemory" | "usedJSHeapSize" | "none";
  /** Milliseconds since the epoch, bytes. In order of time. */
  points: [time: number, bytes: number][];
}

/** The largest message that a receiver takes, in bytes. */
export const MAX_MESSAGE = 8 * 1024 * 1024;
