/** What a hit of a log point takes by itself: time, and bytes of V8's own on the heap. Tried at a function of ours. */
import { runInThisContext } from "node:vm";
import { mainGlobals } from "../main-context.ts";
import { worked } from "../worked.ts";
import type { Engine } from "./engine.ts";

const FILE = "mprof:hit";
const NAME = "__mprof_hit";
const TEXT = "(function () {\n  let a = 1;\n  a = 2;\n  a = 3;\n  a = 4;\n  return a;\n})";
const LINES = [1, 2, 3, 4];
/** The first ones take longer. */
const WARM = 6;
const ROUNDS = 20;

/** @returns also what the trial took. Milliseconds of CPU time */
export function calibrateHit(engine: Engine, heapNow: () => number): { bytes: number; ms: number; spent: number } {
  const started = worked();
  const run = runInThisContext(TEXT, { filename: FILE }) as () => number;
  const { scriptId } = engine.parsedAt(FILE);
  const took = new Float64Array(ROUNDS * LINES.length);
  let hits = 0;
  let last = 0;
  const value = () => {
    took[hits++] = heapNow() - last;
    last = heapNow();
    return false;
  };
  Object.defineProperty(mainGlobals, NAME, { value, configurable: true });
  try {
    const set = LINES.map((lineNumber) =>
      engine.post<{ breakpointId: string }>("Debugger.setBreakpoint", {
        location: { scriptId, lineNumber, columnNumber: 2 },
        condition: `${NAME}()`,
      }),
    );
    for (let i = 0; i < WARM; i++) run();
    const [warm, began] = [hits, worked()];
    for (let i = WARM; i < ROUNDS; i++) run();
    const ms = (worked() - began) / (hits - warm);
    for (const { breakpointId } of set) engine.post("Debugger.removeBreakpoint", { breakpointId });
    const sorted = took.slice(warm, hits).sort();
    return { bytes: sorted[sorted.length >> 1]!, ms, spent: worked() - started };
  } finally {
    Reflect.deleteProperty(mainGlobals, NAME);
  }
}
