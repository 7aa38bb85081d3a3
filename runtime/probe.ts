/**
 * The hot path: what compiled code calls at every line. It decides nothing but which row a reading closes
 * (docs/reading-the-numbers.md); it must not know sources, options or reports.
 *
 * A listing's charge always runs from `start` to the next reading. Every reading taken while the listing runs
 * closes exactly one row and starts the next charge, so the increments add up to the byte.
 */
import type { Activation } from "../contract/module-table.ts";
import { type Block, type Frame, type Listing, NO_LINE, OFF_STACK, TALLY_ASIDE, TALLY_READINGS } from "./state.ts";

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

/**
 * Takes a reading, charges what has changed since `start` to the open line, and opens `line`, which starts
 * `starts` times: 1, or 0 when control goes back to it.
 *
 * All arithmetic on doubles is here, and the function is long on purpose, with one and three metrics written out: V8
 * inlines no function of more than 460 bytes of bytecode. In an inlined or interpreted copy every double on the way
 * would be an allocation of 16 bytes, other than the null probe measures; this one copy is optimised before it counts.
 */
export function step(listing: Listing, line: number, starts: number): void {
  const { reader, start, sheet, tallies, open } = listing;
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

/** Opens a line at the reading that has just been taken. */
function begin(listing: Listing, line: number, starts: number): void {
  listing.open = line;
  listing.sheet[line * listing.stride + listing.shift]! += starts;
}

/** Charges what runs up to now, so that figures can be looked at in the middle of a call. */
export function settle(listing: Listing): void {
  if (listing.open !== NO_LINE) step(listing, listing.open, 0);
}

/** Begins a call of a function of `listing`. */
export function enter(listing: Listing, isOuter: boolean, suspends: boolean): Activation {
  if (!listing.isPrepared) listing.owner.prepare(listing);
  const aside = isOuter ? listing.aside : undefined;
  if (aside !== undefined) aside.read();
  // A top activation without a line has just entered: nothing ran since its reading, which serves again.
  if (listing.depth === 0 || listing.open !== NO_LINE) step(listing, listing.open, 0);
  const frame = suspends ? fresh(listing) : pooled(listing);
  push(listing, frame);
  const below = listing.stack[frame.depth - 1];
  frame.open = NO_LINE;
  frame.isOuter = isOuter;
  frame.block = below ? below.block : listing.home;
  if (isOuter) {
    if (listing.isWatched) frame.block = listing.owner.beginCall(listing, below ? below.block : undefined, frame);
    listing.sheet = frame.block.sheet!;
    recordCall(listing, frame, true);
  } else {
    listing.sheet = frame.block.sheet!;
  }
  listing.open = NO_LINE;
  return frame;
}

/** An activation of its own, not charged to the program. */
function fresh(listing: Listing): Call {
  listing.reader.activated?.();
  return new Call(listing);
}

function pooled(listing: Listing): Call {
  const depth = listing.depth + 1;
  const call = listing.pool[depth] as Call | undefined;
  if (call !== undefined) return call;
  const first = new Call(listing);
  listing.pool[depth] = first;
  return first;
}

/** Puts a frame on the stack; the one below keeps its place. */
function push(listing: Listing, frame: Frame): void {
  const below = listing.stack[listing.depth];
  if (below) below.open = listing.open;
  frame.depth = ++listing.depth;
  listing.stack[frame.depth] = frame;
}

/** Takes everything above `depth` off the stack; the activation there goes on. */
function popTo(listing: Listing, depth: number): void {
  for (let d = listing.depth; d > depth; d--) {
    const frame = listing.stack[d]!;
    frame.depth = OFF_STACK;
    // An abandoned generator must be collectable.
    listing.stack[d] = null;
  }
  listing.depth = depth;
  const below = listing.stack[depth];
  if (below) {
    listing.open = below.open;
    listing.sheet = below.block.sheet!;
  } else {
    listing.open = NO_LINE;
  }
}

/**
 * The beginning or the end of a call of the listing's own function: the baseline row, and the sources read beside the
 * main one. On entry it runs between the reading and the first line, so it is long for the same reason as `step`.
 */
function recordCall(listing: Listing, call: Call, isEntry: boolean): void {
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
    call.rssAtEntry = rss;
    call.heapAtEntry = heap;
    call.externalAtEntry = external;
  } else {
    tallies[TALLY_ASIDE + 1] = tallies[TALLY_ASIDE + 1]! + (rss - call.rssAtEntry);
    tallies[TALLY_ASIDE + 3] = tallies[TALLY_ASIDE + 3]! + (heap - call.heapAtEntry);
    tallies[TALLY_ASIDE + 5] = tallies[TALLY_ASIDE + 5]! + (external - call.externalAtEntry);
  }
  if (rss > tallies[TALLY_ASIDE]!) tallies[TALLY_ASIDE] = rss;
  if (heap > tallies[TALLY_ASIDE + 2]!) tallies[TALLY_ASIDE + 2] = heap;
  if (external > tallies[TALLY_ASIDE + 4]!) tallies[TALLY_ASIDE + 4] = external;
}

