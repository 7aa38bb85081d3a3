import type { KeepGate } from "../full/keep-gate.ts";
import { clock } from "./builtins.ts";

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
  /** When the next harvest is worth while; outside of the heap, as what is made here would be found on the rows. */
  private readonly due = new Float64Array(1);

  adopt(): void {}

  look(): void {
    this.left[0] = READINGS;
    const at = clock();
    if (this.harvest === undefined || at < this.due[0]!) return;
    this.harvest();
    const ended = clock();
    this.due[0] = ended + Math.max(LEAST_MS, COSTS * (ended - at));
  }
}
