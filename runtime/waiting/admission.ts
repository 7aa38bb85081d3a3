/**
 * Mode `auto`: how many calls may know that they wait. Each costs some microseconds beside an `await` of a tenth of one, so
 * in a storm of calls most are only counted; then what comes while they wait stands on the rows of the others. Times in milliseconds.
 */

/** As many at once, at the start and after a pause. */
const BURST = 5000;
/** And as many a millisecond for good: a tenth of the time. */
const PER_MS = 40;
/** Calls that are refused between two looks at the clock, in one turn of the event loop. */
const REFUSED_PER_LOOK = 64;

export class Admission {
  private readonly now: () => number;
  private readonly nextTurn: (work: () => void) => void;
  private isSameTurn = false;
  private readonly lookedAt = new Float64Array(1);
  private left = BURST;
  private untilLook = REFUSED_PER_LOOK;

  /** @param nextTurn calls back in another turn of the event loop */
  constructor(now: () => number, nextTurn: (work: () => void) => void) {
    this.now = now;
    this.nextTurn = nextTurn;
    this.lookedAt[0] = now();
  }

  /** Whether the call that begins may know. */
  admits(): boolean {
    if (this.left === 0 && --this.untilLook === 0) this.look();
    if (this.left === 0) return this.refuse();
    this.left--;
    return true;
  }

  private refuse(): false {
    if (!this.isSameTurn) {
      this.isSameTurn = true;
      this.nextTurn(() => {
        this.isSameTurn = false;
        this.untilLook = 1;
      });
    }
    return false;
  }

  private look(): void {
    this.untilLook = REFUSED_PER_LOOK;
    const now = this.now();
    this.left = Math.min(BURST, Math.floor(PER_MS * (now - this.lookedAt[0]!)));
    if (this.left > 0) this.lookedAt[0] = now;
  }
}