/** One call of a function; see `Activation` for what compiled code may do with it. */
class Call implements Activation, Frame {
  private readonly listing: Listing;
  depth = OFF_STACK;
  open = NO_LINE;
  block: Block;
  isOuter = false;
  rssAtEntry = 0;
  heapAtEntry = 0;
  externalAtEntry = 0;

  constructor(listing: Listing) {
    this.listing = listing;
    this.block = listing.home;
  }

  line(n: number): void {
    this.goTo(n, 1);
  }

  back<const T>(n: number, value: T): T {
    this.goTo(n, 0);
    return value;
  }

  at<const T>(n: number, value: T): T {
    this.goTo(n, 1);
    return value;
  }

  exit(): void {
    const listing = this.listing;
    if (this.depth !== OFF_STACK) {
      if (listing.open !== NO_LINE) step(listing, NO_LINE, 0);
      popTo(listing, this.depth - 1);
    }
    if (!this.isOuter) return;
    const aside = listing.aside;
    if (aside !== undefined) {
      aside.read();
      recordCall(listing, this, false);
    }
    if (listing.isWatched) listing.owner.endCall(listing, this.block, this);
  }

  suspend<const T>(value?: T): T {
    if (this.depth !== OFF_STACK) {
      const listing = this.listing;
      if (listing.depth === this.depth) this.open = listing.open;
      if (listing.open !== NO_LINE) step(listing, NO_LINE, 0);
      popTo(listing, this.depth - 1);
    }
    return value as T;
  }

  resume<const T>(value?: T): T {
    if (this.listing.depth !== this.depth) this.arrive();
    return value as T;
  }

  onLeave(): { [Symbol.dispose](): void } {
    return {
      [DISPOSE]: () => {
        this.suspend();
      },
    };
  }

  /** Closes the open line and opens line `n`; resumes if need be, with the one reading. */
  private goTo(n: number, starts: number): void {
    const listing = this.listing;
    if (listing.depth !== this.depth) this.arrive();
    else if (listing.open !== NO_LINE) {
      step(listing, n, starts);
      return;
    }
    begin(listing, n, starts);
  }

  /** Makes this activation the one that runs: it was suspended, or others were left above it. */
  private arrive(): void {
    const listing = this.listing;
    if (listing.depth === 0 || listing.open !== NO_LINE) step(listing, listing.open, 0);
    if (this.depth !== OFF_STACK) {
      popTo(listing, this.depth);
      return;
    }
    // The call that this activation ran in may have ended meanwhile: then what runs now encloses it.
    const below = listing.stack[listing.depth];
    if (this.block.sheet === undefined) this.block = below ? below.block : listing.home;
    push(listing, this);
    listing.open = this.open;
    listing.sheet = this.block.sheet!;
  }
}
