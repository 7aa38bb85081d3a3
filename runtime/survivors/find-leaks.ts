/** Which of the rows that are followed leak. */
import { findGrowth } from "./find-growth.ts";
import type { RowSamples } from "./row-samples.ts";
import type { HeapPoint, Survivors } from "./survivors.ts";

/** More repeats than this, of what a call gave, and it gives what is there already. */
const MOST_REPEATS = 0.2;
/** What a call gives, at about the rate at which another row makes it, is that row's. */
const SAME_RATE = 2.5;
/** The smallest object. */
const LEAST_BYTES = 16;

/** Objects an hour, by row. */
export function findLeaks({ rows, last, heap }: Pick<Survivors, "rows" | "last" | "heap">): Map<RowSamples, number> {
  const made = new Map<RowSamples, number>();
  const given = new Map<RowSamples, number>();
  if (last === undefined) return made;
  for (const { row } of rows) {
    const growth = findGrowth(row.points, row.settled(last), row.weight);
    if (growth === undefined) continue;
    if (!row.isGiven) made.set(row, growth.perHour);
    else if (row.repeats <= MOST_REPEATS * (row.taken + row.repeats) && hasRoomIn(heap, row))
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
function hasRoomIn(heap: readonly HeapPoint[], { points }: RowSamples): boolean {
  const [first, last] = [points[0]!, points.at(-1)!];
  const from = first.at + (last.at - first.at) / 3;
  const before = heap.find(({ at }) => at >= from);
  const after = heap.at(-1);
  const aliveBefore = points.find(({ at }) => at >= from)?.alive ?? 0;
  return (
    before !== undefined &&
    after !== undefined &&
    after.bytes - before.bytes >= LEAST_BYTES * (last.alive - aliveBefore)
  );
}
