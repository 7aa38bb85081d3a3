/** What a profile of mode `auto` says besides: which rows are estimated, from how much, and what that has cost. */
import type { AmbiguousJump, Profile } from "../../contract/profile.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import { findListing } from "../core/find-listing.ts";

/** What the samplers of a thread say besides. */
export interface Sampled {
  /** The share of the time that readings took, 0.05 for 5 %. */
  share(): number;
  /** Readings of lines that are not read each time. */
  readonly readings: number;
  /** Jumps that cannot be shown to be one line's. */
  ambiguous(): AmbiguousJump[];
}

/** Adds it to `profile`, where any line was not read each time. */
export function addEstimates(profile: Profile, figures: readonly ListingFigures[], samplers: Sampled): void {
  let isAny = false;
  let executions = 0;
  let measured = 0;
  for (const each of figures) {
    const { table, estimates = [] } = each;
    if (estimates.length === 0) continue;
    isAny = true;
    const listing = findListing(profile, each);
    for (const row of estimates) {
      executions += row.executions;
      measured += row.measured;
      const data = listing?.rows[row.line - table.first]?.data;
      if (data === undefined) continue;
      const before = data.estimated ?? { measured: 0, allocated: 0 };
      data.estimated = { measured: before.measured + row.measured, allocated: before.allocated + row.allocated };
    }
  }
  if (!isAny) return;
  profile.mode = "auto";
  profile.readings += samplers.readings;
  profile.cost = { executions, measured, overhead: samplers.share() };
  const ambiguous = samplers.ambiguous();
  if (ambiguous.length > 0) profile.ambiguous = ambiguous;
}
