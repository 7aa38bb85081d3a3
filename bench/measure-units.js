/**
 * What a unit of a truth program takes, measured without a profiler: `node --expose-gc --max-semi-space-size=… measure-units.js
 * <program>` makes thousands of each and reads the heap before and after, in a young generation so large that nothing is
 * collected meanwhile. Prints bytes by name, as JSON.
 */
import { pathToFileURL } from "node:url";
import { getHeapStatistics } from "node:v8";

const BATCHES = 7;
const WARM_UP = 5000;
/** Less than what the young generation holds. */
const BYTES = 32 * 2 ** 20;
const sink = new Array(16).fill(null);

function read() {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function makeMany(make, count) {
  for (let i = 0; i < count; i++) sink[i & 15] = make(i);
}

function measure(make, count) {
  sink.fill(null);
  // The second ends the sweeping of the first, which gives back what buffers held.
  globalThis.gc();
  globalThis.gc();
  const before = read();
  makeMany(make, count);
  return (read() - before) / count;
}

/** What else the engine allocates meanwhile only adds. */
function least(make, guess) {
  const count = Math.max(1, Math.min(2e5, Math.floor(BYTES / guess)));
  const batches = Array.from({ length: BATCHES }, () => measure(make, count)).filter((bytes) => bytes > 0);
  return Math.min(...batches);
}

function unitOf(make) {
  const isLarge = measure(make, 1) > 100_000;
  if (!isLarge) makeMany(make, WARM_UP);
  const guess = Math.max(1, measure(make, isLarge ? 1 : 100));
  // The first guess may be high, and then few are made: the second time as many as there is room for.
  return least(make, least(make, guess));
}

const { units } = await import(pathToFileURL(process.argv[2]));
console.log(JSON.stringify(Object.fromEntries(Object.entries(units).map(([name, make]) => [name, unitOf(make)]))));
