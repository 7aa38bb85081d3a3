/** What a profile says of survivors, and which rows leak. */
import type { Profile, RowSurvivors } from "../../contract/profile.ts";
import { TIME } from "../../contract/units.ts";
import { findLeaks } from "./find-leaks.ts";
import type { RowSamples } from "./row-samples.ts";
import type { FollowedRow, Survivors } from "./survivors.ts";

/** A row that is followed, and what is known of it. */
export interface DescribedRow {
  followed: FollowedRow;
  survivors: RowSurvivors;
}

/** Adds it to `profile`, if anything is followed. */
export function addSurvivors(profile: Profile, survivors: Survivors): void {
  const { collections, begun, last } = survivors;
  if (!survivors.isFollowing) return;
  profile.survivors = { collections, ...(last !== undefined && { time: last - begun }) };
  for (const { followed, survivors: figures } of describeRows(profile, survivors)) {
    const shown = shownRow(profile, followed)?.row;
    if (shown) shown.survivors = shown.survivors ? together(shown.survivors, figures) : figures;
  }
}

/** Of every row that is followed, also where its listing is not measured. @param profile has what rows took */
export function describeRows(profile: Profile, { rows, last, heap, holders, sizes }: Survivors): DescribedRow[] {
  const found = rows.map((followed) => ({
    followed,
    row: followed.row,
    bytesPerValue: bytesPerValue(profile, followed, sizes.own),
  }));
  const leaks = findLeaks(found, last, heap, sizes.smallest);
  return found.map(({ followed, row, bytesPerValue }) => {
    const survivors = figuresOf(row, last, bytesPerValue);
    const perHour = leaks.get(row);
    const held = holders.get(row.key);
    if (perHour !== undefined)
      survivors.leak = {
        perHour,
        ...(bytesPerValue > 0 && { bytesPerHour: bytesPerValue * perHour }),
        key: row.key,
        ...(held && { holders: held }),
      };
    return { followed, survivors };
  });
}

function shownRow({ listings }: Profile, { listing: { file, table }, row }: FollowedRow) {
  const listing = listings.find((each) => each.file === file && each.name === table.name && each.first === table.first);
  const shown = listing?.rows[row.line - table.first];
  return listing && shown && { listing, row: shown };
}

/** What the row took for each, 0 where nobody knows: where it is not measured, or its time is. */
function bytesPerValue(profile: Profile, followed: FollowedRow, ownBytes: number): number {
  const found = shownRow(profile, followed);
  if (found === undefined) return 0;
  const { data } = found.row;
  const { row, listing } = followed;
  const [metric = "", figures] = Object.entries(data?.figures ?? {})[0] ?? [];
  if (metric === TIME) return 0;
  const entered = row.line === listing.table.first ? (found.listing.baseline?.[metric] ?? 0) : 0;
  const taken = Math.max(data?.estimated?.allocated ?? 0, (figures?.increment ?? 0) - entered);
  return Math.max(0, taken - row.taken * ownBytes) / Math.max(1, row.made);
}

function figuresOf(samples: RowSamples, last: number | undefined, bytesPerValue: number): RowSurvivors {
  const { made, taken, weight, isGiven } = samples;
  const births = last === undefined ? [] : samples.settled(last);
  const alive = births.length * weight;
  const middle = births[births.length >> 1];
  return {
    made,
    sampled: taken,
    alive,
    ...(last !== undefined && middle !== undefined && { age: last - middle }),
    ...(bytesPerValue > 0 && { bytes: bytesPerValue * alive }),
    ...(isGiven && { given: true as const }),
  };
}

/** Of a row that makes objects and is given some, those that it makes; what leaks comes first. */
function together(one: RowSurvivors, other: RowSurvivors): RowSurvivors {
  if ((one.leak === undefined) !== (other.leak === undefined)) return one.leak ? one : other;
  return one.given ? other : one;
}
