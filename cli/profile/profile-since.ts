/** What a program did between two looks at it, as a profile: servers add up what they are sent. */
import type { Collections, Figures, ListingProfile, Profile, Row, RowData } from "../../contract/profile.ts";

/** @param before an earlier profile of the same program; undefined: all of it */
export function profileSince(before: Profile | undefined, now: Profile): Profile {
  if (before === undefined) return now;
  const earlier = new Map(before.listings.map((listing) => [keyOf(listing), listing]));
  const listings = now.listings.map((listing) => {
    const was = earlier.get(keyOf(listing));
    return was === undefined || hasRestarted(was, listing) ? listing : listingSince(was, listing);
  });
  const collections = now.collections && collectionsSince(before.collections, now.collections);
  return { ...now, ...(collections && { collections }), started: before.taken, listings };
}

/** Whether anything happened, and is to be told. */
export function isEmpty({ listings }: Profile): boolean {
  return listings.every(
    ({ calls, rows }) => calls === 0 && rows.every(({ data }) => data === undefined || isIdle(data)),
  );
}

function isIdle({ occurrences, figures }: RowData): boolean {
  const parts = Object.values(figures).flatMap(({ increment, waiting, awaited }) => [increment, waiting, awaited]);
  return occurrences === 0 && parts.every((each) => !each);
}

function keyOf({ file, name, first, superseded, rows }: ListingProfile): string {
  return JSON.stringify([file, name, first, superseded, rows.map(({ text }) => text)]);
}

/** `reset()` forgets. */
function hasRestarted(before: ListingProfile, now: ListingProfile): boolean {
  const count = ({ data }: Row) => data?.occurrences ?? 0;
  return now.calls < before.calls || now.rows.some((row, index) => count(row) < count(before.rows[index]!));
}

function listingSince(before: ListingProfile, now: ListingProfile): ListingProfile {
  const { time } = now;
  const zero = Object.fromEntries(Object.keys(now.baseline ?? {}).map((metric) => [metric, 0]));
  return {
    ...now,
    calls: now.calls - before.calls,
    ...(time && {
      time: { self: time.self - (before.time?.self ?? 0), total: time.total - (before.time?.total ?? 0) },
    }),
    // The reading on entry is in both.
    ...(now.baseline && { baseline: zero }),
    rows: now.rows.map((row, index) => rowSince(before.rows[index]!, row)),
  };
}

function rowSince(before: Row, row: Row): Row {
  const { data } = row;
  if (data === undefined || before.data === undefined) return row;
  const was = before.data;
  return {
    ...row,
    data: {
      ...data,
      occurrences: data.occurrences - was.occurrences,
      figures: Object.fromEntries(
        Object.entries(data.figures).map(([metric, each]) => [metric, figuresSince(was.figures[metric], each)]),
      ),
      ...(data.time !== undefined && { time: data.time - (was.time ?? 0) }),
      ...(data.collections !== undefined && { collections: data.collections - (was.collections ?? 0) }),
    },
  };
}

function collectionsSince(before: Collections | undefined, { count, between }: Collections): Collections {
  // `reset()` forgets.
  if (before === undefined || count < before.count) return { count, between };
  const freed = Object.entries(between.freed).map(([metric, bytes]) => [
    metric,
    bytes - (before.between.freed[metric] ?? 0),
  ]);
  return {
    count: count - before.count,
    between: { count: between.count - before.between.count, freed: Object.fromEntries(freed) },
  };
}

function figuresSince(
  before: Figures | undefined,
  { usage, increment, freed, self, waiting, awaited }: Figures,
): Figures {
  return {
    usage,
    increment: increment - (before?.increment ?? 0),
    ...(freed !== undefined && { freed: freed - (before?.freed ?? 0) }),
    ...(self !== undefined && { self: self - (before?.self ?? 0) }),
    ...(waiting !== undefined && { waiting: waiting - (before?.waiting ?? 0) }),
    ...(awaited !== undefined && { awaited: awaited - (before?.awaited ?? 0) }),
  };
}
