/**
 * When a store grows: V8 makes a larger place for an array of L elements at L + L/2 + 16, for a Map or Set at powers of
 * two. A growth is seldom and large, so it is read when it comes, and never taken for what the line mostly does.
 */

const SMALL_ARRAY = 4096;
const SMALL_TABLE = 2048;
/** Bytes that a line may make besides. */
const BESIDES = 16384;
/** An array's growth comes up to so many elements earlier or later, by how far V8 has optimised the line. */
const SLACK = 8;
const MISSES = 3;
/** A growth may come as a collection does, which it is itself a reason for: what is seen is no more than this part of it, */
const MOST_BESIDE = 0.8;
/** and more than the line mostly takes, or less than nothing. */
const LEAST_BESIDE = 64 * 1024;
/** Other stores under one line without a growth seen, after which it is not followed any more. */
const STORES = 8;

/** Growths from which it is known what one takes. */
const LATELY = 5;
const FEWEST = 3;

const POSSIBLE = 0;
const CERTAIN = 1;

/** The first length from `length` on at which an array grows that was empty. */
function lengthOfGrowth(length: number): number {
  let next = 17;
  while (next < length) next += (next >> 1) + 17;
  return next;
}

export class Growth {
  private store: WeakRef<object> | undefined;
  private stores = 0;
  /** The length at which the store grows next, -1 if that is not known. */
  private next = -1;
  private isLocked = false;
  private slack = SLACK;
  private misses = 0;
  private length = -1;
  /** Elements in the reading that begins now, and what growths that were seen lately took for each. Bytes. */
  private size = 0;
  private readonly each = new Float64Array(LATELY);
  private seen = 0;
  /** What a growth took, if there was one in a reading that a collection was in, too; and that of those there were. */
  private readonly hidden = new Float64Array(2);
  /** The reading that begins now is of a growth. */
  isDue = false;

  /**
   * @param random 0 to 1
   * @returns how many times the line may run until the store may grow, 0 if nothing is known
   */
  until(store: unknown, random: number): number {
    this.isDue = false;
    this.length = -1;
    if (typeof store !== "object" || store === null) return 0;
    if (store instanceof Map || store instanceof Set) return this.untilTable(store.size, random);
    return Array.isArray(store) ? this.untilArray(store) : 0;
  }

  private untilTable(size: number, random: number): number {
    // Never as many from a small one on: of many that are filled alike the same element would be read each time.
    if (size < SMALL_TABLE) return Math.ceil((SMALL_TABLE - size) * (1 + random) * 0.5);
    this.size = size;
    const capacity = 2 ** Math.ceil(Math.log2(size));
    this.isDue = capacity === size;
    return Math.max(1, capacity - size);
  }

  private untilArray(store: unknown[]): number {
    const { length } = store;
    if (this.store?.deref() !== store) {
      if (this.stores > STORES) return 0;
      this.store = new WeakRef(store);
      this.stores++;
      // One that is met when it is large has grown from nothing, as a rule.
      this.isLocked = length >= SMALL_ARRAY;
      this.next = this.isLocked ? lengthOfGrowth(length) - (SLACK >> 1) : length;
      this.slack = SLACK;
      this.misses = 0;
      this.hidden[POSSIBLE] = 0;
    }
    this.length = length;
    this.size = length;
    if (this.next < 0) return 0;
    const left = this.next - length;
    if (left > 2) return left - 2;
    this.isDue = this.isLocked || length < SMALL_ARRAY;
    if (length <= this.next + (this.isLocked ? this.slack : SMALL_ARRAY)) return 1;
    return this.miss();
  }

  /** The growth was not seen: it is taken for granted, and the next one awaited for longer. */
  private miss(): number {
    if (!this.isLocked || this.misses === MISSES) {
      this.next = -1;
      return 0;
    }
    this.misses++;
    this.confirmHidden();
    const grown = this.next + 4;
    this.next = grown + (grown >> 1) + 12 - (this.slack >> 1);
    this.slack *= 2;
    return Math.max(1, this.next - this.length - 2);
  }

  /**
   * What growths have taken of which a collection has hidden a part, or all, since this was asked. Bytes.
   */
  takeHidden(): number {
    const bytes = this.hidden[CERTAIN]!;
    this.hidden[CERTAIN] = 0;
    return bytes;
  }

  private confirmHidden(): void {
    const { hidden } = this;
    hidden[CERTAIN] = hidden[CERTAIN]! + hidden[POSSIBLE]!;
    hidden[POSSIBLE] = 0;
  }

  /**
   * The line has allocated `bytes`, less what a collection took.
   *
   * @param most what it mostly allocates, at the most
   * @returns whether the store grew by them
   */
  grew(bytes: number, most: number): boolean {
    const isBeside = bytes < -LEAST_BESIDE || bytes > most + LEAST_BESIDE;
    if (this.isDue && isBeside && this.noteLess(bytes)) return bytes > 0;
    if (!this.isGrowth(bytes)) return false;
    this.note(bytes);
    this.hidden[POSSIBLE] = 0;
    return true;
  }

  /** Notes less than a growth takes, which may be one all the same. @returns whether it is less */
  private noteLess(bytes: number): boolean {
    const expected = this.usual * this.size;
    const seen = Math.max(0, bytes);
    if (this.seen < FEWEST || seen >= MOST_BESIDE * expected) return false;
    this.note(seen);
    this.hidden[POSSIBLE] = expected - seen;
    // A table grows now or not at all.
    if (this.length < 0) this.confirmHidden();
    return true;
  }

  private note(bytes: number): void {
    this.each[this.seen++ % LATELY] = bytes / this.size;
  }

  /** Something else may have come with some of them. */
  private get usual(): number {
    const each = this.each.slice(0, Math.min(this.seen, LATELY)).sort();
    return each[(each.length - 1) >> 1] ?? 0;
  }

  private isGrowth(bytes: number): boolean {
    const { length } = this;
    if (length < 0) return this.isDue && bytes > BESIDES;
    // Eight bytes an element, of half as many more; other things that the line makes may be among them, but not mostly.
    if (length < 16 || bytes < 8 * 1.3 * length || bytes > 2 * 8 * 1.5 * length + BESIDES) return false;
    this.isLocked = true;
    this.stores = 0;
    this.slack = SLACK;
    this.misses = 0;
    this.next = length + 1 + ((length + 1) >> 1) + 13;
    return true;
  }

  /** Its growths are read when they come. */
  get isFollowed(): boolean {
    return this.isLocked && this.next > 0;
  }
}
