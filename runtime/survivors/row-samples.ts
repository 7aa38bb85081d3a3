/** What is followed of the values of one row: a sample of them, each of which stands for as many objects. */

/** What is kept of a value, which it does not hold: its cell in the registry does, weakly. Snapshots are searched for it. */
export class MprofSample {
  /** As a text, because snapshots have no numbers. */
  readonly key: string;
  readonly row: RowSamples;
  /** Milliseconds. */
  readonly born: number;

  constructor(row: RowSamples, born: number) {
    this.key = row.key;
    this.row = row;
    this.born = born;
  }
}

/** How a row stood after a full collection. */
export interface Point {
  /** Milliseconds. */
  at: number;
  /** What the process has worked by then, milliseconds: while it stands still, or has nothing to do, nothing can grow. */
  work: number;
  /** Values up to then. */
  made: number;
  /** About so many of them were alive. */
  alive: number;
}

/** Of so many points every second is left out. */
const MOST_POINTS = 64;

const MOST_LOOKS = 16;

export class RowSamples {
  /** The place of the row among all. */
  readonly key: string;
  readonly line: number;
  /** Its values come from calls, which may have made them or not. */
  readonly isGiven: boolean;
  /** Each sample stands for so many objects. */
  weight = 1;
  /** Values that were taken. */
  taken = 0;
  /** Of what calls gave: values that were looked at, and those that had been taken before. */
  looked = 0;
  repeats = 0;
  /** Of those that are alive, or not known to be gone, oldest first. */
  readonly samples = new Set<MprofSample>();
  /** The first is when it all began. */
  points: Point[] = [];

  /** Values up to when the next one is to be taken. */
  private until = 1;
  private readonly left: () => number;

  /** @param left values until then */
  constructor(key: string, line: number, isGiven: boolean, begin: Pick<Point, "at" | "work">, left: () => number) {
    this.left = left;
    this.key = key;
    this.line = line;
    this.isGiven = isGiven;
    this.points.push({ ...begin, made: 0, alive: 0 });
  }

  /** Values so far, but for those that are neither object nor function. */
  get made(): number {
    return this.until - Math.max(0, this.left());
  }

  /** Milliseconds. */
  get begun(): number {
    return this.points[0]!.at;
  }

  /** Looks at values for each that is taken. */
  get looks(): number {
    return this.isGiven ? Math.min(MOST_LOOKS, this.weight) : 1;
  }

  /** The next one is taken after so many. */
  wait(values: number): number {
    this.until += values;
    return values;
  }

  /** Every second sample goes, and the others stand for twice as many. @returns those that go */
  thin(): MprofSample[] {
    const gone = [...this.samples].filter((_, index) => index % 2 === 1);
    for (const sample of gone) this.samples.delete(sample);
    this.weight *= 2;
    return gone;
  }

  /** Notes how things stand after a full collection that began at `at`: what is younger has not been through it. */
  note(at: number, work: number): void {
    const { points } = this;
    const alive = this.settled(at).length * this.weight;
    points.push({ at, work, made: this.made, alive });
    if (points.length > MOST_POINTS) this.points = points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
  }

  /** When those were born that have been through a collection at `at`; oldest first. */
  settled(at: number): number[] {
    const births: number[] = [];
    for (const { born } of this.samples) if (born < at) births.push(born);
    return births;
  }
}
