/**
 * Whose time it is: one stack, for a thread, of what profiled code runs. What has passed between leaving a probe and
 * arriving at the next is the open row's of what is on top; where nothing is, or has no row yet, it is nobody's.
 *
 * Listings keep their own stacks, and tell nobody of them. So this one follows: at each arrival it looks at the listing
 * that was here last, and at the one that is here now. Times in milliseconds.
 */

/** What has a stack of its own: a listing. */
export interface TimeOwner {
  /** How many of its activations are on its own stack. */
  readonly depth: number;
  /** Where the time of the open row goes, and the index there; -1 while there is none. */
  readonly times: Float64Array;
  readonly row: number;
  /** What others took that it called, since this was said last. */
  ended(called: number): void;
  /**
   * Its slow call begins, `now`. @returns how much more than was to be expected its lines have taken that were not followed
   */
  arriving?(now: number): number;
  /** The stack's own. */
  followed: number;
  readonly cells: Float64Array;
}

/** What was taken by its own rows. */
const OWN = 0;
/** What was taken by the rows of others when its outermost activation began. */
const OTHERS_THEN = 1;
export const OWNER_CELLS = 2;

/** When the last probe was left. */
const LEFT = 0;
/** When this one was arrived at. */
const NOW = 1;
/** What all rows took. */
const TAKEN = 2;
/** What two readings of the clock leave between them. */
const COST = 3;
/** What the profiler took. */
const OURS = 4;
/** What lines that are not followed should have taken when the last probe was left. */
const UNFOLLOWED = 5;
/** What rows took that were followed. */
const EXACT = 6;
const COST_COUNTED = 7;
/** Read for what that leaves on the heap. */
const ASIDE = 8;
/** What the profiler took, interruptions apart. */
const SPENT = 9;
const CELLS = 10;
/** What takes longer was interrupted. */
const MOST_MS = 0.05;

export class TimeStack {
  private readonly now: () => number;
  private readonly owners: TimeOwner[] = [];
  private readonly cells = new Float64Array(CELLS);
  /** Whose probe was the last. */
  private last: TimeOwner | undefined;
  /** What has passed has been taken already. */
  private hasArrived = false;
  /** Mode `auto`: whose slow call runs, and whether it has taken a reading. */
  private caller: TimeOwner | undefined;
  private hasRead = false;
  private isCounting = false;
  /** What lines that are not followed should have taken up to now. */
  unfollowed: (() => number) | undefined;

  /** @param now milliseconds, as finely as there are */
  constructor(now: () => number) {
    this.now = now;
  }

  /** @param ms of what is between leaving a probe and arriving at the next, where nothing is */
  learn(ms: number): void {
    this.cells[COST] = ms;
  }

  /** The same of a slow call in mode `auto`. */
  learnCounted(ms: number): void {
    this.cells[COST_COUNTED] = ms;
  }

  /** A probe of `owner` begins. `isNull`: nothing has run since the one before. */
  arrive(owner: TimeOwner, isNull = false): void {
    const { cells } = this;
    if (this.caller !== undefined) {
      // Each reading leaves as much on the heap as any other: the first one of a call has its clock at the call's beginning.
      if (this.hasRead) cells[ASIDE] = this.now();
      this.hasRead = true;
    } else if (isNull) cells[ASIDE] = this.now();
    else if (!this.hasArrived) {
      this.isCounting = false;
      this.begin(owner);
    }
  }

  private begin(owner: TimeOwner): void {
    this.cells[NOW] = this.now();
    this.hasArrived = true;
    if (this.last !== undefined) this.follow(this.last);
    if (owner !== this.last) this.follow(owner);
    this.take(owner.arriving?.(this.cells[NOW]!) ?? 0);
  }

  /** What runs until the next probe is left is the profiler's own. */
  pause(): void {
    if (this.hasArrived || this.last === undefined) return;
    this.arrive(this.last);
    this.skip();
  }

