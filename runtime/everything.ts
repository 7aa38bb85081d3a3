/** The runtime of a host that has room for everything: Node, and tests. */
import type { Profile } from "../contract/profile.ts";
import type { ListingFigures } from "./aggregate/build-profile.ts";
import { completeProfile, readMissingLines } from "./aggregate/complete-profile.ts";
import { CountedListing } from "./auto/counted-listing.ts";
import { warmUp } from "./auto/warm-up.ts";
import { EXACT } from "./charge-exact.ts";
import { readProfileOptions } from "./configure.ts";
import { Runtime } from "./lifecycle.ts";
import type { Platform } from "./platform.ts";
import { render } from "./render.ts";
import { replaceListings } from "./replace-listings.ts";
import { WatchedRecord } from "./watched-record.ts";

const EVERYTHING = {
  notes: [],
  charging: EXACT,
  render,
  count: (listing, table, rowCount, gate) => new CountedListing(listing, table, rowCount, gate, warmUp),
  replace: replaceListings,
  readOptions: readProfileOptions,
  Record: WatchedRecord,
} satisfies Partial<Platform>;

/** What a host brings along besides. */
export type WholePlatform = Omit<Platform, keyof typeof EVERYTHING>;

export class WholeRuntime extends Runtime {
  constructor(platform: WholePlatform) {
    super({ ...EVERYTHING, ...platform });
  }

  /** Those of other threads included. */
  override figures(): ListingFigures[] {
    return [...super.figures(), ...(this.platform.otherThreads?.() ?? [])];
  }

  override buildProfile(figures: readonly ListingFigures[]): Profile {
    const profile = completeProfile(super.buildProfile(figures), figures);
    const { readSource } = this.platform;
    if (readSource) readMissingLines(profile, readSource);
    return profile;
  }
}
