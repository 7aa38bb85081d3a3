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
  /** By line from the first: starts of the line, those that were measured to their end, and their bytes. */
  hits: Float64Array;
  measured: Float64Array;
  allocated: Float64Array;
  usage: Float64Array;
  baseline: number;
  /** The least that came up to a hit in it: what one puts on the heap by itself where its variables are in scope. */
  least: number;
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
    const cells = () => new Float64Array(fn.lines.length);
    const [hits, measured, allocated, usage] = [cells(), cells(), cells(), cells()];
    return this.accounts.push({ fn, calls: 0, hits, measured, allocated, usage, baseline: 0, least: Infinity }) - 1;
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
    if (came < by.least) by.least = Math.max(came, this.own);
    account.measured[row]!++;
    account.allocated[row]! += Math.max(0, came - Math.min(by.least, MOST_TIMES * this.own));
    account.usage[row] = Math.max(account.usage[row]!, now);
    return now;
  }

  /**
   * @param factor how much longer the program has run than it was looked at
   * @param overhead the share of the time that hits took
   */
  figures(factor: number, overhead: number): LoggedFigures {
    const sum = (of: "hits" | "measured") =>
      this.accounts.reduce((total, account) => total + account[of].reduce((a, b) => a + b, 0), 0);
    const listings = this.accounts
      .filter(({ hits }) => hits.some((each) => each > 0))
      .map((account) => listingOf(account, factor));
    const cost = { executions: Math.round(sum("hits") * factor), measured: sum("measured"), overhead };
    return { listings, cost, readings: this.hits };
  }
}

function listingOf(account: Account, factor: number): ListingProfile {
  const { fn, calls, baseline } = account;
  const { file, name, first, lines } = fn;
  const rows = lines.map((text, row) => {
    const data = row === 0 ? headOf(account, factor) : dataOf(account, row, factor);
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
function headOf(account: Account, factor: number): RowData {
  const { calls, baseline } = account;
  const own = dataOf(account, 0, factor);
  const { usage = 0, increment = 0 } = own?.figures.heap ?? {};
  return {
    occurrences: Math.round(calls * factor),
    figures: { heap: { usage: Math.max(usage, baseline), increment: baseline + increment } },
    estimated: own?.estimated ?? { measured: calls, allocated: 0 },
  };
}

function dataOf({ hits, measured, allocated, usage, baseline }: Account, row: number, factor: number) {
  if (hits[row] === 0) return undefined;
  const each = measured[row] === 0 ? 0 : allocated[row]! / measured[row]!;
  const increment = each < TELLABLE ? 0 : Math.round(each * hits[row]! * factor);
  return {
    occurrences: Math.round(hits[row]! * factor),
    figures: { heap: { usage: usage[row]! || baseline, increment } },
    estimated: { measured: measured[row]!, allocated: increment },
  } satisfies RowData;
}
