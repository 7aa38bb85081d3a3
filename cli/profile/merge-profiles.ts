/**
 * Several profiles as one: of runs, processes, or shards of a test. Functions are the same by file, name and text, wherever
 * they stand in the file; their figures add up, peaks are the highest.
 */
import type {
  CallFigures,
  Collections,
  Cost,
  Figures,
  ListingProfile,
  Profile,
  Row,
  RowData,
} from "../../contract/profile.ts";
import { baselineOf } from "../../runtime/reporters/measure.ts";
import { shownIncrement } from "../../runtime/reporters/show-waiting.ts";
import { addRowSurvivors, noteOnSurvivors, survivorsOf } from "./add-survivors.ts";
import { alignHistories, losesHistory } from "./align-histories.ts";

/** @param profiles one or more; what holds for a whole profile is that of the first, and a note says where others differ */
export function mergeProfiles(given: readonly [Profile, ...Profile[]]): Profile {
  const profiles = alignHistories(given);
  const [first] = profiles;
  const listings = new Map<string, ListingProfile>();
  for (const listing of profiles.flatMap((profile) => profile.listings)) {
    const key = JSON.stringify([listing.file, listing.name, listing.superseded, listing.rows.map(({ text }) => text)]);
    const before = listings.get(key);
    listings.set(key, before ? addListing(before, listing) : listing);
  }
  const survivors = survivorsOf(profiles);
  const survivorsNote = noteOnSurvivors(profiles);
  const ambiguous = profiles.flatMap((profile) => profile.ambiguous ?? []);
  const cost = costOf(profiles);
  const collections = collectionsOf(profiles.flatMap((profile) => profile.collections ?? []));
  return {
    ...first,
    ...(survivors && { survivors }),
    mode: profiles.some(({ mode }) => mode === "auto") ? "auto" : "exact",
    ...(cost && { cost }),
    ...(ambiguous.length > 0 && { ambiguous }),
    ...(collections && { collections }),
    started: Math.min(...profiles.map(({ started }) => started)),
    taken: Math.max(...profiles.map(({ taken }) => taken)),
    readings: profiles.reduce((sum, { readings }) => sum + readings, 0),
    listings: [...listings.values()],
    notes: [
      ...new Set([
        ...profiles.flatMap(({ notes }) => notes),
        ...notesOn(profiles),
        ...(losesHistory(given, profiles) ? [NO_HISTORY] : []),
        ...(survivorsNote === undefined ? [] : [survivorsNote]),
      ]),
    ],
  };
}

const NO_HISTORY =
  "How increments came over the run is left out: not all of the merged profiles say it, in pieces of a length that fits.";

/** What was measured in another way does not add up to much. */
function notesOn([first, ...others]: readonly [Profile, ...Profile[]]): string[] {
  if (others.length === 0) return [];
  const differ = (["backend", "gc", "mode"] as const).filter((field) =>
    others.some((each) => each[field] !== first[field]),
  );
  const versions = new Set([first, ...others].map(({ host }) => `${host.runtime} ${host.version}`));
  const notes = [`Merged from ${others.length + 1} profiles.`];
  if (differ.length > 0) notes.push(`The merged profiles differ in ${differ.join(" and ")}.`);
  if (versions.size > 1) notes.push(`The merged profiles are of ${[...versions].join(" and ")}.`);
  return notes;
}

function costOf(profiles: readonly Profile[]): Cost | undefined {
  const costs = profiles.flatMap(({ cost, started, taken }) => (cost ? { ...cost, ms: taken - started } : []));
  if (costs.length === 0) return undefined;
  const sum = (of: (cost: (typeof costs)[number]) => number) => costs.reduce((total, each) => total + of(each), 0);
  const ms = sum((each) => each.ms);
  return {
    executions: sum(({ executions }) => executions),
    measured: sum(({ measured }) => measured),
    overhead: sum(({ overhead, ms: own }) => overhead * (ms > 0 ? own / ms : 1 / costs.length)),
  };
}

