/**
 * Charging where readings allocate in their own metric, as those of V8's heap: one metric or three, and the sources read
 * beside them. `charge.ts` says the same for other hosts.
 */
import {
  type Charging,
  type ExactReader,
  type Frame,
  type Listing,
  NO_LINE,
  TALLY_ASIDE,
  TALLY_READINGS,
} from "../core/state.ts";

/**
 * Takes a reading, charges what has changed since `start` to the open line, and opens `line`, which starts
 * `starts` times: 1, or 0 when control goes back to it.
 *
 * All arithmetic on doubles is here, and the function is long on purpose, with one and three metrics written out: V8
 * inlines no function of more than 460 bytes of bytecode. In an inlined or interpreted copy every double on the way
 * would be an allocation of 16 bytes, other than the null probe measures; this one copy is optimised before it counts.
 */
function step(listing: Listing, line: number, starts: number): void {
  const { start, sheet, tallies, open } = listing;
  const reader = listing.reader as ExactReader;
  const now = reader.now;
  do {
    reader.read();
    tallies[TALLY_READINGS] = tallies[TALLY_READINGS]! + 1;
    switch (now.length) {
      case 1: {
        const reading = now[0]!;
        if (open !== NO_LINE) {
          const cell = open * listing.stride + listing.shift + 1;
          sheet[cell] = sheet[cell]! + (reading - start[0]!);
          if (reading > sheet[cell + 1]!) sheet[cell + 1] = reading;
        }
        start[0] = reading;
        break;
      }
      case 3: {
        const first = now[0]!;
        const second = now[1]!;
        const third = now[2]!;
        if (open !== NO_LINE) {
          const cell = open * listing.stride + listing.shift + 1;
          sheet[cell] = sheet[cell]! + (first - start[0]!);
          if (first > sheet[cell + 1]!) sheet[cell + 1] = first;
          sheet[cell + 2] = sheet[cell + 2]! + (second - start[1]!);
          if (second > sheet[cell + 3]!) sheet[cell + 3] = second;
          sheet[cell + 4] = sheet[cell + 4]! + (third - start[2]!);
          if (third > sheet[cell + 5]!) sheet[cell + 5] = third;
        }
        start[0] = first;
        start[1] = second;
        start[2] = third;
        break;
      }
      default:
        throw new RangeError(`a reader has one metric or three, not ${now.length}`);
    }
  } while (--reader.untilNull === 0);
  listing.open = line;
  if (starts === 1) {
    const row = line * listing.stride + listing.shift;
    sheet[row] = sheet[row]! + 1;
  }
}

/**
 * The beginning or the end of a call of the listing's own function: the baseline row, and the sources read beside the
 * main one. On entry it runs between the reading and the first line, so it is long for the same reason as `step`.
 */
function recordCall(listing: Listing, call: Frame, isEntry: boolean): void {
  const { sheet, start, aside, tallies } = listing;
  if (isEntry) {
    const row = listing.first * listing.stride + listing.shift;
    const isFirst = Number.isNaN(sheet[1]!);
    sheet[0] = sheet[0]! + 1;
    sheet[row] = sheet[row]! + 1;
    const first = start[0]!;
    if (isFirst) sheet[1] = first;
    if (first > sheet[row + 2]!) sheet[row + 2] = first;
    if (start.length === 3) {
      const second = start[1]!;
      const third = start[2]!;
      if (isFirst) {
        sheet[2] = second;
        sheet[3] = third;
      }
      if (second > sheet[row + 4]!) sheet[row + 4] = second;
      if (third > sheet[row + 6]!) sheet[row + 6] = third;
    }
  }
  if (aside === undefined) return;
  const rss = aside.now[0]!;
  const heap = aside.now[1]!;
  const external = aside.now[2]!;
  if (isEntry) {
    call.rss = rss;
    call.heap = heap;
    call.external = external;
  } else {
    tallies[TALLY_ASIDE + 1] = tallies[TALLY_ASIDE + 1]! + (rss - call.rss);
    tallies[TALLY_ASIDE + 3] = tallies[TALLY_ASIDE + 3]! + (heap - call.heap);
    tallies[TALLY_ASIDE + 5] = tallies[TALLY_ASIDE + 5]! + (external - call.external);
  }
  if (rss > tallies[TALLY_ASIDE]!) tallies[TALLY_ASIDE] = rss;
  if (heap > tallies[TALLY_ASIDE + 2]!) tallies[TALLY_ASIDE + 2] = heap;
  if (external > tallies[TALLY_ASIDE + 4]!) tallies[TALLY_ASIDE + 4] = external;
}

export const EXACT: Charging = {
  step,
  enter(listing, frame) {
    if (listing.isWatched) {
      frame.block = listing.owner.beginCall!(listing, frame.block, frame);
      listing.sheet = frame.block.sheet!;
    }
    recordCall(listing, frame, true);
  },
  exit(listing, frame) {
    if (listing.aside !== undefined) {
      listing.aside.read();
      recordCall(listing, frame, false);
    }
    if (listing.isWatched) listing.owner.endCall!(listing, frame);
  },
};
