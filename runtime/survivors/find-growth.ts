/**
 * Whether the objects of a row are a leak: they are alive in number that grows with time and does not level off, and those
 * made early survive as those made late do. A cache that is bounded, a pool, a table that fills, warm-up, a burst, more
 * requests at a time: each fails one of these.
 */
import type { Point } from "./row-samples.ts";

/** Objects an hour, as they grew in the last two thirds of the time. */
export interface Growth {
  perHour: number;
}

/** Thirds are of the time that the process has worked. Full collections that a row has been through. */
const FEWEST_COLLECTIONS = 3;
/** Objects that are alive; and samples of each third of the time. */
const FEWEST_ALIVE = 24;
const FEWEST_OF_THIRD = 3;
/** What the last third must have grown by, of what the best did. */
const STEADY = 0.4;
/** A fall by so much, from the highest before, is a release. */
const FALL = 0.3;
/** What survives of the oldest and of the youngest third, of the best third. */
const SURVIVES = 0.25;

const HOUR_MS = 3_600_000;

/**
 * @param points of a row, the first when it began
 * @param births of the samples that are alive, oldest first. @param weight the objects that each stands for
 */
export function findGrowth(points: readonly Point[], births: readonly number[], weight: number): Growth | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length <= FEWEST_COLLECTIONS) return undefined;
  if (last.alive < FEWEST_ALIVE || hasFallen(points)) return undefined;
  const span = last.work - first.work;
  const ends = [0, 1, 2, 3].map((third) => pointAt(points, first.work + (span * third) / 3));
  const [one, two, three] = [1, 2, 3].map((i) => ends[i]!.alive - ends[i - 1]!.alive) as [number, number, number];
  if (!(one > 0 && two > 0 && three >= STEADY * Math.max(one, two))) return undefined;
  if (!survivesAtAllAges(ends, births, weight)) return undefined;
  return { perHour: ((two + three) / (ends[3]!.at - ends[1]!.at)) * HOUR_MS };
}

function hasFallen(points: readonly Point[]): boolean {
  let highest = 0;
  for (const { alive } of points) {
    if (alive < highest * (1 - FALL) && highest >= FEWEST_ALIVE) return true;
    highest = Math.max(highest, alive);
  }
  return false;
}

function survivesAtAllAges(ends: readonly Point[], births: readonly number[], weight: number): boolean {
  const shares: number[] = [];
  for (let third = 1; third <= 3; third++) {
    const [from, to] = [ends[third - 1]!, ends[third]!];
    const alive = births.filter((born) => born >= from.at && born < to.at).length;
    if (alive < FEWEST_OF_THIRD) return false;
    shares.push((alive * weight) / Math.max(1, to.made - from.made));
  }
  const best = Math.max(...shares);
  return shares.every((share) => share >= SURVIVES * best);
}

/** Between two points by the straight line. */
function pointAt(points: readonly Point[], work: number): Point {
  const after = points.findIndex((point) => point.work >= work);
  const [from, to] = [points[Math.max(0, after - 1)]!, points[after < 0 ? points.length - 1 : after]!];
  const share = to.work > from.work ? (work - from.work) / (to.work - from.work) : 1;
  const between = (a: number, b: number) => a + (b - a) * share;
  return {
    at: between(from.at, to.at),
    work,
    made: between(from.made, to.made),
    alive: between(from.alive, to.alive),
  };
}
