/**
 * The hot path: what compiled code calls at every line. It decides nothing but which row a reading closes
 * (docs/reading-the-numbers.md); it must not know sources, options or reports.
 *
 * A listing's charge always runs from `start` to the next reading. Every reading taken while the listing runs
 * closes exactly one row and starts the next charge, so the increments add up to the byte.
 */
import type { Activation } from "../contract/module-table.ts";
import {
  ASIDE_METRICS,
  type Block,
  type Frame,
  type Listing,
  NO_LINE,
  OFF_STACK,
  TALLY_ASIDE,
  TALLY_READINGS,
} from "./state.ts";

const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

/** Takes a reading and charges what has changed since `start` to the open line. */
export function step(listing: Listing): void {
  const reader = listing.reader;
  reader.read();
  charge(listing, reader.now);
  if (--reader.untilNull === 0) step(listing);
}

function charge(listing: Listing, now: Float64Array): void {
  const { start, sheet, open } = listing;
  listing.tallies[TALLY_READINGS]! += 1;
  if (open === NO_LINE) {
    for (let m = 0; m < now.length; m++) start[m] = now[m]!;
    return;
  }
  let cell = open * listing.stride + listing.shift + 1;
  for (let m = 0; m < now.length; m++, cell += 2) {
    const reading = now[m]!;
    sheet[cell]! += reading - start[m]!;
    if (reading > sheet[cell + 1]!) sheet[cell + 1] = reading;
    start[m] = reading;
  }
}

/** Charges what runs up to now, so that figures can be looked at in the middle of a call. */
export function settle(listing: Listing): void {
  if (listing.open !== NO_LINE) step(listing);
}

/** Begins a call of a function of `listing`. */
export function enter(listing: Listing, isOuter: boolean, suspends: boolean): Activation {
  if (!listing.isPrepared) listing.owner.prepare(listing);
  const aside = isOuter ? listing.aside : undefined;
  if (aside !== undefined) aside.read();
  // A top activation without a line has just entered: nothing ran since its reading, which serves again.
  if (listing.depth === 0 || listing.open !== NO_LINE) step(listing);
  const frame = suspends ? new Call(listing) : pooled(listing);
  push(listing, frame);
  const below = listing.stack[frame.depth - 1];
  frame.open = NO_LINE;
  frame.isOuter = isOuter;
  frame.block = below ? below.block : listing.home;
  if (isOuter) {
    if (listing.isPerCall) frame.block = listing.owner.beginCall(listing, below ? below.block : undefined, frame);
    listing.sheet = frame.block.sheet!;
    countCall(listing);
    if (aside !== undefined) beginAside(listing.tallies, aside.now, frame);
  } else {
    listing.sheet = frame.block.sheet!;
  }
  listing.open = NO_LINE;
  return frame;
}

function pooled(listing: Listing): Call {
  const depth = listing.depth + 1;
  const call = listing.pool[depth] as Call | undefined;
  if (call !== undefined) return call;
  const fresh = new Call(listing);
  listing.pool[depth] = fresh;
  return fresh;
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

/** The baseline row: calls of the listing's own function, and the readings on entry. */
function countCall(listing: Listing): void {
  const { sheet, start } = listing;
  const row = listing.first * listing.stride + listing.shift;
  sheet[0]! += 1;
  sheet[row]! += 1;
  for (let m = 0; m < start.length; m++) {
    const reading = start[m]!;
    if (Number.isNaN(sheet[1 + m])) sheet[1 + m] = reading;
    if (reading > sheet[row + 2 + 2 * m]!) sheet[row + 2 + 2 * m] = reading;
  }
}

function beginAside(tallies: Float64Array, now: Float64Array, call: Call): void {
  call.rssAtEntry = now[0]!;
  call.heapAtEntry = now[1]!;
  call.externalAtEntry = now[2]!;
  raisePeaks(tallies, now);
}

function endAside(tallies: Float64Array, now: Float64Array, call: Call): void {
  tallies[TALLY_ASIDE + 1]! += now[0]! - call.rssAtEntry;
  tallies[TALLY_ASIDE + 3]! += now[1]! - call.heapAtEntry;
  tallies[TALLY_ASIDE + 5]! += now[2]! - call.externalAtEntry;
  raisePeaks(tallies, now);
}

function raisePeaks(tallies: Float64Array, now: Float64Array): void {
  for (let i = 0; i < ASIDE_METRICS.length; i++) {
    const peak = TALLY_ASIDE + 2 * i;
    if (now[i]! > tallies[peak]!) tallies[peak] = now[i]!;
  }
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
    const listing = this.listing;
    this.goTo(n);
    listing.sheet[n * listing.stride + listing.shift]! += 1;
  }

  back<const T>(n: number, value: T): T {
    this.goTo(n);
    return value;
  }

  at<const T>(n: number, value: T): T {
    this.line(n);
    return value;
  }

  exit(): void {
    const listing = this.listing;
    if (this.depth !== OFF_STACK) {
      if (listing.open !== NO_LINE) step(listing);
      popTo(listing, this.depth - 1);
    }
    if (!this.isOuter) return;
    const aside = listing.aside;
    if (aside !== undefined) {
      aside.read();
      endAside(listing.tallies, aside.now, this);
    }
    if (listing.isPerCall) listing.owner.endCall(listing, this.block, this);
  }

  suspend<const T>(value?: T): T {
    if (this.depth !== OFF_STACK) {
      const listing = this.listing;
      const isTop = listing.depth === this.depth;
      if (listing.open !== NO_LINE) step(listing);
      if (isTop) this.open = listing.open;
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
  private goTo(n: number): void {
    const listing = this.listing;
    if (listing.depth !== this.depth) this.arrive();
    else if (listing.open !== NO_LINE) step(listing);
    listing.open = n;
  }

  /** Makes this activation the one that runs: it was suspended, or others were left above it. */
  private arrive(): void {
    const listing = this.listing;
    if (listing.depth === 0 || listing.open !== NO_LINE) step(listing);
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
