/**
 * The ways of control through the probes of a function, for mode `auto`: what each line can allocate until the next probe,
 * and where a reading may be open, so that a line that allocates nothing must close it.
 */
import { type Amount, BOUNDED, NONE } from "./amounts.ts";
import type { CounterCall } from "./plan.ts";

/** Where the call of a counter is written. */
export interface Site {
  counter?: CounterCall;
}

export interface Arrival {
  site: Site;
  line: number;
  method: CounterCall["method"];
  store?: string;
  /** A loop is entered, whose rounds may be on the same row, and far more of them. */
  isEntry?: boolean;
  /** @default what the method says */
  starts?: boolean;
}

interface Point {
  kind: "start" | "probe" | "join" | "waiting" | "exit";
  from: Point[];
  /** From where control may come besides, by jumps and exceptions. */
  mayCome: Point[];
  /** What is allocated from here to the next probe. */
  amount: Amount;
  isOpen: boolean;
  /** The call waits here, whether or not it goes on here. */
  waits: boolean;
  /** The call may be waiting when control comes here. */
  mayWait: boolean;
  arrival: Arrival | null;
}

/** A row's counter is called where its line starts; the others have slots of their own. */
export interface Counted extends Arrival {
  /** Control is not back on a line: its row counts it. */
  starts: boolean;
  amount: Amount;
  /** A reading may be open where control comes from. */
  closes: boolean;
  /** The first of a call, and of nothing else. */
  isFirst: boolean;
  /** The call may have been waiting. */
  wakes: boolean;
}

export type Here = Point | null;

const STARTS: Record<CounterCall["method"], boolean> = {
  line: true,
  count: true,
  grow: true,
  at: true,
  caught: true,
  back: false,
};

export class Flow {
  private readonly points: Point[] = [];
  private here: Here;
  private readonly start: Point;
  private readonly isTimed: boolean;

  private readonly canWait: boolean;

  /** @param isTimed each line has a time to be read, whatever it allocates. @param canWait of an async function */
  constructor(isTimed: boolean, canWait: boolean) {
    this.isTimed = isTimed;
    this.canWait = canWait;
    this.start = this.add("start", []);
    this.here = this.start;
  }

  private add(kind: Point["kind"], from: Point[], mayCome: Point[] = []): Point {
    const point: Point = {
      kind,
      from,
      mayCome,
      amount: NONE,
      isOpen: false,
      waits: false,
      mayWait: false,
      arrival: null,
    };
    this.points.push(point);
    return point;
  }

  private before(): Point[] {
    return this.here ? [this.here] : [];
  }

  arrive(arrival: Arrival): void {
    this.here = this.add("probe", this.before());
    this.here.arrival = arrival;
  }

  work(amount: Amount): void {
    if (this.here && amount > this.here.amount) this.here.amount = amount;
  }

  /** What is open is closed; nothing is read until the next probe, unless `goOn` says that there is one here. */
  wait(): Point {
    this.here = this.add("waiting", this.before());
    this.here.waits = this.canWait;
    return this.here;
  }

  /** The line that control is on, if that is known. */
  get line(): number | undefined {
    return this.here?.arrival?.line;
  }

  goOn(point: Point, arrival: Arrival): void {
    point.kind = "probe";
    point.arrival = arrival;
  }

  /** A call ends here. @returns to be asked, when all is known, whether something is open */
  end(): Point {
    const point = this.add("exit", this.before());
    this.here = null;
    return point;
  }

  isOpenAt(point: Point): boolean {
    return point.from.some(({ isOpen }) => isOpen) || point.mayCome.some(({ isOpen }) => isOpen);
  }

  /** Control goes elsewhere. */
  jump(): void {
    this.here = null;
  }

  /** Ways of which one is taken. */
  fork(): { way<T>(run: () => T): T; join(): void } {
    const before = this.here;
    const ends: Point[] = [];
    return {
      way: (run) => {
        this.here = before;
        const result = run();
        if (this.here) ends.push(this.here);
        return result;
      },
      join: () => {
        this.here = ends.length > 0 ? this.add("join", ends) : null;
      },
    };
  }

  /** The head of a loop, to which `again` comes back. */
  top(): Point {
    this.here = this.add("join", this.before());
    return this.here;
  }

  at(): Here {
    return this.here;
  }

  /** Back to the head; control goes on from where it left the loop: `out`, and any `break`. */
  again(top: Point, out: Here): void {
    top.from.push(...this.before());
    this.here = out;
    const inside = this.points.slice(this.points.indexOf(top));
    top.mayCome.push(...inside);
    this.here = this.add("join", this.before(), inside);
  }

  mark(): number {
    return this.points.length;
  }

  /** Control may come from anywhere since `mark`. @param alone and from nowhere else */
  mayComeFrom(mark: number, alone = false): void {
    this.here = this.add("join", alone ? [] : this.before(), this.points.slice(mark));
  }

  /** Control comes from another way, too. */
  joins(other: Here): void {
    const ways = [this.here, other].filter((point) => point !== null);
    this.here = ways.length > 0 ? this.add("join", ways) : null;
  }

  /** Something that does not run here. */
  apart(work: () => void): void {
    const { here } = this;
    this.here = this.add("start", []);
    work();
    this.here = here;
  }

  /** @returns every call of a counter, in order */
  solve(): Counted[] {
    this.spread((point) => {
      if (point.kind !== "join" && point.kind !== "start") return false;
      const less = point.from.filter(({ amount }) => amount < point.amount);
      for (const before of less) before.amount = point.amount;
      return less.length > 0;
    });
    const least = this.isTimed ? BOUNDED : NONE;
    for (const point of this.points) if (point.kind === "probe" && point.amount < least) point.amount = least;
    for (const point of this.points) point.isOpen = point.kind === "probe" && point.amount > NONE;
    this.spread((point) => {
      if (point.kind !== "join" || point.isOpen || !this.isOpenAt(point)) return false;
      point.isOpen = true;
      return true;
    });
    this.spread((point) => {
      if (point.mayWait || !this.mayWaitBefore(point)) return false;
      point.mayWait = true;
      return true;
    });
    return this.points.flatMap((point) => {
      const { arrival, amount } = point;
      if (!arrival) return [];
      const isFirst = point.from.length === 1 && point.from[0] === this.start && point.mayCome.length === 0;
      const { starts = STARTS[arrival.method] } = arrival;
      const wakes = point.waits || point.mayWait;
      return [{ ...arrival, starts, amount, closes: !starts || this.isOpenAt(point), isFirst, wakes }];
    });
  }

  /** A rejection leaves a call waiting that would have gone on where it waited. */
  private mayWaitBefore({ from, mayCome }: Point): boolean {
    return (
      from.some(({ kind, waits, mayWait }) => (kind === "waiting" && waits) || (kind === "join" && mayWait)) ||
      mayCome.some(({ kind, waits, mayWait }) => waits || (kind === "join" && mayWait))
    );
  }

  private spread(step: (point: Point) => boolean): void {
    for (let changes = true; changes; ) {
      changes = false;
      for (let index = this.points.length - 1; index >= 0; index--) changes = step(this.points[index]!) || changes;
    }
  }
}
