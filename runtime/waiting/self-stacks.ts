/**
 * The option self: what rows took themselves, without what profiled functions of other listings took that they called.
 *
 * Listings keep their own stacks, and tell nobody of them. So a stack for each source follows: at each reading it looks at
 * the listing that was read last, and at the one that is read now. What has come between two readings is the open row's of
 * what is on top; so each byte of profiled code is one row's own. A listing of another source is not on it: what that took
 * is not known in this one.
 */
import { type Block, type Charging, type Listing, NO_LINE } from "../core/state.ts";
import type { GapClock } from "./gap-clock.ts";
import { type RecordWaits, SELF } from "./record-waits.ts";

/** A listing, and how many of its activations are on the stack. */
interface Owner {
  readonly waits: RecordWaits;
  readonly stack: SelfStack;
  followed: number;
}

/** Those of a thread. */
export class SelfStacks {
  private readonly stacks = new WeakMap<GapClock, SelfStack>();
  private readonly owners = new WeakMap<Listing, Owner>();

  /** `waits` is measured by its clock from now on, each time that one of its lines starts. */
  follow(waits: RecordWaits): void {
    const { clock, listing } = waits;
    const before = this.owners.get(listing);
    before?.stack.forget(before);
    const stack = this.stacks.get(clock) ?? new SelfStack(clock.bytes.length);
    this.stacks.set(clock, stack);
    this.owners.set(listing, { waits, stack, followed: 0 });
    waits.hasSelf = true;
  }

  /** Readings of listings that nobody follows are as ever. */
  charging(charging: Charging): Charging {
    const { step } = charging;
    return {
      ...charging,
      step: (listing, line, starts) => {
        const owner = this.owners.get(listing);
        owner?.stack.arrive(owner);
        step(listing, line, starts);
        owner?.stack.take(listing.start);
      },
    };
  }
}

class SelfStack {
  private readonly owners: Owner[] = [];
  /** Whose reading was the last, and what it said. */
  private last: Owner | undefined;
  private readonly before: Float64Array;
  private readonly bytes: Float64Array;
  /** Whose row has run up to the reading that comes. */
  private top: Owner | undefined;
  private line = NO_LINE;
  private block: Block | undefined;

  constructor(metrics: number) {
    this.before = new Float64Array(metrics);
    this.bytes = new Float64Array(metrics);
  }

  /** A reading of `owner` comes. */
  arrive(owner: Owner): void {
    if (this.last !== undefined) this.keepUp(this.last);
    if (owner !== this.last) this.keepUp(owner);
    this.last = owner;
    const { owners } = this;
    this.top = owners[owners.length - 1];
    if (this.top === undefined) return;
    const { listing } = this.top.waits;
    this.line = listing.open;
    this.block = listing.stack[listing.depth]?.block ?? listing.home;
  }

  /** It has come, and says `now`. */
  take(now: Float64Array): void {
    const { before, bytes, top, line } = this;
    let hasChanged = false;
    for (let m = 0; m < bytes.length; m++) {
      bytes[m] = now[m]! - before[m]!;
      before[m] = now[m]!;
      if (bytes[m] !== 0) hasChanged = true;
    }
    if (hasChanged && top !== undefined && line !== NO_LINE) top.waits.add(this.block!, line, SELF, bytes);
  }

  private keepUp(owner: Owner): void {
    const { depth } = owner.waits.listing;
    for (; owner.followed > depth; owner.followed--) this.drop(owner);
    for (; owner.followed < depth; owner.followed++) this.owners[this.owners.length] = owner;
  }

  /** Takes its innermost activation off: on top, but for one that was left without its end. */
  private drop(owner: Owner): void {
    const { owners } = this;
    if (owners[owners.length - 1] === owner) owners.length--;
    else owners.splice(owners.lastIndexOf(owner), 1);
  }

  forget(owner: Owner): void {
    for (; owner.followed > 0; owner.followed--) this.drop(owner);
    if (this.last === owner) this.last = undefined;
  }
}
