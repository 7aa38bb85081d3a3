/**
 * What log points tell: how often lines of functions ran, and what came on the heap until the next one. Every hit puts
 * kilobytes of V8's own on the heap, as many each time; they are taken off. Collections fall anywhere: a fall of the heap
 * counts for nothing, so that rows have what they allocated.
 */
import type { LoggedFunction } from "../../../contract/attached.ts";
import type { Cost, ListingProfile, RowData } from "../../../contract/profile.ts";

/** Of a logged function. */
interface Account {
  fn: LoggedFunction;
  calls: number;
  /** By line from the first; bytes. */
  hits: Float64Array;
  allocated: Float64Array;
  usage: Float64Array;
  baseline: number;
  /** A call of it is being looked at. */
  isOpen: boolean;
}

/** What only a profile of log points says. */
export interface LoggedFigures {
  listings: ListingProfile[];
  cost: Cost;
  readings: number;
}

const NOWHERE = -1;

export class LogLedger {
  private readonly accounts: Account[] = [];
  private readonly heapNow: () => number;
  /** What a hit puts on the heap by itself. */
  private readonly own: number;
  /** The line that is open. */
  private account: Account | undefined;
  private row = NOWHERE;
  private last = 0;
  hits = 0;

  constructor(heapNow: () => number, own: number) {
    this.heapNow = heapNow;
    this.own = own;
  }

  /** @returns its number */
  add(fn: LoggedFunction): number {
    const cells = () => new Float64Array(fn.lines.length);
    const account = { fn, calls: 0, hits: cells(), allocated: cells(), usage: cells(), baseline: 0, isOpen: false };
    return this.accounts.push(account) - 1;
  }

  /** A line of function `number` starts. */
  arrive(number: number, line: number): void {
    const account = this.accounts[number]!;
    const row = line - account.fn.first;
    const now = this.read();
    if (!account.isOpen) {
      account.isOpen = true;
      account.calls++;
      if (account.baseline === 0) account.baseline = now;
    }
    account.hits[row]!++;
    this.open(account, row);
  }

  /** A call of function `number` ends, by `return`. */
  leave(number: number): void {
    this.read();
    this.accounts[number]!.isOpen = false;
    this.open(undefined, NOWHERE);
  }

  /** Nothing of the program runs. */
  rest(): void {
    for (const account of this.accounts) account.isOpen = false;
    this.open(undefined, NOWHERE);
  }

  private open(account: Account | undefined, row: number): void {
    this.account = account;
    this.row = row;
    this.last = this.heapNow();
  }

  /** Closes the open line. */
  private read(): number {
    this.hits++;
    const now = this.heapNow();
    const { account, row } = this;
    if (account === undefined) return now;
    const more = now - this.last - this.own;
    if (more > 0) account.allocated[row]! += more;
    account.usage[row] = Math.max(account.usage[row]!, now);
    return now;
  }

  /**
   * @param factor how much longer the program has run than it was looked at
   * @param overhead the share of the time that hits took
   */
  figures(factor: number, overhead: number): LoggedFigures {
    const measured = this.accounts.reduce((sum, { hits }) => sum + hits.reduce((a, b) => a + b, 0), 0);
    const listings = this.accounts.filter(({ calls }) => calls > 0).map((account) => listingOf(account, factor));
    return { listings, cost: { executions: measured * factor, measured, overhead }, readings: this.hits };
  }
}

function listingOf({ fn, calls, hits, allocated, usage, baseline }: Account, factor: number): ListingProfile {
  const { file, name, first, lines } = fn;
  const scaled = Math.round(calls * factor);
  const dataOf = (row: number): RowData | undefined => {
    const bytes = Math.round(allocated[row]! * factor);
    const occurrences = Math.round(hits[row]! * factor);
    // The first row has the calls, and the reading at the first of them.
    const head = row === 0 ? { occurrences: scaled, usage: baseline, more: baseline } : undefined;
    if (occurrences === 0 && head === undefined) return undefined;
    return {
      occurrences: head?.occurrences ?? occurrences,
      figures: { heap: { usage: Math.max(usage[row]!, head?.usage ?? 0), increment: bytes + (head?.more ?? 0) } },
      estimated: { measured: hits[row]! || calls, allocated: bytes },
    };
  };
  const rows = lines.map((text, row) => {
    const data = dataOf(row);
    return { line: first + row, text, ...(data && { data }) };
  });
  return {
    file,
    name,
    first,
    last: first + lines.length - 1,
    calls: scaled,
    options: {},
    metrics: ["heap"],
    rows,
    baseline: { heap: baseline },
    aside: {},
  };
}
