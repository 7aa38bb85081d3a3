/**
 * Before the first reading that counts: lets a reader that allocates in its own metric learn what a probe costs, and
 * V8 optimise the probes. Cold probes allocate up to a thousand bytes each, which would all show in the first rows.
 */

import type { Call } from "../core/probe.ts";
import {
  type AsideReader,
  type Charging,
  clearTallies,
  type ExactReader,
  Listing,
  type ListingOwner,
  layOut,
  newSheet,
  TALLIES,
} from "../core/state.ts";
import { Flow } from "../waiting/flow.ts";
import { RecordWaits } from "../waiting/record-waits.ts";
import { enterWaiting, WaitingCall } from "../waiting/waiting-call.ts";
import { EXACT } from "./charge-exact.ts";

/** As many calls as V8 needs on all versions we know; about five milliseconds. */
const CALLS = 1500;

const OWNER: ListingOwner = {
  prepare() {},
};

/** Activations of which the middle size counts: a compilation or collection may fall on some. */
const ACTIVATIONS = 31;

/** Takes some thousand readings of a function that does nothing. */
export function calibrate(reader: ExactReader, aside?: AsideReader, charging?: Charging): void {
  const listing = createListing(reader, charging);
  const waits = new RecordWaits(new Flow(), listing, (length) => new Float64Array(length));
  waits.measure(reader, true);
  if (aside !== undefined) listing.aside = unsteady(aside);
  for (let i = 0; i < CALLS; i++) callOnce(listing, waits, i % 2 === 0);
  if (reader.learnActivation === undefined) return;
  const sizes = new Float64Array(ACTIVATIONS);
  for (let i = 0; i < ACTIVATIONS; i++) {
    reader.read();
    const before = reader.now[0]!;
    callOnce(listing, waits, true);
    reader.read();
    sizes[i] = reader.now[0]! - before;
  }
  reader.learnActivation(Math.max(0, sizes.sort()[ACTIVATIONS >> 1]!));
}

/** Calls after which a reader that collects garbage before each reading finds nothing new that is ours, nor areas of V8's half used. */
const SETTLING_CALLS = 8;

/** Before the first reading of a reader that collects garbage. */
export function settle(reader: ExactReader, aside?: AsideReader, charging?: Charging): void {
  const listing = createListing(reader, charging);
  const waits = new RecordWaits(new Flow(), listing, (length) => new Float64Array(length));
  waits.measure(reader, true);
  listing.aside = aside;
  reader.settle?.();
  // After the first few of a class V8 knows how large they are.
  const calls: Call[] = Array.from({ length: ACTIVATIONS }, () => new WaitingCall(listing, waits));
  for (let i = 0; i < SETTLING_CALLS; i++) callOnce(listing, waits, i % 2 === 0);
  calls.fill(calls[0]!);
  reader.read();
  const before = reader.now[0]!;
  for (let i = 1; i < ACTIVATIONS; i++) calls[i] = new WaitingCall(listing, waits);
  reader.read();
  reader.learnActivation?.((reader.now[0]! - before) / (ACTIVATIONS - 1));
}

/** Reads what `aside` does and gives other values each time: V8 builds on fields that never change, until they do. */
function unsteady(aside: AsideReader): AsideReader {
  const now = new Float64Array(aside.now.length);
  let values = 0.5;
  return {
    now,
    read() {
      aside.read();
      now.fill(values++);
    },
  };
}

function callOnce(listing: Listing, waits: RecordWaits, suspends: boolean): void {
  const activation = enterWaiting(listing, waits, true, suspends, false);
  activation.line(1);
  if (suspends) activation.suspend();
  activation.line(2);
  activation.exit();
}

/** A listing of two lines that nobody sees. */
export function createListing(reader: ExactReader, charging: Charging = EXACT): Listing {
  const metrics = reader.metrics.length;
  const listing = new Listing(OWNER, charging, 1, 2);
  listing.reader = reader;
  layOut(listing, metrics);
  listing.tallies = new Float64Array(TALLIES);
  clearTallies(listing.tallies);
  const sheet = newSheet((length) => new Float64Array(length), 2, metrics);
  listing.home = { sheet };
  listing.sheet = sheet;
  listing.isPrepared = true;
  return listing;
}
