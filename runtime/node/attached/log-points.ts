/**
 * Log points: breakpoints whose condition looks and is false. A hit takes some 100 µs, so they are there for a while only, at
 * times chosen pseudo-randomly, and no more often than the budget allows; a window ends within the hit that uses it up. V8 may go
 * through all of the heap to set the first one of a function, which is of the budget too. So each function has windows of its own:
 * one that is called seldom has long ones, whatever others do.
 */
import type { AttachOptions, LoggedFunction, ScriptPlace } from "../../../contract/attached.ts";
import { clock, getHeapStatistics, setTimeout } from "../builtins.ts";
import { mainGlobals } from "../main-context.ts";
import { worked } from "../worked.ts";
import { attempt } from "./attempt.ts";
import { calibrateHit } from "./calibrate-hit.ts";
import type { Engine } from "./engine.ts";
import { type LoggedFigures, LogLedger } from "./log-ledger.ts";
import { RecentTimes } from "./recent-times.ts";
import { type Place, setPoint, setSecond } from "./set-point.ts";

/** A window at most; milliseconds. */
const WINDOW_MS = 1000;
/** Of the time between two hits: what is longer than so many hits is work of the program; what is shorter takes as long as this. */
const WORTH_HITS = 3;
const SHORT_MS = 0.0005;
/** What is used up in the middle of a call, ends with it, unless that takes so many times as much: else the last rows would be seen least. */
const MOST_OVERRUN = 4;
/** A window sees a whole call, if that has no more points than these: of shorter ones only the first rows would be seen. */
const MOST_HITS = 64;
/** Between two, on the average at least. */
const GAP_MS = 300;
/** The same behind one that was used up: what runs so often has to be optimised anew each time, which costs more than all hits. */
const REST_MS = 4000;
/** Each function has so many windows nevertheless. */
const LEAST_WINDOWS = 3;
const RANDOM_RANGE = 233280;
const RETURN = -1;

/** Where a point goes, and what it calls. */
interface Point {
  place: Place;
  fn: number;
  /** RETURN where a call ends. */
  row: number;
  /** It is the first of its function. */
  isCall: boolean;
  /** It has been hit in this window: the first time V8 compiles its condition. */
  isWarm: boolean;
  /** There is a second one at its place, and that has been hit. */
  hasSecond: boolean;
  isSecondWarm: boolean;
}

/** A function, and how it was looked at; milliseconds. */
interface Watch {
  fn: number;
  /** How many it has. */
  points: number;
  /** How long the program ran in its windows. */
  watched: number;
  /** What it took last to set its points. */
  setting: number;
}

const UNTOUCHED = { isWarm: false, hasSecond: false, isSecondWarm: false };

export class LogPoints {
  private readonly engine: Engine;
  private readonly name: string;
  private readonly share: number;
  private readonly time: number;
  private readonly ledger: LogLedger;
  /** Milliseconds that hits take, V8's part included; the first one of a place in a window takes longer. */
  private readonly warm: RecentTimes;
  private readonly cold: RecentTimes;
  private readonly points: Point[] = [];
  private readonly watches: Watch[] = [];
  /** Whose window it is, or was. */
  private turn = 0;
  private set: string[] = [];
  private random = 4711;
  private readonly began = clock();
  /** Milliseconds that hits, and setting them, took. */
  private spent = 0;
  /** When the last hit ended, and the CPU time then: others on the machine make a hit no longer. */
  private lastEnded = 0;
  private lastWorked = 0;
  private lastHit = -1;
  /** Of this window: milliseconds that hits may take, and have taken. */
  private allowed = 0;
  private taken = 0;
  private isWaitingForRest = false;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;

  /**
   * @param name of the global that points call as long as they are there
   * @param options the share of the time that hits may take, and how long that is at most
   */
  constructor(engine: Engine, name: string, { overhead, atMost }: Pick<AttachOptions, "overhead" | "atMost">) {
    this.engine = engine;
    this.name = name;
    this.share = overhead;
    this.time = atMost;
    const { bytes, ms, spent } = calibrateHit(engine, heapNow);
    this.spent = spent;
    this.warm = new RecentTimes(ms);
    this.cold = new RecentTimes(ms);
    this.ledger = new LogLedger(heapNow, bytes);
  }

  /** @returns the rows that have a place for a point */
  add(fn: LoggedFunction): number[] {
    const number = this.ledger.add(fn);
    const before = this.points.length;
    const rows = new Set<number>();
    for (const { row, start, end } of fn.statements) {
      // One a row: what is behind it there, as a callback that runs often, is the row's without points of its own.
      if (rows.has(row)) continue;
      const place = this.placesIn(fn.id, start, end, false).find(({ type }) => type !== "return");
      if (place === undefined || this.has(place)) continue;
      rows.add(row);
      this.points.push({ place, fn: number, row, isCall: this.points.length === before, ...UNTOUCHED });
    }
    if (rows.size === 0) return [];
    const { start } = fn.statements[0]!;
    const { end } = fn.statements.at(-1)!;
    const behind = { lineNumber: end.lineNumber + 1, columnNumber: 0 };
    for (const place of this.placesIn(fn.id, start, behind, true))
      if (place.type === "return" && !this.has(place))
        this.points.push({ place, fn: number, row: RETURN, isCall: false, ...UNTOUCHED });
    this.watches.push({ fn: number, points: this.points.length - before, watched: 0, setting: 0 });
    return [...rows];
  }

  private has({ scriptId, lineNumber, columnNumber }: Place): boolean {
    return this.points.some(
      ({ place }) =>
        place.scriptId === scriptId && place.lineNumber === lineNumber && place.columnNumber === columnNumber,
    );
  }

