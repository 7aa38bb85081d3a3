/** What two readings of the clock leave between them where nothing runs: so much of each stretch is the profiler's own. */
import { SLOT_UNBOUNDED, type SlotTable } from "../../contract/module-table.ts";
import type { Counting, CountingGate } from "../auto/counted-listing.ts";
import { enter } from "../core/probe.ts";
import { plainReader } from "../core/sources.ts";
import type { Listing } from "../core/state.ts";
import { createListing } from "../full/calibrate.ts";
import { HotTimes } from "./hot-times.ts";
import { RecordTime } from "./record-time.ts";
import { TimeStack } from "./time-stack.ts";
import { TimedCountedListing } from "./timed-counted-listing.ts";

/** Batches, of which the one at the first quarter counts: the first ones run before V8 has optimised them, some are interrupted. */
const BATCHES = 101;
const CALLS = 60;
const LINES = 2;

const TABLE: SlotTable = { kinds: SLOT_UNBOUNDED + SLOT_UNBOUNDED, lines: [], starts: [], calls: [1] };
const GATE: CountingGate = { isCollecting: true, prepare: () => true, fail() {} };
const COUNTING: Counting = { warmUp() {}, samplerFor: () => undefined };

/** Of mode `exact`. @param now milliseconds @returns milliseconds */
export function calibrateTime(now: () => number): number {
  const { listing, record } = createTimed(new TimeStack(now));
  return quietMean(listing, record, () => {
    const activation = enter(listing, true, false);
    activation.line(1);
    activation.line(2);
    activation.exit();
  });
}

/** The same of mode `auto`. */
export function calibrateCounted(now: () => number): number {
  const time = new TimeStack(now);
  const { listing, record } = createTimed(time);
  const hot = new HotTimes(
    () => time.rest,
    () => {},
  );
  const place = { file: "", rowCount: LINES };
  const counted = new TimedCountedListing(listing, TABLE, place, GATE, COUNTING, { time, hot, record });
  record.counted = counted;
  listing.reader = record.watch(plainReader("none", () => 0));
  const { counters } = counted;
  return quietMean(listing, record, () => {
    counters.line(1);
    counters.line(2);
    counters.exit();
  });
}

function createTimed(time: TimeStack): { listing: Listing; record: RecordTime } {
  const reader = plainReader("none", () => 0);
  const listing = createListing(reader);
  const record = new RecordTime(time, listing, (length) => new Float64Array(length));
  listing.reader = record.watch(reader);
  return { listing, record };
}

/** What a line takes that does nothing. */
function quietMean(listing: Listing, record: RecordTime, callOnce: () => void): number {
  const times = record.of(listing.sheet);
  const costs: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    times.fill(0);
    for (let call = 0; call < CALLS; call++) callOnce();
    costs.push((times[0]! + times[1]!) / (CALLS * LINES));
  }
  return costs.sort((a, b) => a - b)[BATCHES >> 2]!;
}
