/**
 * Whose time it is: one stack, for a thread, of what profiled code runs. What has passed between leaving a probe and
 * arriving at the next is the open row's of what is on top; where nothing is, or has no row yet, it is nobody's.
 *
 * Listings keep their own stacks, and tell nobody of them. So this one follows: at each arrival it looks at the listing
 * that was here last, and at the one that is here now. Times in milliseconds.
 */

/** Of what has a stack of its own: a listing. */
export abstract class TimeOwner {
  /** How many of its activations are in the stack. */
  followed = 0;
  readonly cells = new Float64Array(OWNER_CELLS);
  /** In its first cell: what profiled code of others took that it called, recursion counted once. */
  readonly callees: Float64Array;

  constructor(callees: Float64Array) {
    this.callees = callees;
  }

  /** How many of its activations are on its own stack. */
  abstract get depth(): number;
  /** Where the time of the open row goes, and the index there; -1 while there is none. */
  abstract get times(): Float64Array;
  abstract get row(): number;

  /** The outermost of its activations has begun, or has ended; `called`: what others took meanwhile. */
  began(): void {}
  ended(called: number): void {
    this.callees[0] = this.callees[0]! + called;
  }
}

/** What was taken by its own rows. */
const OWN = 0;
/** What was taken by the rows of others when its outermost activation began. */
const OTHERS_THEN = 1;
const OWNER_CELLS = 2;

/** When the last probe was left. */
const LEFT = 0;
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
const CELLS = 7;

export class TimeStack {
  private readonly now: () => number;
  private readonly owners: TimeOwner[] = [];
  private readonly cells = new Float64Array(CELLS);
  /** Whose probe was the last. */
  private last: TimeOwner | undefined;
  /** What has passed has been taken already. */
  private hasArrived = false;
  /** Mode `auto`: a slow call takes several readings, of which the first ends what the program did. */
  private caller: TimeOwner | undefined;
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

  /** A probe of `owner` begins. `isNull`: nothing has run since the one before. */
  arrive(owner: TimeOwner, isNull = false): void {
    const { cells } = this;
    if (this.hasArrived && !isNull && this.caller === undefined) return;
    cells[NOW] = this.now();
    if (this.hasArrived && this.caller !== undefined) cells[OURS] = cells[OURS]! + (cells[NOW]! - cells[LEFT]!);
    if (this.hasArrived || isNull) return;
    this.hasArrived = true;
    if (this.last !== undefined) this.follow(this.last);
    if (owner !== this.last) this.follow(owner);
    this.take();
  }

  /** What runs until the next probe is left is the profiler's own. */
  pause(): void {
    if (this.hasArrived || this.last === undefined) return;
    this.arrive(this.last);
    this.skip();
  }

  private take(): void {
    const { cells, owners } = this;
    const top = owners[owners.length - 1];
    if (top === undefined) return;
    const { row } = top;
    if (row < 0) return;
    const passed = cells[NOW]! - cells[LEFT]! - cells[COST]!;
    const called = this.unfollowed === undefined ? 0 : this.unfollowed() - cells[UNFOLLOWED]!;
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
    cells[OURS] = cells[OURS]! + (now - cells[NOW]!);
    cells[LEFT] = now;
  }

  /** What runs until `goOn` is not the program's. */
  skip(): void {
    this.hasArrived = true;
  }

  /** A slow call of a counter of `owner` begins; its readings are told as those of `here`. */
  beginCall(owner: TimeOwner): void {
    this.caller = owner;
    this.hasArrived = false;
  }

  endCall(): void {
    this.caller = undefined;
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
    owner.began();
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

  /** What `owner` does not take itself, though its rows stand for it: the time of a sample is that of its line. */
  giveBack(ms: number): void {
    this.cells[EXACT] = this.cells[EXACT]! - ms;
  }

  /** Up to now: what has passed, less what the profiler took and rows that were followed. */
  get rest(): number {
    return this.now() - this.cells[OURS]! - this.cells[EXACT]!;
  }
}
