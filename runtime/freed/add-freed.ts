/** What a profile says of collections. */
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import type { FreedFigures, ListingFigures } from "../core/build-profile.ts";
import { findListing } from "../core/find-listing.ts";
import { ALL, BETWEEN, BETWEEN_PARTS, freedStride, isFollowed, partsOf } from "./layout.ts";

/** Adds it to `profile`, for the listings that were followed. */
export function addFreed(profile: Profile, figures: readonly ListingFigures[]): void {
  for (const each of figures) {
    const { freed } = each;
    if (freed === undefined) continue;
    addThread(profile, each.metrics, freed);
    const listing = findListing(profile, each);
    if (listing === undefined) continue;
    addRows(listing, each, freed);
  }
}

function addRows(
  { rows, first, baseline = {} }: ListingProfile,
  { metrics, estimates = [] }: ListingFigures,
  { cells }: FreedFigures,
): void {
  rows.forEach(({ data }, row) => {
    if (data === undefined) return;
    const at = row * freedStride(metrics.length);
    const estimated = estimates.filter(({ line }) => line === first + row);
    metrics.forEach((metric, m) => {
      const figures = data.figures[metric];
      if (figures === undefined || !isFollowed(metric)) return;
      const freed = cells.reduce((sum, each) => sum + each[at + m]!, figures.freed ?? 0);
      // Nothing is allocated but more than nothing: readings are not exact to some bytes.
      const entry = row === 0 ? (baseline[metric] ?? 0) : 0;
      const given = estimated.reduce((sum, each) => sum + each.given[m]!, 0);
      figures.freed = Math.max(freed, entry - (figures.increment - given));
      // Of what was allocated where lines were not read each time, what is not in the increment was taken.
      if (m === 0) for (const { allocated, ...of } of estimated) figures.freed += Math.max(0, allocated - of.given[m]!);
    });
    const count = cells.reduce((sum, each) => sum + each[at + metrics.length]!, data.collections ?? 0);
    if (count > 0) data.collections = count;
  });
}

function addThread(profile: Profile, metrics: readonly string[], { ofThread }: FreedFigures): void {
  if (ofThread === undefined) return;
  profile.collections ??= { count: 0, between: { count: 0, freed: {} } };
  const { collections } = profile;
  collections.count += ofThread[ALL]!;
  collections.between.count += ofThread[BETWEEN]!;
  const { freed } = collections.between;
  for (const metric of metrics.filter(isFollowed))
    freed[metric] = partsOf(metric).reduce((sum, part) => sum + ofThread[BETWEEN_PARTS + part]!, freed[metric] ?? 0);
}
