/** What a profile says of survivors, and which rows leak. */
import type { Profile, Row, RowSurvivors } from "../../contract/profile.ts";
import { findLeaks } from "./find-leaks.ts";
import type { RowSamples } from "./row-samples.ts";
import type { FollowedRow, Survivors } from "./survivors.ts";

/** Adds it to `profile`, if anything is followed. */
export function addSurvivors(profile: Profile, survivors: Survivors): void {
  const { collections, begun, last, rows } = survivors;
  if (!survivors.isFollowing) return;
  profile.survivors = { collections, ...(last !== undefined && { time: last - begun }) };
  const leaks = findLeaks(survivors);
  for (const followed of rows) {
    const row = rowOf(profile, followed);
    if (row === undefined) continue;
    const found = figuresOf(followed.row, row, last);
    const perHour = leaks.get(followed.row);
    if (perHour !== undefined) {
      found.leak = { perHour, key: followed.row.key };
      const holders = survivors.holders.get(followed.row.key);
      if (holders !== undefined) found.leak.holders = holders;
      if (found.bytes !== undefined && found.alive > 0) found.leak.bytesPerHour = (found.bytes / found.alive) * perHour;
    }
    row.survivors = row.survivors ? together(row.survivors, found) : found;
  }
}

function rowOf({ listings }: Profile, { listing: { file, table }, row }: FollowedRow): Row | undefined {
  const listing = listings.find((each) => each.file === file && each.name === table.name && each.first === table.first);
  return listing?.rows[row.line - table.first];
}

function figuresOf(samples: RowSamples, { data }: Row, last: number | undefined): RowSurvivors {
  const { made, taken, weight, isGiven } = samples;
  const found: RowSurvivors = { made, sampled: taken, alive: 0, ...(isGiven && { given: true }) };
  if (last === undefined) return found;
  const births = samples.settled(last);
  found.alive = births.length * weight;
  const middle = births[births.length >> 1];
  if (middle !== undefined) found.age = last - middle;
  const [figures] = Object.values(data?.figures ?? {});
  const bytes = Math.max(data?.estimated?.allocated ?? 0, figures?.increment ?? 0);
  if (bytes > 0 && made > 0) found.bytes = (bytes / made) * found.alive;
  return found;
}

/** Of a row that makes objects and is given some, those that it makes; what leaks comes first. */
function together(one: RowSurvivors, other: RowSurvivors): RowSurvivors {
  if ((one.leak === undefined) !== (other.leak === undefined)) return one.leak ? one : other;
  return one.given ? other : one;
}
