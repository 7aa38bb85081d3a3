/** What a profile says of survivors, and which rows leak. */
import type { Profile, Row, RowSurvivors } from "../../contract/profile.ts";
import { findLeaks } from "./find-leaks.ts";
import type { RowSamples } from "./row-samples.ts";
import type { FollowedRow, Survivors } from "./survivors.ts";

/** What following a value leaves on its row: the cell, its token, and their places in tables that grow. */
const OWN_BYTES = 640;

/** Adds it to `profile`, if anything is followed. */
export function addSurvivors(profile: Profile, survivors: Survivors): void {
  const { collections, begun, last, heap, holders } = survivors;
  if (!survivors.isFollowing) return;
  profile.survivors = { collections, ...(last !== undefined && { time: last - begun }) };
  const found = survivors.rows.flatMap((followed) => rowOf(profile, followed) ?? []);
  const leaks = findLeaks(found, last, heap);
  for (const { row, bytesPerValue, shown } of found) {
    const figures = figuresOf(row, last, bytesPerValue);
    const perHour = leaks.get(row);
    if (perHour !== undefined) {
      const held = holders.get(row.key);
      figures.leak = {
        perHour,
        ...(bytesPerValue > 0 && { bytesPerHour: bytesPerValue * perHour }),
        key: row.key,
        ...(held && { holders: held }),
      };
    }
    shown.survivors = shown.survivors ? together(shown.survivors, figures) : figures;
  }
}

interface FoundRow {
  row: RowSamples;
  shown: Row;
  bytesPerValue: number;
}

function rowOf({ listings }: Profile, { listing: { file, table }, row }: FollowedRow): FoundRow | undefined {
  const listing = listings.find((each) => each.file === file && each.name === table.name && each.first === table.first);
  const shown = listing?.rows[row.line - table.first];
  if (listing === undefined || shown === undefined) return undefined;
  const [metric = "", figures] = Object.entries(shown.data?.figures ?? {})[0] ?? [];
  const entered = row.line === table.first ? (listing.baseline?.[metric] ?? 0) : 0;
  const taken = Math.max(shown.data?.estimated?.allocated ?? 0, (figures?.increment ?? 0) - entered);
  return { row, shown, bytesPerValue: Math.max(0, taken - row.taken * OWN_BYTES) / Math.max(1, row.made) };
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
