/** What a profile says of time. */
import type { Profile } from "../../contract/profile.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import { findListing } from "../core/find-listing.ts";

/** Adds it to `profile`, for the listings whose time was taken. */
export function addTimes(profile: Profile, figures: readonly ListingFigures[]): void {
  for (const each of figures) {
    const { table, times } = each;
    if (times === undefined) continue;
    const listing = findListing(profile, each);
    if (listing === undefined) continue;
    let self = 0;
    for (const { data, line } of listing.rows) {
      if (data === undefined) continue;
      // The clock's own cost is taken off in the mean, which may leave less than nothing.
      const taken = Math.max(
        0,
        times.rows.reduce((sum, rows) => sum + rows[line - table.first]!, 0),
      );
      data.time = (data.time ?? 0) + taken;
      self += taken;
    }
    const before = listing.time ?? { self: 0, total: 0 };
    const called = Math.max(0, times.callees?.[0] ?? 0);
    listing.time = { self: before.self + self, total: before.total + self + called };
  }
}