  private take(more: number): void {
    const { cells, owners } = this;
    const top = owners[owners.length - 1];
    if (top === undefined) return;
    const { row } = top;
    if (row < 0) return;
    const passed = cells[NOW]! - cells[LEFT]! - cells[this.isCounting ? COST_COUNTED : COST]!;
    const called = this.unfollowed === undefined ? 0 : this.unfollowed() - cells[UNFOLLOWED]! + more;
    const own = called > 0 ? Math.max(0, passed - called) : passed;
    const { times } = top;
    times[row] = times[row]! + own;
    top.cells[OWN] = top.cells[OWN]! + own;
    cells[TAKEN] = cells[TAKEN]! + passed;
    cells[EXACT] = cells[EXACT]! + own;
  }

  /** The probe ends: the last thing that it does. */
  leave(owner: TimeOwner): void {
    this.last = owner;
    this.goOn();
  }

  /** The program goes on, where it was left. */
  goOn(): void {
    const { cells } = this;
    if (this.caller === undefined) this.hasArrived = false;
    if (this.unfollowed !== undefined) cells[UNFOLLOWED] = this.unfollowed();
    const now = this.now();
    const ours = now - cells[NOW]!;
    cells[OURS] = cells[OURS]! + ours;
    cells[SPENT] = cells[SPENT]! + Math.min(ours, MOST_MS);
    cells[NOW] = now;
    cells[LEFT] = now;
  }

  /** What runs until `goOn` is not the program's. */
  skip(): void {
    this.hasArrived = true;
  }

  /** A slow call of a counter of `owner` begins. It takes any number of readings. */
  beginCall(owner: TimeOwner): void {
    this.isCounting = true;
    if (!this.hasArrived) this.begin(owner);
    this.caller = owner;
    this.hasRead = false;
  }

  endCall(): void {
    const { caller } = this;
    this.caller = undefined;
    if (!this.hasRead && caller !== undefined) this.leave(caller);
    this.hasArrived = false;
  }

  get here(): TimeOwner | undefined {
    return this.caller;
  }

  /** Brings the stack up to date with that of `owner`. */
  private follow(owner: TimeOwner): void {
    const { depth } = owner;
    while (owner.followed > depth) this.drop(owner);
    while (owner.followed < depth) this.push(owner);
  }

  private push(owner: TimeOwner): void {
    this.owners[this.owners.length] = owner;
    if (owner.followed++ > 0) return;
    owner.cells[OTHERS_THEN] = this.cells[TAKEN]! - owner.cells[OWN]!;
  }

  /** Takes its innermost activation off: on top, but for one that was left without its end. */
  private drop(owner: TimeOwner): void {
    const { owners } = this;
    if (owners[owners.length - 1] === owner) owners.length--;
    else owners.splice(owners.lastIndexOf(owner), 1);
    if (--owner.followed === 0) this.settle(owner);
  }

  /** What `owner` has called up to now. */
  settle(owner: TimeOwner): void {
    const { cells } = owner;
    const others = this.cells[TAKEN]! - cells[OWN]!;
    owner.ended(others - cells[OTHERS_THEN]!);
    cells[OTHERS_THEN] = others;
  }

  /** Before figures are looked at: what it has called, if it runs. */
  settleRunning(owner: TimeOwner): void {
    if (owner === this.last) this.follow(owner);
    if (owner.followed > 0) this.settle(owner);
  }

  /** What passes from now on, and is not `ours` or of rows that are followed: to be subtracted from what it says later. */
  get passedBefore(): number {
    return this.restAt(this.cells[LEFT]!);
  }

  restAt(now: number): number {
    return now - this.cells[OURS]! - this.cells[EXACT]!;
  }

  /** Lines that were not followed are known to have taken it. */
  know(ms: number): void {
    this.cells[EXACT] = this.cells[EXACT]! + ms;
  }

  /** What is between two readings of the clock in mode `auto`. */
  get cost(): number {
    return this.cells[COST_COUNTED]!;
  }

  /** What the profiler took, interruptions apart. */
  get spent(): number {
    return this.cells[SPENT]!;
  }

  /** Up to now: what has passed, less what the profiler took and rows that were followed. */
  get rest(): number {
    return this.restAt(this.now());
  }
}
