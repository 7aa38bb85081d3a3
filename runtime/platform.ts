import type { HostInfo } from "../contract/profile.ts";
import type { ListingFigures } from "./aggregate/build-profile.ts";
import type { MemoryLimit } from "./memory-limit.ts";
import type { FunctionOptions } from "./options.ts";
import type { Gauges } from "./sources/source.ts";
import type { Allocate } from "./state.ts";
import type { Timeline } from "./timeline.ts";

/** What a host brings along. */
export interface Platform {
  host: HostInfo;
  gauges: Gauges;
  /** One full, synchronous collection. */
  collect?: () => void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Writes a report where the program's own output goes. */
  print(text: string): void;
  /** Tells the person who runs the program something, never the program. */
  warn(text: string): void;
  allocate: Allocate;
  /** In a worker: hands the figures to the thread that reports. */
  announce?(figures: ListingFigures): void;
  /** Figures of other threads. */
  otherThreads?(): readonly ListingFigures[];
  /** Where calls are recorded over time, if they are. */
  timeline?: Timeline;
  /** The memory that a line may leave behind, if there is a maximum. */
  limit?: MemoryLimit;
  /** Options that come before every other: the command's. */
  command?: FunctionOptions;
  /** @default 1 */
  defaultPrecision?: number;
  /** False when profiling is switched off at run time. */
  isEnabled: boolean;
}
