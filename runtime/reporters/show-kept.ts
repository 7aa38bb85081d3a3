/** With `gc`: figures that are no larger than what V8 keeps of its own while a line runs are marked, and a line below the tables says so. */
import type { ListingProfile, Profile, Row } from "../../contract/profile.ts";
import { metricOf } from "./text.ts";

/** Bytes, of a row: what V8 makes of code that runs for the first time. `test/runtime/kept-memory.test.ts` holds it. */
export const KEPT_NOISE = 4 * 1024;

/** What V8 keeps of its own is in these. */
const HEAP = ["heap", "heapUsed"];

/** A profile whose rows below the noise are marked as those that are estimated. @param profile increments as the column shows them */
export function withNoise(profile: Profile): Profile {
  return {
    ...profile,
    listings: profile.listings.map((listing) => ({
      ...listing,
      rows: listing.rows.map((row) =>
        isNoise(row, listing, profile)
          ? { ...row, data: { ...row.data!, estimated: { measured: 0, allocated: 0 } } }
          : row,
      ),
    })),
  };
}

/** Empty where no row is marked. @param profile increments as the column shows them */
export function renderNoise(profile: Profile): string {
  const isMarked = profile.listings.some((listing) => listing.rows.some((row) => isNoise(row, listing, profile)));
  return isMarked ? `~ at most ${KEPT_NOISE / 1024} KiB: no more than V8 may keep of its own on a row.\n\n` : "";
}

function isNoise({ line, data }: Row, listing: ListingProfile, profile: Profile): boolean {
  const metric = metricOf(listing, profile);
  const figures = data?.figures[metric];
  if (figures === undefined || (listing.options.gc ?? profile.gc) !== true || !HEAP.includes(metric)) return false;
  const kept = Math.abs(figures.increment);
  // The first row has what the process had.
  return line !== listing.first && kept > 0 && kept <= KEPT_NOISE;
}
