/**
 * Log points: breakpoints whose condition looks and is false. A hit takes some 100 µs, so they are there for a few
 * milliseconds at a time, at times chosen pseudo-randomly, and no more often than the budget allows; a window ends within the
 * hit that uses it up. V8 goes through the heap to set them, which takes of the budget what it takes.
 */
import type { LoggedFunction, ScriptPlace } from "../../../contract/attached.ts";
import { clock, getHeapStatistics, setTimeout } from "../builtins.ts";
import { mainGlobals } from "../main-context.ts";
import { attempt } from "./attempt.ts";
import { calibrateHit } from "./calibrate-hit.ts";
import { type Engine, EngineError } from "./engine.ts";
import { type LoggedFigures, LogLedger } from "./log-ledger.ts";

/** A window at most; milliseconds. Longer, and rarer, where it takes long to set the points: so many times as long. */
const WINDOW_MS = 20;
const WINDOW_SETTINGS = 4;
/** Of the time between two hits: what is longer than so many hits is work of the program; what is shorter takes as long as this. */
const WORTH_HITS = 3;
const SHORT_MS = 0.0005;
/** Hits in a row from which it is known what one takes just now: machines have busy moments. */
const RECENT = 32;
/** Between two, on the average at least: functions with breakpoints in them have to be optimised anew. */
const GAP_MS = 300;
const RANDOM_RANGE = 233280;
const RETURN = -1;

interface Place {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
  type?: string;
}

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
}

export class LogPoints {
  private readonly engine: Engine;
  private readonly name: string;
  private readonly share: number;
  private readonly ledger: LogLedger;
  /** Milliseconds that hits take, V8's part included; the first one of a place in a window takes longer. */
  private readonly warm: RecentTimes;
  private readonly cold: RecentTimes;
  /** What it took last to set the points. */
  private setting = 0;
  private readonly points: Point[] = [];
  private set: string[] = [];
  private random = 4711;
  private readonly began = clock();
  /** Milliseconds: what hits took, and how long the program ran in windows. */
  private spent = 0;
  private watched = 0;
  /** When the last hit ended. */
  private lastEnded = 0;
  /** Of this window: milliseconds that hits may take, and have taken. */
  private allowed = 0;
  private taken = 0;
  private isWaitingForRest = false;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;

  /**
   * @param name of the global that points call as long as they are there
   * @param share of the time that hits may take
   */
  constructor(engine: Engine, name: string, share: number) {
    this.engine = engine;
    this.name = name;
    this.share = share;
    const { bytes, ms, spent } = calibrateHit(engine, heapNow);
    this.spent = spent;
    this.warm = new RecentTimes(ms);
    this.cold = new RecentTimes(ms);
    this.ledger = new LogLedger(heapNow, bytes);
  }

  /** @returns whether there is any place for a point */
  add(fn: LoggedFunction): boolean {
    const number = this.ledger.add(fn);
    const before = this.points.length;
    for (const { row, start, end } of fn.statements) {
      const place = this.placesIn(fn.id, start, end, false).find(({ type }) => type !== "return");
      if (place && !this.has(place))
        this.points.push({ place, fn: number, row, isCall: this.points.length === before, isWarm: false });
    }
    if (this.points.length === before) return false;
    const { start } = fn.statements[0]!;
    const { end } = fn.statements.at(-1)!;
    const behind = { lineNumber: end.lineNumber + 1, columnNumber: 0 };
    for (const place of this.placesIn(fn.id, start, behind, true))
      if (place.type === "return" && !this.has(place))
        this.points.push({ place, fn: number, row: RETURN, isCall: false, isWarm: false });
    return true;
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
    const value = (index: number) => this.hit(this.points[index]!);
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
    const began = clock();
    // As much for hits as for setting.
    const saved = this.share * (began - this.began) - this.spent;
    const needed = Math.max(this.warm.usual, 2 * this.setting);
    if (saved < needed) return this.later((needed - saved) / this.share);
    this.setAll();
    this.lastEnded = clock();
    this.setting = this.lastEnded - began;
    this.spent += this.setting;
    this.allowed = Math.max(this.warm.usual, saved - this.setting);
    this.taken = 0;
    const longest = Math.max(WINDOW_MS, WINDOW_SETTINGS * this.setting);
    this.timer = setTimeout(() => this.guarded(() => this.close()), longest).unref();
  }

  private setAll(): void {
    for (const [index, point] of this.points.entries()) {
      const { place } = point;
      point.isWarm = false;
      const condition = `${this.name}(${index})`;
      try {
        const { scriptId, lineNumber, columnNumber } = place;
        const location = { scriptId, lineNumber, columnNumber };
        this.set.push(
          this.engine.post<{ breakpointId: string }>("Debugger.setBreakpoint", { location, condition }).breakpointId,
        );
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
      }
    }
  }

  /** What the condition of each point calls. A fault of ours is not the program's. */
  private hit(point: Point): false {
    try {
      if (this.set.length === 0) return false;
      this.note(clock() - this.lastEnded, point.isWarm);
      const { fn, row, isCall, isWarm } = point;
      if (row === RETURN) this.ledger.leave(fn, isWarm);
      else this.ledger.arrive(fn, row, isCall, isWarm);
      point.isWarm = true;
      if (!this.isWaitingForRest) this.awaitRest();
      if (this.taken >= this.allowed) this.close();
      this.lastEnded = clock();
    } catch {
      attempt(() => this.end());
    }
    return false;
  }

  /** So much time has passed since the hit before: what a hit takes, and the program's. */
  private note(passed: number, isWarm: boolean): void {
    const times = isWarm ? this.warm : this.cold;
    const isWork = this.ledger.isAtRest || passed > WORTH_HITS * times.usual;
    if (!isWork) times.add(passed);
    const work = isWork ? Math.max(0, passed - times.usual) : SHORT_MS;
    this.watched += work;
    this.taken += passed - work;
  }

  private awaitRest(): void {
    this.isWaitingForRest = true;
    queueMicrotask(() => {
      this.isWaitingForRest = false;
      this.ledger.rest();
    });
  }

  private close(): void {
    if (this.set.length === 0) return;
    // Nothing was hit since: all of that was the program's.
    const now = clock();
    if (this.ledger.isAtRest) this.watched += now - this.lastEnded;
    this.removeAll();
    this.spent += this.taken + clock() - now;
    clearTimeout(this.timer);
    this.later(GAP_MS * (0.5 + this.nextRandom()));
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
    const factor = this.watched > 0 ? Math.max(1, (passed - this.spent) / this.watched) : 1;
    return this.ledger.figures(factor, this.spent / passed);
  }
}

/** What something has taken of late: the middle one, in milliseconds. */
class RecentTimes {
  usual: number;
  private readonly times = new Float64Array(RECENT);
  private count = 0;

  constructor(usual: number) {
    this.usual = usual;
  }

  add(ms: number): void {
    this.times[this.count++ % RECENT] = ms;
    if (this.count % RECENT === 0) this.usual = this.times.slice().sort()[RECENT >> 1]!;
  }
}

function heapNow(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
