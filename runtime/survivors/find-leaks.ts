/** Which of the rows that are followed leak. */
import { findGrowth } from "./find-growth.ts";
import type { RowSamples } from "./row-samples.ts";
import type { HeapPoint } from "./survivors.ts";

export interface Candidate {
  row: RowSamples;
  /** What the line took for each value, collected or not. */
  bytesPerValue: number;
}

/** A call that has given so many values for the second time gives what is there already. */
const MOST_REPEATS = 3;
/** What a call gives, at about the rate at which another row makes it, is that row's. */
const SAME_RATE = 2.5;
/** What comes while a line waits is not always its own: then the heap must have grown by so many of the smallest objects for each, and in all. */
const LEAST_OF_HEAP = 3;
const LEAST_IN_ALL = 1 << 15;

/**
 * Objects an hour, by row.
 *
 * @param last the last full collection. @param heap after each of them. @param smallest bytes of the smallest object
 */
export function findLeaks(
  candidates: readonly Candidate[],
  last: number | undefined,
  heap: readonly HeapPoint[],
  smallest: number,
): Map<RowSamples, number> {
  const made = new Map<RowSamples, number>();
  const given = new Map<RowSamples, number>();
  if (last === undefined) return made;
  for (const { row, bytesPerValue } of candidates) {
    const growth = findGrowth(row.points, row.settled(last), row.weight);
    if (growth === undefined) continue;
    if (!row.isGiven) made.set(row, growth.perHour);
    else if (row.repeats < MOST_REPEATS && (bytesPerValue >= smallest || hasGrownBy(heap, row, smallest)))
      given.set(row, growth.perHour);
  }
  for (const [row, perHour] of given) {
    const isMadeElsewhere = [...made.values()].some(
      (other) => other < perHour * SAME_RATE && perHour < other * SAME_RATE,
    );
    if (isMadeElsewhere) given.delete(row);
  }
  return new Map([...made, ...given]);
}

/** Where the heap has not grown, what a call gave has been there before. */
function hasGrownBy(heap: readonly HeapPoint[], { points }: RowSamples, smallest: number): boolean {
  const [first, last] = [points[0]!, points.at(-1)!];
  const from = first.at + (last.at - first.at) / 3;
  const [before, after] = [heap.find(({ at }) => at >= from), heap.at(-1)];
  if (before === undefined || after === undefined) return false;
  const aliveBefore = points.find(({ at }) => at >= from)?.alive ?? 0;
  return after.bytes - before.bytes >= smallest * Math.max(LEAST_IN_ALL, LEAST_OF_HEAP * (last.alive - aliveBefore));
}
