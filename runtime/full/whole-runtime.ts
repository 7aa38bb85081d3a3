/** The runtime of a host that has room for everything: Node, and tests. */
import { faultOf } from "../../contract/errors.ts";
import type { ModuleHandle, ModuleTable } from "../../contract/module-table.ts";
import type { Profile } from "../../contract/profile.ts";
import { addEstimates } from "../auto/add-estimates.ts";
import { CountedListing, type Counting, type CountingGate } from "../auto/counted-listing.ts";
import { Samplers } from "../auto/samplers.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import type { Platform } from "../core/platform.ts";
import { Runtime } from "../core/runtime.ts";
import type { Listing } from "../core/state.ts";
import { render } from "../reporters/render.ts";
import { addTimes } from "../time/add-times.ts";
import { calibrateTime } from "../time/calibrate-time.ts";
import { RecordTime } from "../time/record-time.ts";
import { TimeStack } from "../time/time-stack.ts";
import { timedCharging } from "../time/timed-listing.ts";
import { EXACT } from "./charge-exact.ts";
import { completeProfile, readMissingLines } from "./complete-profile.ts";
import { readProfileOptions } from "./configure.ts";
import { replaceListings } from "./replace-listings.ts";
import { WatchedRecord } from "./watched-record.ts";

const EVERYTHING = {
  notes: [],
  charging: EXACT,
  render,
  replace: replaceListings,
  readOptions: readProfileOptions,
  Record: WatchedRecord,
} satisfies Partial<Platform>;

/** What a host brings along besides. */
export type WholePlatform = Omit<Platform, keyof typeof EVERYTHING | "count" | "timeOf"> & {
  /** Milliseconds, as finely as there are. Without it the lines of mode `auto` are read each time. */
  clock?(): number;
  /** The share of the time that readings may take in mode `auto`. @default 0.05 */
  overhead?: number;
  /** Takes the time of rows, too. Needs `clock`. */
  isTimed?: boolean | undefined;
};

const READ_EACH_TIME: Counting = { warmUp() {}, samplerFor: () => undefined };

export class WholeRuntime extends Runtime implements CountingGate {
  private readonly samplers: Samplers | undefined;
  private readonly time: TimeStack | undefined;

  constructor(platform: WholePlatform) {
    const { clock, overhead = 0.05, sources, isTimed, allocate } = platform;
    const time = isTimed && clock ? new TimeStack(clock) : undefined;
    if (time) time.learn(calibrateTime(clock!));
    const samplers = clock && new Samplers(sources, clock, overhead);
    const count: Platform["count"] = (listing, table, place) =>
      new CountedListing(listing, table, place, this, samplers ?? READ_EACH_TIME);
    const timed = time && {
      charging: timedCharging(EXACT, time),
      timeOf: (listing: Listing) => new RecordTime(time, listing, allocate),
    };
    super({ ...EVERYTHING, ...platform, ...timed, count });
    this.time = time;
    this.samplers = samplers;
    this.table = this.counting(this.table);
  }

  /** What a listing needs before its first call takes a while. */
  override prepare(listing: Listing): boolean {
    this.time?.pause();
    return super.prepare(listing);
  }

  fail(error: unknown): void {
    this.warnOnce(faultOf(error));
  }

  get afterThis(): ((work: () => void) => void) | undefined {
    return this.platform.afterThis;
  }

  /** The handles of every host, with counters. */
  private counting(register: (table: ModuleTable) => ModuleHandle): typeof register {
    return (table) => {
      const handle = register(table);
      // The last ones are this table's, if it was not refused.
      const own = this.records.slice(-table.listings.length) as WatchedRecord[];
      const isOurs = table.listings.every((listing, i) => own[i]?.table === listing);
      return isOurs ? { ...handle, counters: (listing) => own[listing]!.counters() } : handle;
    };
  }

  /** What was counted while nothing was collected counts for nothing. */
  override readonly start = (): void => {
    if (!this.isCollecting) for (const { counted } of this.records as WatchedRecord[]) counted?.restart();
    this.isCollecting = true;
  };

  override readonly stop = (): void => {
    if (this.isCollecting) for (const { counted } of this.records as WatchedRecord[]) counted?.harvest();
    this.isCollecting = false;
  };

  /** Those of other threads included. */
  override figures(): ListingFigures[] {
    return [...super.figures(), ...(this.platform.otherThreads?.() ?? [])];
  }

  override buildProfile(figures: readonly ListingFigures[]): Profile {
    const profile = completeProfile(super.buildProfile(figures), figures);
    const { readSource } = this.platform;
    if (readSource) readMissingLines(profile, readSource);
    addTimes(profile, figures);
    if (this.samplers) addEstimates(profile, figures, this.samplers);
    return profile;
  }
}
