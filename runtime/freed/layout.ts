/** Where figures of collections stand. */

/** What was taken of the heap, and of what it holds outside. */
export const USED = 0;
export const EXTERNAL = 1;
export type Part = typeof USED | typeof EXTERNAL;

/** What of each metric is known: parts that add up. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  heap: [USED, EXTERNAL],
  heapUsed: [USED],
  external: [EXTERNAL],
};

/** Empty where nothing is known. */
export function partsOf(metric: string): readonly Part[] {
  return (isFollowed(metric) && PARTS[metric]) || [];
}

export function isFollowed(metric: string): boolean {
  return Object.hasOwn(PARTS, metric);
}

/** Cells of a row; see `record-freed.ts`. */
export function freedStride(metrics: number): number {
  return metrics + 1;
}

/** Cells of a thread: collections, those while nothing profiled ran, and by part what these took. */
export const ALL = 0;
export const BETWEEN = 1;
export const BETWEEN_PARTS = 2;
export const THREAD_CELLS = 4;
