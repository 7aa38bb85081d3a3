/**
 * What log points tell: how often lines of functions ran, and what came on the heap until the next one. Every hit puts
 * kilobytes of V8's own on the heap, about as many each time; they are taken off. Collections fall anywhere: a fall of the heap
 * counts for nothing, so that rows have what they allocated.
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
  came: Map<Account, Came>[];
  baseline: number;
  /** The least that came up to a hit in it: what one puts on the heap by itself where its variables are in scope. */
  least: number;
}

/** By hits in one function, so many, with what these have put there by themselves. */
interface Came {
  times: number;
  bytes: number;
}

/** What only a profile of log points says. */
export interface LoggedFigures {
  listings: ListingProfile[];
  cost: Cost;
  readings: number;
}

/** Less than this a line, in bytes, is not told from what hits put there by themselves. */
const TELLABLE = 512;
/** What is in scope makes a hit dearer, but not by more than this. */
const MOST_TIMES = 3;

export class LogLedger {
  private readonly accounts: Account[] = [];
  private readonly heapNow: () => number;
  /** What a hit puts on the heap by itself. */
  private readonly own: number;
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
    const came = Array.from({ length }, () => new Map<Account, Came>());
    return this.accounts.push({ fn, calls: 0, hits, usage, came, baseline: 0, least: Infinity }) - 1;
  }

  get isAtRest(): boolean {
    return this.account === undefined;
  }

  /**
   * A line of function `number` starts.
   *
   * @param isCall it is the first of the function
   * @param isTold what came before this hit is what hits take by themselves, and the line's
   */
  arrive(number: number, line: number, isCall: boolean, isTold: boolean): void {
    const account = this.accounts[number]!;
    const now = this.close(account, isTold);
    if (isCall) account.calls++;
    if (account.baseline === 0) account.baseline = now;
    this.row = line - account.fn.first;
    account.hits[this.row]!++;
    this.account = account;
    this.last = this.heapNow();
  }

  /** A call of function `number` ends, by `return`. */
  leave(number: number, isTold: boolean): void {
    this.close(this.accounts[number]!, isTold);
    this.account = undefined;
  }

  /** Nothing of the program runs. */
  rest(): void {
    this.account = undefined;
  }

  /** By a hit in a function. @returns bytes on the heap */
  private close(by: Account, isTold: boolean): number {
    this.hits++;
    const now = this.heapNow();
    const { account, row } = this;
    const came = now - this.last;
    if (account === undefined || !isTold || came < 0) return now;
    by.least = Math.min(by.least, came);
    const so = account.came[row]!.get(by) ?? { times: 0, bytes: 0 };
    so.times++;
    so.bytes += came;
    account.came[row]!.set(by, so);
    account.usage[row] = Math.max(account.usage[row]!, now);
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
      cost.measured += account.came.map(timesOf).reduce((a, b) => a + b, 0);
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
    const measured = timesOf(came[row]!);
    const bytes = [...came[row]!].reduce((sum, [by, { times, bytes }]) => sum + bytes - times * this.ownOf(by), 0);
    const each = measured === 0 ? 0 : bytes / measured;
    const increment = each < TELLABLE ? 0 : Math.round(each * hits[row]! * factor);
    return {
      occurrences: Math.round(hits[row]! * factor),
      figures: { heap: { usage: usage[row]! || baseline, increment } },
      estimated: { measured, allocated: increment },
    };
  }

  /** What a hit in a function puts on the heap by itself. */
  private ownOf({ least }: Account): number {
    return Math.min(Math.max(least, this.own), MOST_TIMES * this.own);
  }
}

function timesOf(came: ReadonlyMap<Account, Came>): number {
  return [...came.values()].reduce((sum, { times }) => sum + times, 0);
}
