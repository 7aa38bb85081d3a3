/**
 * The hot path: what compiled code calls at every line. It decides nothing but which row a reading closes
 * (docs/reading-the-numbers.md); it must not know sources, options or reports.
 *
 * A listing's charge always runs from `start` to the next reading. Every reading taken while the listing runs
 * closes exactly one row and starts the next charge, so the increments add up to the byte.
 */
import type { Activation } from "../contract/module-table.ts";
import { type Block, type Frame, type Listing, NO_LINE, OFF_STACK } from "./state.ts";

export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

/** See `Charging.step`. */
function charge(listing: Listing, line: number, starts: number): void {
  listing.charging.step(listing, line, starts);
}

/** Opens a line at the reading that has just been taken. */
function begin(listing: Listing, line: number, starts: number): void {
  listing.open = line;
  listing.sheet[line * listing.stride + listing.shift]! += starts;
}

/** Charges what runs up to now, so that figures can be looked at in the middle of a call. */
export function settle(listing: Listing): void {
  if (listing.open !== NO_LINE) charge(listing, listing.open, 0);
}

/** Begins a call of a function of `listing`. */
export function enter(listing: Listing, isOuter: boolean, suspends: boolean): Activation {
  if (!listing.isPrepared) listing.owner.prepare(listing);
  const aside = isOuter ? listing.aside : undefined;
  if (aside !== undefined) aside.read();
  // A top activation without a line has just entered: nothing ran since its reading, which serves again.
  if (listing.depth === 0 || listing.open !== NO_LINE) charge(listing, listing.open, 0);
  const frame = suspends ? fresh(listing) : pooled(listing);
  push(listing, frame);
  const below = listing.stack[frame.depth - 1];
  frame.open = NO_LINE;
  frame.isOuter = isOuter;
  frame.block = below ? below.block : listing.home;
  if (isOuter) {
    if (listing.isWatched) frame.block = listing.owner.beginCall!(listing, below ? below.block : undefined, frame);
    listing.sheet = frame.block.sheet!;
    listing.charging.recordEntry(listing, frame);
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
  listing.pool[listing.depth + 1] ??= new Call(listing);
  return listing.pool[listing.depth + 1] as Call;
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
      if (listing.open !== NO_LINE) charge(listing, NO_LINE, 0);
      popTo(listing, this.depth - 1);
    }
    if (!this.isOuter) return;
    const aside = listing.aside;
    if (aside !== undefined) {
      aside.read();
      listing.charging.recordExit!(listing, this);
    }
    if (listing.isWatched) listing.owner.endCall!(listing, this.block, this);
  }

  suspend<const T>(value?: T): T {
    if (this.depth !== OFF_STACK) {
      const listing = this.listing;
      if (listing.depth === this.depth) this.open = listing.open;
      if (listing.open !== NO_LINE) charge(listing, NO_LINE, 0);
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
      charge(listing, n, starts);
      return;
    }
    begin(listing, n, starts);
  }

  /** Makes this activation the one that runs: it was suspended, or others were left above it. */
  private arrive(): void {
    const listing = this.listing;
    if (listing.depth === 0 || listing.open !== NO_LINE) charge(listing, listing.open, 0);
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
