/** Appends the calls of profiled functions to the recording that `mprof run` makes of this process. */

import { performance } from "node:perf_hooks";
import { MprofError } from "../../contract/errors.ts";
import { recordedName, type Sample, writeCall, writeOpen, writeRest } from "../../contract/recording.ts";
import { MIB } from "../../contract/units.ts";
import type { Listing } from "../core/state.ts";
import type { Timeline } from "../full/timeline.ts";
import { appendFileSync, setInterval } from "./builtins.ts";
import { CallBudget } from "./call-budget.ts";

/** Records are kept until there are this many, so that memory does not grow with calls. */
const RECORDS_AT_ONCE = 500;
/** How long they are kept at most: a program may end without a word. */
const LONGEST_MS = 200;
/** What is only counted is written after this part of the time that the program has run, so that the file is bounded. */
const REST_SHARE = 0.01;
/** Names that have a budget of their own; those after them share one, so that neither memory nor file grow with names. */
const MOST_NAMES = 1000;
const OTHER_NAMES = "(others)";
/** Names in a message. */
const MOST_TOLD = 3;

interface Begun {
  name: string;
  enter: Sample;
  level: number;
}

/** Calls on their way into a file. The clock is that of its making: a program may replace it later, as fake timers do. */
export class RecordedTimeline implements Timeline {
  private readonly origin = performance.timeOrigin;
  private readonly sinceOrigin = performance.now.bind(performance);
  private readonly file: string;
  private readonly rss: () => number;
  private readonly warn: (text: string) => void;
  private readonly begun = new WeakMap<object, Begun>();
  private readonly listings = new Set<Listing>();
  /** Blocks that run, and do not wait. */
  private readonly blocks = new Set<object>();
  private readonly open = new Map<string, number>();
  private readonly budgets = new Map<string, CallBudget>();
  private readonly counted = new Map<string, number>();
  private records: string[] = [];
  /** Milliseconds since the origin: when records, and what is only counted, were written last. */
  private written = 0;
  private restWritten = 0;

  /**
   * @param rss bytes
   * @param warn gets a line with its cure for each kind of calls that are only counted
   */
  constructor(file: string, rss: () => number, warn: (text: string) => void) {
    this.file = file;
    this.rss = rss;
    this.warn = warn;
    setInterval(() => this.flush(), LONGEST_MS).unref();
  }

  watch(listing: Listing): void {
    this.listings.add(listing);
  }

  begin(call: object, path: string, functionName: string): void {
    const name = recordedName(path, functionName);
    const isBlock = path === "";
    // A call is on its listing's stack already.
    const level = this.running() - (isBlock ? 0 : 1);
    if (isBlock) this.blocks.add(call);
    add(this.open, name, 1);
    this.begun.set(call, { name, level, enter: this.read() });
  }

  wait(block: object): void {
    this.blocks.delete(block);
  }

  end(call: object): void {
    const start = this.begun.get(call);
    if (start === undefined) return;
    const ended = { ...start, exit: this.read() };
    this.begun.delete(call);
    this.blocks.delete(call);
    add(this.open, start.name, -1);
    if (this.budgetOf(start.name).take(ended)) this.records.push(writeCall(ended));
    const isDue = this.records.length >= RECORDS_AT_ONCE || this.sinceOrigin() - this.written > LONGEST_MS;
    if (isDue) this.flush();
  }

  /** The program ends: writes what is left, and says which calls are only counted. */
  finish(): void {
    for (const [name, count] of this.open) this.records.push(writeOpen(name, count));
    this.takeRests();
    this.flush();
    tell(this.warn, this.counted, this.open);
  }

  private read(): Sample {
    return { memory: this.rss() / MIB, time: (this.origin + this.sinceOrigin()) / 1000 };
  }

  /** What is suspended is not on a stack; a generator that is left there may never come back. */
  private running(): number {
    let count = this.blocks.size;
    for (const { stack, depth } of this.listings) {
      for (let d = 1; d <= depth; d++) if (stack[d]!.isOuter) count++;
    }
    return count;
  }

  private budgetOf(name: string): CallBudget {
    const own = this.budgets.has(name) || this.budgets.size < MOST_NAMES ? name : OTHER_NAMES;
    const budget = this.budgets.get(own) ?? new CallBudget();
    this.budgets.set(own, budget);
    return budget;
  }

  private takeRests(): void {
    for (const [name, budget] of this.budgets) {
      const rest = budget.takeRest();
      if (rest === undefined) continue;
      this.records.push(writeRest(name, rest));
      add(this.counted, name, rest.count);
    }
  }

  /** A recording that cannot be written is given up: the command that made it says so. */
  private flush(): void {
    const now = this.sinceOrigin();
    if (now - this.restWritten > Math.max(LONGEST_MS, REST_SHARE * now)) {
      this.restWritten = now;
      this.takeRests();
    }
    this.written = now;
    try {
      if (this.records.length > 0) appendFileSync(this.file, this.records.join(""));
    } catch {}
    this.records = [];
  }
}

/** Counts on; what comes to nothing is forgotten. */
function add(counts: Map<string, number>, name: string, difference: number): void {
  const count = (counts.get(name) ?? 0) + difference;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}

function tell(warn: (text: string) => void, counted: ReadonlyMap<string, number>, open: ReadonlyMap<string, number>) {
  const say = (code: "MPROF_CALLS_COUNTED" | "MPROF_CALLS_OPEN", what: string, cure: string) =>
    warn(`${new MprofError(code, what, cure).message}\n`);
  if (counted.size > 0) {
    const what = `the recording counts short calls after the first thousand of a function: ${list(counted)}`;
    say(
      "MPROF_CALLS_COUNTED",
      what,
      "To have each of them, record for a shorter time, or mark a function that calls it.",
    );
  }
  if (open.size > 0) {
    const what = `the recording counts calls that had not ended: ${list(open)}`;
    say(
      "MPROF_CALLS_OPEN",
      what,
      "A generator that is left early ends by return(), an async function when it is awaited.",
    );
  }
}

/** `app.tiny 998000, app.parse 12` */
function list(counts: ReadonlyMap<string, number>): string {
  const most = [...counts].sort(([, a], [, b]) => b - a);
  const told = most.slice(0, MOST_TOLD).map(([name, count]) => `${name} ${count}`);
  return [...told, ...(most.length > MOST_TOLD ? [`${most.length - MOST_TOLD} more functions`] : [])].join(", ");
}
