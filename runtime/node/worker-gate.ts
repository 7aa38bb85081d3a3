import type { ExactReader, Listing } from "../core/state.ts";
import type { KeepGate } from "../full/keep-gate.ts";
import { clock } from "./builtins.ts";
import { GROWTH, heapLimit, PATIENCE } from "./kept/heap-limit.ts";

/** Readings between two looks at the clock. */
const READINGS = 32;
/** Milliseconds between two harvests, and as many times what the last one took. */
const LEAST_MS = 20;
const COSTS = 200;

/**
 * In a worker thread: what is counted in mode `auto` is in its sheets, which the thread that reports reads, only when it is
 * harvested. One that computes turns no event loop, and may be ended by its limits at any time.
 */
export class WorkerGate implements KeepGate {
  readonly left = new Int32Array([1]);
  /** Set when the runtime is there. Never throws. */
  harvest: (() => void) | undefined;
  private readonly limit = heapLimit();
  /** When the next harvest is worth while, and where memory rises; outside of the heap, as what is made here would be found on the rows. */
  private readonly due = new Float64Array(2);

  adopt(reader: ExactReader): void {
    reader.bound ??= new Float64Array([Number.POSITIVE_INFINITY]);
  }

  look({ reader }: Listing): void {
    this.left[0] = READINGS;
    const { due } = this;
    const { now, bound } = reader as ExactReader;
    const at = clock();
    const isRising = bound !== undefined && now[0]! > bound[0]!;
    if (this.harvest === undefined || at < due[isRising ? 1 : 0]!) return;
    this.harvest();
    if (bound !== undefined && (isRising || bound[0] === Number.POSITIVE_INFINITY))
      bound[0] = now[0]! + GROWTH * this.limit;
    const ended = clock();
    due[0] = ended + Math.max(LEAST_MS, COSTS * (ended - at));
    due[1] = ended + PATIENCE * (ended - at);
  }
}
