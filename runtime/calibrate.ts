/**
 * Before the first reading that counts: lets a reader that allocates in its own metric learn what a probe costs, and
 * V8 optimise the probes. Cold probes allocate up to a thousand bytes each, which would all show in the first rows.
 */
import { enter } from "./probe.ts";
import {
  Block,
  clearSheet,
  clearTallies,
  Listing,
  type ListingOwner,
  layOut,
  type Reader,
  sheetLength,
  TALLIES,
} from "./state.ts";

/** As many calls as V8 needs on all versions we know; about five milliseconds. */
const CALLS = 1500;

const OWNER: ListingOwner = {
  prepare() {},
  beginCall: (listing) => listing.home,
  endCall() {},
};

/** Takes some thousand readings of a function that does nothing. */
export function calibrate(reader: Reader): void {
  const metrics = reader.metrics.length;
  const listing = new Listing(OWNER, 1, 2);
  listing.reader = reader;
  layOut(listing, metrics);
  listing.tallies = new Float64Array(TALLIES);
  clearTallies(listing.tallies);
  const sheet = new Float64Array(sheetLength(2, metrics));
  clearSheet(sheet, metrics);
  listing.home = new Block(sheet);
  listing.sheet = sheet;
  listing.isPrepared = true;
  for (let i = 0; i < CALLS; i++) {
    const activation = enter(listing, true, false);
    activation.line(1);
    activation.line(2);
    activation.exit();
  }
}
