/** What a profile says of waiting. */
import type { Figures, ListingProfile, Profile } from "../../contract/profile.ts";
import type { ListingFigures, WaitFigures } from "../core/build-profile.ts";
import { findListing } from "../core/find-listing.ts";
import { AWAITED, PENDING, SELF, WAITING, waitStride } from "./record-waits.ts";

/** Adds it to `profile`, for the rows that have waited; and with the option `self` what rows took themselves. */
export function addWaits(profile: Profile, figures: readonly ListingFigures[]): void {
  for (const each of figures) {
    const { metrics, waits } = each;
    if (waits === undefined) continue;
    addNobody(profile, metrics, waits);
    const listing = findListing(profile, each);
    if (listing === undefined) continue;
    const M = metrics.length;
    if (waits.hasSelf) addSelf(listing, metrics, waits.cells);
    for (const cells of waits.cells) {
      listing.rows.forEach(({ data }, row) => {
        if (data === undefined) return;
        const at = row * waitStride(M);
        metrics.forEach((metric, m) => {
          const figures = data.figures[metric];
          if (figures === undefined) return;
          add(figures, "waiting", cells[at + WAITING * M + m]! + cells[at + PENDING * M + m]!);
          add(figures, "awaited", cells[at + AWAITED * M + m]!);
        });
        if (cells[at + waitStride(M) - 1] === 1) data.shared = true;
      });
    }
  }
}

function addSelf({ rows }: ListingProfile, metrics: readonly string[], cells: readonly Float64Array[]): void {
  const M = metrics.length;
  rows.forEach(({ data }, row) => {
    if (data === undefined) return;
    metrics.forEach((metric, m) => {
      const figures = data.figures[metric];
      if (figures === undefined) return;
      figures.self = cells.reduce((sum, each) => sum + each[row * waitStride(M) + SELF * M + m]!, figures.self ?? 0);
    });
  });
}

function addNobody(profile: Profile, metrics: readonly string[], { nobody }: WaitFigures): void {
  if (nobody === undefined) return;
  profile.nobody ??= {};
  const sums = profile.nobody;
  metrics.forEach((metric, m) => {
    sums[metric] = (sums[metric] ?? 0) + nobody[m]!;
  });
}

function add(figures: Figures, part: "waiting" | "awaited", bytes: number): void {
  const sum = (figures[part] ?? 0) + bytes;
  if (sum !== 0) figures[part] = sum;
  else delete figures[part];
}
