/**
 * Mode `auto`: how many calls may know that they wait. Each costs some microseconds beside an `await` of a tenth of one, so
 * in a storm of calls most are only counted; then what comes while they wait stands on the rows of the others. Times in milliseconds.
 */

/** As many at once, at the start and after a pause. */
const BURST = 5000;
/** And as many a millisecond for good: a twentieth of the time. */
const PER_MS = 10;
/** Calls that are refused between two looks at the clock, in one turn of the event loop. */
const REFUSED_PER_LOOK = 64;

export class Admission {
  private readonly now: () => number;
  private readonly nextTurn: (work: () => void) => void;
  private isSameTurn = false;
  private readonly lookedAt = new Float64Array(1);
  private left = BURST;
  /** Calls that are refused before the next look at the clock. */
  private refusing = 0;

  /** @param nextTurn calls back in another turn of the event loop */
  constructor(now: () => number, nextTurn: (work: () => void) => void) {
    this.now = now;
    this.nextTurn = nextTurn;
    this.lookedAt[0] = now();
  }

  /** Whether the call that begins may know. */
  admits(): boolean {
    if (this.refusesNext()) return false;
    if (this.left === 0) this.look();
    if (this.left === 0) return this.refuse();
    this.left--;
    return true;
  }

  /** Whether the call that begins may not know. If it is not sure, that is to be asked of `admits`. */
  refusesNext(): boolean {
    return this.refusing > 0 && this.refusing-- > 0;
  }

  private refuse(): false {
    this.refusing = REFUSED_PER_LOOK - 1;
    if (!this.isSameTurn) {
      this.isSameTurn = true;
      this.nextTurn(() => {
        this.isSameTurn = false;
        this.refusing = 0;
      });
    }
    return false;
  }

  private look(): void {
    const now = this.now();
    this.left = Math.min(BURST, Math.floor(PER_MS * (now - this.lookedAt[0]!)));
    if (this.left > 0) this.lookedAt[0] = now;
  }
}
