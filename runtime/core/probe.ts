/**
 * The hot path: what compiled code calls at every line. It decides nothing but which row a reading closes
 * (docs/reading-the-numbers.md); it must not know sources, options or reports.
 *
 * A listing's charge always runs from `start` to the next reading. Every reading taken while the listing runs
 * closes exactly one row and starts the next charge, so the increments add up to the byte.
 */
import type { Activation } from "../../contract/module-table.ts";
import { type Block, ENDED, type Frame, type Listing, NO_LINE, SUSPENDED } from "./state.ts";

/** A disposable. The symbol is looked up when it is needed: a program may hide newer globals while it loads us. */
export function onDispose(leave: () => void): { [Symbol.dispose](): void } {
  return { [Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose)]: leave };
}

/** See `Charging.step`. */
function charge(listing: Listing, line: number, starts: number): void {
  listing.charging.step(listing, line, starts);
}

/**
 * Charges what runs up to now, so that figures can be looked at in the middle of a call, or something else begins to run.
 * A top activation without a line has just entered: nothing ran since its reading, which serves again. Where nothing runs,
 * there is a reading if `isFirst` asks for one.
 */
export function settle(listing: Listing, isFirst = false): void {
  if (isFirst || listing.open !== NO_LINE) charge(listing, listing.open, 0);
}

/** Begins a call of a function of `listing`, which is prepared. */
export function enter(listing: Listing, isOuter: boolean, suspends: boolean): Activation {
  if (isOuter) listing.aside?.read();
  settle(listing, listing.depth === 0);
  const frame = activate(listing, suspends);
  const below = push(listing, frame);
  frame.open = NO_LINE;
  frame.isOuter = isOuter;
  frame.block = below?.block ?? listing.home;
  listing.sheet = frame.block.sheet!;
  if (isOuter) listing.charging.enter(listing, frame);
  listing.open = NO_LINE;
  return frame;
}

/** An activation of its own, not charged to the program; or, for a function that cannot suspend, the one of this depth. */
function activate(listing: Listing, suspends: boolean): Call {
  if (suspends) {
    listing.reader.activated?.();
    return new Call(listing);
  }
  listing.pool[listing.depth + 1] ??= new Call(listing);
  return listing.pool[listing.depth + 1] as Call;
}

/** Puts a frame on the stack. Returns the one below, which keeps its place. */
export function push(listing: Listing, frame: Frame): Frame | null | undefined {
  const below = listing.stack[listing.depth];
  if (below) below.open = listing.open;
  frame.depth = ++listing.depth;
  listing.stack[frame.depth] = frame;
  return below;
}

/** Takes everything above `depth` off the stack, for a while or for good; the activation there goes on. */
function popTo(listing: Listing, depth: number, mark: typeof SUSPENDED | typeof ENDED): void {
  for (let d = listing.depth; d > depth; d--) {
    const frame = listing.stack[d]!;
    frame.depth = mark;
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
 * One call of a function; see `Activation` for what compiled code may do with it. Another compiler may move a probe into a
 * function that outlives the call: after its end every probe of it does nothing. (One that is used again for a later call
 * at the same depth is that call's while it runs.)
 */
export class Call implements Activation, Frame {
  protected readonly listing: Listing;
  depth: number = SUSPENDED;
  open = NO_LINE;
  block: Block;
  isOuter = false;
  rss = 0;
  heap = 0;
  external = 0;

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
    this.leave(ENDED);
    if (this.isOuter) this.listing.charging.exit?.(this.listing, this);
  }

  suspend<const T>(value?: T): T {
    this.leave(SUSPENDED);
    return value as T;
  }

  resume<const T>(value?: T): T {
    if (this.listing.depth !== this.depth) this.arrive();
    return value as T;
  }

  onLeave(): { [Symbol.dispose](): void } {
    return onDispose(() => this.leave(SUSPENDED));
  }

  /** Off the stack, with the reading that closes the open line. */
  protected leave(mark: typeof SUSPENDED | typeof ENDED): void {
    if (this.depth > 0) {
      const listing = this.listing;
      if (listing.depth === this.depth) this.open = listing.open;
      if (listing.open !== NO_LINE) charge(listing, NO_LINE, 0);
      popTo(listing, this.depth - 1, mark);
    } else if (mark === ENDED) this.depth = ENDED;
  }

  /** Closes the open line and opens line `n`; resumes if need be, with the one reading. */
  private goTo(n: number, starts: number): void {
    const listing = this.listing;
    if (listing.depth !== this.depth) this.arrive();
    else if (listing.open !== NO_LINE) return charge(listing, n, starts);
    if (listing.depth !== this.depth) return;
    listing.open = n;
    listing.sheet[n * listing.stride + listing.shift]! += starts;
  }

  /** Makes this activation the one that runs, if it has not ended: it was suspended, or others were left above it. */
  protected arrive(): void {
    if (this.depth === ENDED) return;
    const listing = this.listing;
    settle(listing, listing.depth === 0);
    if (this.depth > 0) {
      // What is above may run still, if this probe was moved into a function that it calls: then it comes back.
      popTo(listing, this.depth, SUSPENDED);
      return;
    }
    const below = push(listing, this);
    // The call that this activation ran in may have ended meanwhile: then what runs now encloses it.
    if (this.block.sheet === undefined) this.block = below?.block ?? listing.home;
    listing.open = this.open;
    listing.sheet = this.block.sheet!;
  }
}