  private placesIn(scriptId: string, start: ScriptPlace, end: ScriptPlace, restrictToFunction: boolean): Place[] {
    const range = { start: { scriptId, ...start }, end: { scriptId, ...end }, restrictToFunction };
    return this.engine.post<{ locations: Place[] }>("Debugger.getPossibleBreakpoints", range).locations;
  }

  start(): void {
    const value = (index: number, isSecond: boolean) => this.hit(index, isSecond);
    Object.defineProperty(mainGlobals, this.name, { value, configurable: true });
    this.later(0);
  }

  private later(ms: number): void {
    this.timer = setTimeout(() => this.guarded(() => this.open()), ms).unref();
  }

  /** A fault of ours is not the program's: then nothing more is looked at. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch {
      attempt(() => this.end());
    }
  }

  private nextRandom(): number {
    this.random = (this.random * 9301 + 49297) % RANDOM_RANGE;
    return this.random / RANDOM_RANGE;
  }

  private open(): void {
    if (this.hasEnded) return;
    const watch = this.watches[this.turn]!;
    const saved = this.share * (clock() - this.began) - this.spent;
    const call = this.cold.usual * Math.min(watch.points, MOST_HITS);
    // As much for hits as for setting.
    const needed = watch.setting + Math.max(call, watch.setting);
    if (saved < needed) return this.later((needed - saved) / this.share);
    const began = worked();
    this.setAll(watch.fn);
    watch.setting = worked() - began;
    this.spent += watch.setting;
    this.allowed = Math.max(call, saved - watch.setting);
    this.taken = 0;
    this.noteEnd();
    this.timer = setTimeout(() => this.guarded(() => this.close()), WINDOW_MS).unref();
  }

  private setAll(fn: number): void {
    for (const [index, point] of this.points.entries()) {
      if (point.fn !== fn) continue;
      Object.assign(point, UNTOUCHED);
      const first = setPoint(this.engine, point.place, `${this.name}(${index})`);
      if (first === undefined) continue;
      this.set.push(first);
      const second = setSecond(this.engine, point.place, `${this.name}(${index}, true)`);
      point.hasSecond = second !== undefined;
      if (second !== undefined) this.set.push(second);
    }
  }

  /** What the condition of each point calls. A fault of ours is not the program's. */
  private hit(index: number, isSecond: boolean): false {
    try {
      if (this.set.length === 0) return false;
      const point = this.points[index]!;
      if (!isSecond) this.arrive(point);
      else if (this.lastHit === index) this.repeat(index, point);
      this.lastHit = index;
      this.noteEnd();
    } catch {
      attempt(() => this.end());
    }
    return false;
  }

  private arrive(point: Point): void {
    const passed = this.ledger.isAtRest ? clock() - this.lastEnded : worked() - this.lastWorked;
    this.note(passed, point.isWarm);
    const { fn, row, isCall, isWarm: isTold, hasSecond } = point;
    if (row === RETURN) this.ledger.leave({ isTold, hasSecond });
    else this.ledger.arrive(fn, row, isCall, { isTold, hasSecond });
    point.isWarm = true;
    if (!this.isWaitingForRest) this.awaitRest();
    const isEnd = row === RETURN || this.taken >= MOST_OVERRUN * this.allowed;
    if (isEnd && this.taken >= this.allowed) this.close();
  }

  /** Nothing of the program has run since the first one at this place. */
  private repeat(index: number, point: Point): void {
    this.taken += worked() - this.lastWorked;
    this.ledger.repeat(index, point.isSecondWarm);
    point.isSecondWarm = true;
  }

  private noteEnd(): void {
    this.lastEnded = clock();
    this.lastWorked = worked();
  }

  /** So much time has passed since the hit before: what a hit takes, and the program's. */
  private note(passed: number, isWarm: boolean): void {
    const times = isWarm ? this.warm : this.cold;
    const isWork = this.ledger.isAtRest || passed > WORTH_HITS * times.usual;
    if (!isWork) times.add(passed);
    const work = isWork ? Math.max(0, passed - times.usual) : SHORT_MS;
    this.watches[this.turn]!.watched += work;
    this.taken += passed - work;
  }

  private awaitRest(): void {
    this.isWaitingForRest = true;
    queueMicrotask(() => {
      this.isWaitingForRest = false;
      this.ledger.rest();
      if (this.taken >= this.allowed) this.close();
    });
  }

  private close(): void {
    if (this.set.length === 0) return;
    // Nothing was hit since: all of that was the program's.
    if (this.ledger.isAtRest) this.watches[this.turn]!.watched += clock() - this.lastEnded;
    const began = worked();
    this.removeAll();
    this.spent += this.taken + worked() - began;
    this.turn = (this.turn + 1) % this.watches.length;
    clearTimeout(this.timer);
    const rest = Math.min(REST_MS, this.time / (LEAST_WINDOWS * this.watches.length));
    const gap = this.taken >= this.allowed ? Math.max(GAP_MS, rest) : GAP_MS;
    this.later(gap * (0.5 + this.nextRandom()));
  }

  private removeAll(): void {
    const set = this.set;
    this.set = [];
    for (const breakpointId of set) attempt(() => this.engine.post("Debugger.removeBreakpoint", { breakpointId }));
    this.ledger.rest();
  }

  end(): void {
    this.hasEnded = true;
    clearTimeout(this.timer);
    this.removeAll();
    Reflect.deleteProperty(mainGlobals, this.name);
  }

  figures(): LoggedFigures {
    const passed = clock() - this.began;
    const factors = new Map(
      this.watches.map(({ fn, watched }) => [fn, watched > 0 ? Math.max(1, (passed - this.spent) / watched) : 1]),
    );
    return this.ledger.figures((fn) => factors.get(fn) ?? 1, this.spent / passed);
  }
}

function heapNow(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
