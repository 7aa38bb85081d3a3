/**
 * What log points tell: how often lines of functions ran, and what came on the heap until the next one. Every hit puts
 * kilobytes of V8's own on the heap, by what is in scope, and as many each time: between two points at one place nothing of the
 * program runs, so what comes there is the hit's, and is taken off. Collections fall anywhere: a fall of the heap counts for
 * nothing, so that rows have what they allocated.
 */
import type { LoggedFunction } from "../../../contract/attached.ts";
import type { Cost, ListingProfile, RowData } from "../../../contract/profile.ts";

/** Of a logged function. */
interface Account {
  fn: LoggedFunction;
  calls: number;
  /** By line from the first: starts of the line, the highest reading at its end, and what came up to then. */
  hits: Float64Array;
  usage: Float64Array;
  came: Came[];
  baseline: number;
}

/** In a line, so many times: without what hits put there by themselves. */
interface Came {
  times: number;
  bytes: number;
  /** The largest of them. */
  largest: number[];
}

/** Of the first point of a place. */
export interface Hit {
  /** What came before it is what hits put there by themselves, and the line's. */
  isTold: boolean;
  /** There is a second one, which tells them apart. */
  hasSecond: boolean;
}

/** What only a profile of log points says. */
export interface LoggedFigures {
  listings: ListingProfile[];
  cost: Cost;
  readings: number;
}

/** Less than this a line, in bytes, is not told from what hits put there: the first point of a place takes a little more than the second. */
const TELLABLE = 512;
/** V8 hands its heap out by the page: now and then one comes whole. One time in so many is left out, the largest, and no more of a line than these. */
const EACH_LEFT_OUT = 64;
const MOST_LEFT_OUT = 16;
/** So many times the least that a hit has put there: a page has come within it. */
const WHOLE_PAGE = 2;

export class LogLedger {
  private readonly accounts: Account[] = [];
  private readonly heapNow: () => number;
  /** What a hit puts on the heap by itself: at a function of ours, and the least by place. */
  private readonly own: number;
  private readonly least = new Map<number, number>();
  /** What came in a line up to the first point of a place; the second one tells what of it is the hit's. */
  private pending: { came: Came; bytes: number } | undefined;
  /** The line that is open. */
  private account: Account | undefined;
  private row = 0;
  private last = 0;
  hits = 0;

  constructor(heapNow: () => number, own: number) {
    this.heapNow = heapNow;
    this.own = own;
  }

  /** @returns its number */
  add(fn: LoggedFunction): number {
    const { length } = fn.lines;
    const [hits, usage] = [new Float64Array(length), new Float64Array(length)];
    const came = Array.from({ length }, (): Came => ({ times: 0, bytes: 0, largest: [] }));
    return this.accounts.push({ fn, calls: 0, hits, usage, came, baseline: 0 }) - 1;
  }

  get isAtRest(): boolean {
    return this.account === undefined;
  }

  /**
   * A line of function `number` starts.
   *
   * @param isCall it is the first of the function
   */
  arrive(number: number, line: number, isCall: boolean, hit: Hit): void {
    const account = this.accounts[number]!;
    const now = this.close(hit);
    if (isCall) account.calls++;
    if (account.baseline === 0) account.baseline = now;
    this.row = line - account.fn.first;
    account.hits[this.row]!++;
    this.account = account;
    this.last = this.heapNow();
  }

  /** A call ends, by `return`. */
  leave(hit: Hit): void {
    this.close(hit);
    this.account = undefined;
    this.last = this.heapNow();
  }

  /** The second point of a place, right behind the first. */
  repeat(place: number, isTold: boolean): void {
    this.hits++;
    const own = this.heapNow() - this.last;
    const { pending } = this;
    this.pending = undefined;
    if (isTold && own >= 0) {
      const least = Math.min(own, this.least.get(place) ?? own);
      this.least.set(place, least);
      if (pending && own <= WHOLE_PAGE * least) note(pending.came, pending.bytes - own);
    }
    this.last = this.heapNow();
  }

  /** Nothing of the program runs. */
  rest(): void {
    this.account = undefined;
  }

  /** @returns bytes on the heap */
  private close({ isTold, hasSecond }: Hit): number {
    this.hits++;
    this.pending = undefined;
    const now = this.heapNow();
    const { account, row } = this;
    const bytes = now - this.last;
    if (account === undefined || !isTold || bytes < 0) return now;
    account.usage[row] = Math.max(account.usage[row]!, now);
    const came = account.came[row]!;
    if (hasSecond) this.pending = { came, bytes };
    else note(came, bytes - this.own);
    return now;
  }

  /**
   * @param factorOf for a function, by its number: how much longer the program has run than it was looked at
   * @param overhead the share of the time that hits took
   */
  figures(factorOf: (number: number) => number, overhead: number): LoggedFigures {
    const cost = { executions: 0, measured: 0, overhead };
    const listings: ListingProfile[] = [];
    for (const [number, account] of this.accounts.entries()) {
      const hits = account.hits.reduce((a, b) => a + b, 0);
      if (hits === 0) continue;
      const factor = factorOf(number);
      cost.executions += Math.round(hits * factor);
      cost.measured += account.came.reduce((sum, { times }) => sum + times, 0);
      listings.push(this.listingOf(account, factor));
    }
    return { listings, cost, readings: this.hits };
  }

  private listingOf(account: Account, factor: number): ListingProfile {
    const { fn, calls, baseline } = account;
    const { file, name, first, lines } = fn;
    const rows = lines.map((text, row) => {
      const data = row === 0 ? this.headOf(account, factor) : this.dataOf(account, row, factor);
      return { line: first + row, text, ...(data && { data }) };
    });
    return {
      file,
      name,
      first,
      last: first + lines.length - 1,
      calls: Math.round(calls * factor),
      options: {},
      metrics: ["heap"],
      rows,
      baseline: { heap: baseline },
      aside: {},
    };
  }

  /** The first row has the calls, and the reading at the first of them. */
  private headOf(account: Account, factor: number): RowData {
    const { calls, baseline } = account;
    const own = this.dataOf(account, 0, factor);
    const { usage = 0, increment = 0 } = own?.figures.heap ?? {};
    return {
      occurrences: Math.round(calls * factor),
      figures: { heap: { usage: Math.max(usage, baseline), increment: baseline + increment } },
      estimated: own?.estimated ?? { measured: calls, allocated: 0 },
    };
  }

  private dataOf({ hits, came, usage, baseline }: Account, row: number, factor: number): RowData | undefined {
    if (hits[row] === 0) return undefined;
    const measured = came[row]!.times;
    const each = usual(came[row]!);
    const increment = each < TELLABLE ? 0 : Math.round(each * hits[row]! * factor);
    return {
      occurrences: Math.round(hits[row]! * factor),
      figures: { heap: { usage: usage[row]! || baseline, increment } },
      estimated: { measured, allocated: increment },
    };
  }
}

function note(came: Came, bytes: number): void {
  came.times++;
  came.bytes += bytes;
  came.largest = [...came.largest, bytes].sort((a, b) => b - a).slice(0, MOST_LEFT_OUT);
}

/** What came at a time, without the largest. */
function usual({ times, bytes, largest }: Came): number {
  if (times < 2) return bytes;
  const left = largest.slice(0, Math.ceil(times / EACH_LEFT_OUT));
  return (bytes - left.reduce((a, b) => a + b, 0)) / (times - left.length);
}
