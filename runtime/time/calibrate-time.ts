/** What two readings of the clock leave between them where nothing runs: so much of each stretch is the profiler's own. */
import { enter } from "../core/probe.ts";
import { plainReader } from "../core/sources.ts";
import { createListing } from "../full/calibrate.ts";
import { TimeStack } from "./time-stack.ts";
import { TimedListing, timedReader } from "./timed-listing.ts";

/** Batches, of which the one at the first quarter counts: the first ones run before V8 has optimised them, some are interrupted. */
const BATCHES = 101;
const CALLS = 60;
const PROBES = 2;

/** @param now milliseconds @returns milliseconds */
export function calibrateTime(now: () => number): number {
  const time = new TimeStack(now);
  const listing = createListing(plainReader("none", () => 0));
  const times = new Float64Array(listing.rowCount);
  const owner = new TimedListing(
    listing,
    (length) => new Float64Array(length),
    () => times,
  );
  listing.reader = timedReader(
    plainReader("none", () => 0),
    time,
    () => owner,
  );
  const costs: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    times.fill(0);
    for (let call = 0; call < CALLS; call++) callOnce();
    costs.push((times[0]! + times[1]!) / (CALLS * PROBES));
  }
  return costs.sort((a, b) => a - b)[BATCHES >> 2]!;

  function callOnce(): void {
    const activation = enter(listing, true, false);
    activation.line(1);
    activation.line(2);
    activation.exit();
  }
}
