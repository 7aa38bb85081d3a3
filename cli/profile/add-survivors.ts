/** What survives in several runs, as one: objects and rates add up, as increments do; ages are of all objects together. */
import type { Leak, Profile, RowSurvivors } from "../../contract/profile.ts";

/** Of all profiles that followed objects: as many collections as the one that had most. */
export function survivorsOf(profiles: readonly Profile[]): Profile["survivors"] {
  const followed = profiles.flatMap(({ survivors }) => survivors ?? []);
  if (followed.length === 0) return undefined;
  const times = followed.flatMap(({ time }) => time ?? []);
  return {
    collections: Math.max(...followed.map(({ collections }) => collections)),
    ...(times.length > 0 && { time: Math.max(...times) }),
  };
}

/** Where objects of other processes were not followed, a reader takes what survives for that of all. */
export function noteOnSurvivors(profiles: readonly Profile[]): string | undefined {
  const followed = profiles.filter(({ survivors }) => survivors);
  const pids = new Set(followed.map(({ host }) => host.pid));
  if (followed.length === 0 || profiles.every(({ host }) => pids.has(host.pid))) return undefined;
  return `Objects were followed in ${followed.length} of the ${profiles.length} merged profiles.`;
}

export function addRowSurvivors(
  one: RowSurvivors | undefined,
  other: RowSurvivors | undefined,
): RowSurvivors | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const alive = one.alive + other.alive;
  const bytes = addKnown(one.bytes, other.bytes);
  const age = meanAge(one, other);
  const leak = addLeaks(one.leak, other.leak);
  return {
    made: one.made + other.made,
    sampled: one.sampled + other.sampled,
    alive,
    ...(age !== undefined && { age }),
    ...(bytes !== undefined && { bytes }),
    ...((one.given || other.given) && { given: true }),
    ...(leak && { leak }),
  };
}

/** The medians, by how many they are of. */
function meanAge(one: RowSurvivors, other: RowSurvivors): number | undefined {
  if (one.age === undefined || other.age === undefined) return one.age ?? other.age;
  const alive = one.alive + other.alive;
  return alive > 0 ? (one.age * one.alive + other.age * other.alive) / alive : one.age;
}

/** Holders are those of the greater one, whose key finds them. */
function addLeaks(one: Leak | undefined, other: Leak | undefined): Leak | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const greater = other.perHour > one.perHour ? other : one;
  const holders = greater.holders ?? one.holders ?? other.holders;
  const bytesPerHour = addKnown(one.bytesPerHour, other.bytesPerHour);
  return {
    key: greater.key,
    perHour: one.perHour + other.perHour,
    ...(bytesPerHour !== undefined && { bytesPerHour }),
    ...(holders && { holders }),
  };
}

function addKnown(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}