function collectionsOf([first, ...others]: readonly Collections[]): Collections | undefined {
  if (first === undefined) return undefined;
  return others.reduce(
    (sum, { count, between }) => ({
      count: sum.count + count,
      between: {
        count: sum.between.count + between.count,
        freed: mapBoth(sum.between.freed, between.freed, (one, other) => one + other),
      },
    }),
    first,
  );
}

function addListing(one: ListingProfile, other: ListingProfile): ListingProfile {
  const { time } = other;
  const metrics = one.metrics && other.metrics && [...new Set([...one.metrics, ...other.metrics])];
  return {
    ...one,
    ...(metrics && { metrics }),
    calls: one.calls + other.calls,
    ...(time && { time: { self: time.self + (one.time?.self ?? 0), total: time.total + (one.time?.total ?? 0) } }),
    rows: one.rows.map((row, index) => addRow(row, other.rows[index]!, index === 0 ? other : undefined)),
    ...(other.baseline && { baseline: { ...other.baseline, ...one.baseline } }),
    aside: mapBoth(one.aside, other.aside, addCalls),
  };
}

/** @param entered of the first row: its listing, whose reading on entry is not counted a second time */
function addRow(row: Row, { data, survivors: others }: Row, entered: ListingProfile | undefined): Row {
  const survivors = addRowSurvivors(row.survivors, others);
  const one = survivors ? { ...row, survivors } : row;
  if (data === undefined) return one;
  const added: RowData = {
    ...data,
    figures: mapEach(data.figures, (figures, metric) => {
      const isCountedTwice = entered !== undefined && one.data?.figures[metric] !== undefined;
      return { ...figures, increment: figures.increment - (isCountedTwice ? baselineOf(entered, metric) : 0) };
    }),
  };
  return { ...one, data: one.data ? addData(one.data, added) : added };
}

function addData(one: RowData, other: RowData): RowData {
  const { time, estimated, collections } = other;
  const sum = one.estimated ?? { measured: 0, allocated: 0 };
  const { cold, ...rest } = one;
  return {
    ...rest,
    occurrences: one.occurrences + other.occurrences,
    figures: mapBoth(one.figures, other.figures, addFigures),
    ...(time !== undefined && { time: time + (one.time ?? 0) }),
    ...(collections !== undefined && { collections: collections + (one.collections ?? 0) }),
    ...(estimated && {
      estimated: {
        measured: sum.measured + estimated.measured,
        allocated: sum.allocated + estimated.allocated,
      },
    }),
    // Each run has a warm-up of its own.
    ...((cold || other.cold) && { cold: true }),
  };
}

function addFigures(one: Figures, other: Figures): Figures {
  // Of one run alone it would say less than rows took.
  const isKnown = one.freed !== undefined && other.freed !== undefined;
  const hasSelf = one.self !== undefined && other.self !== undefined;
  const sum = (part: "waiting" | "awaited") => (one[part] ?? 0) + (other[part] ?? 0);
  const [waiting, awaited] = [sum("waiting"), sum("awaited")];
  const history = addHistories(one, other);
  return {
    usage: Math.max(one.usage, other.usage),
    increment: one.increment + other.increment,
    ...(isKnown && { freed: one.freed! + other.freed! }),
    ...(hasSelf && { self: one.self! + other.self! }),
    ...(waiting !== 0 && { waiting }),
    ...(awaited !== 0 && { awaited }),
    ...(history && { history }),
  };
}

/** Where nothing came there is none; where something did, it is not known when. */
function addHistories(one: Figures, other: Figures): number[] | undefined {
  if (one.history && other.history) return one.history.map((value, i) => value + other.history![i]!);
  if (one.history) return shownIncrement(other) === 0 ? one.history : undefined;
  return shownIncrement(one) === 0 ? other.history : undefined;
}

function addCalls(one: CallFigures, other: CallFigures): CallFigures {
  return { peak: Math.max(one.peak, other.peak), net: one.net + other.net };
}

function mapEach<T>(values: Readonly<Record<string, T>>, change: (value: T, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

function mapBoth<T>(
  one: Readonly<Record<string, T>>,
  other: Readonly<Record<string, T>>,
  add: (one: T, other: T) => T,
): Record<string, T> {
  return { ...one, ...mapEach(other, (value, name) => (name in one ? add(one[name]!, value) : value)) };
}
