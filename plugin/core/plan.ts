import type { ModuleTable } from "../../contract/module-table.ts";
import type { RuntimeOptions } from "./marks.ts";
import type { Warning } from "./messages.ts";
import type { Span } from "./outline.ts";

/**
 * The Plan says what is written where; a back-end only carries it out. What each placement looks like in the program,
 * and why it is safe: `docs/generated-code.md`.
 */
export const PLACEMENTS = [
  /** `__mp.line(n);` before a statement; `braces` where the statement is the body of an `if`, a loop, an `else`. */
  "before",
  /** `using __mp_s = __mp.onLeave();` after an `await using`. */
  "leave",
  /** `continue` that becomes `break label`. */
  "continue",
  /** `__mp.line(n);` at the start of a catch block or a case; `head-back` where it is no start. */
  "head",
  "head-back",
  /** A catch clause whose parameter works: `catch (__mp_e) { __mp.line(n); let PATTERN = __mp_e; { … } }`. */
  "catch",
  /** `while (t)` whose arrival is no start: `for (; t; __mp.line(n))`. */
  "while-round",
  /** The third part of a `for` head: `before`, the update, `after`. */
  "update",
  /** The end of each round of `for…of` and `for…in`; `label` if a `continue` needs it. */
  "round",
  /** The same for `for await`. */
  "await-round",
  // Expressions; where several stand on one node the first of this list is the outermost.
  /** `__mp.line(n), ` before the test of a loop. */
  "test",
  /** `__mp_m().options(k, OPTIONS, fn, name)`: `profile(OPTIONS)(fn)` with run-time options. */
  "options",
  /** `__mp.suspend(e)` */
  "suspend",
  /** `__mp.at(n, receiver)`; `callee` where `new` needs parentheses round it. */
  "at",
  /** `(__mp.line(n), first argument)` of a chain link. */
  "link",
  /** `__mp.back(n, last argument)` */
  "back",
  /** `(__mp.line(n), e)` */
  "operand",
  /** An instance initialiser: an arrow of its own round it. */
  "initialiser",
  /** `__mp.resume(e)` */
  "resume",
  /** `yield` without a value: `yield __mp.suspend()` */
  "suspend-nothing",
  /** A function body: `const __mp = …enter(k); try { … } finally { … }`, with `moved` declarations at its start. */
  "enter",
] as const;

export type Placement = (typeof PLACEMENTS)[number];

export interface Probe<N> {
  placement: Placement;
  node: N;
  /** Of the node. */
  at: Span;
  /** The source line that the probe names. */
  line?: number;
  /** Index of the function in the module table. */
  k?: number;
  braces?: boolean;
  label?: string;
  /** `update`: calls written before and after it. */
  before?: LineCall;
  after?: LineCall;
  /** `enter`: function declarations that move to the start of the body. */
  moved?: N[];
  /** `at`: the callee of a `new`. */
  callee?: N;
  /** `options`: where they are written, and the name that the function has from where it stands. */
  runtimeOptions?: RuntimeOptions;
  name?: string;
}

export interface LineCall {
  method: "line" | "back";
  line: number;
}

/** Identifiers that the file's text does not contain. */
export interface Names {
  /** The activation, `__mp`. */
  activation: string;
  /** The function that gives the module's handle, `__mp_m`. */
  module: string;
  /** Its variable, `__mp_t`. */
  handle: string;
  /** The import, `__mp_table`. */
  table: string;
  /** Prefix of labels, `__mp_c`. */
  label: string;
  /** The disposable after `await using`, `__mp_s`. */
  leave: string;
  /** A caught error before it is destructured, `__mp_e`. */
  error: string;
}

export interface Plan<N> {
  /** `null` when nothing is profiled: then there is nothing to apply. */
  table: ModuleTable | null;
  /** In source order; on the same node the outermost first. */
  probes: Probe<N>[];
  names: Names;
  warnings: Warning[];
}

/** Source order; of two that begin together the longer first; on one span by placement. */
export function sortProbes<N>(probes: Probe<N>[]): Probe<N>[] {
  const rank = ({ placement }: Probe<N>) => PLACEMENTS.indexOf(placement);
  return probes.sort((a, b) => a.at.start - b.at.start || b.at.end - a.at.end || rank(a) - rank(b));
}

/** What every back-end relies on; a plan that breaks it is a bug of ours. */
export function assertPlan<N>({ table, probes }: Plan<N>): void {
  const entered = new Set<number>();
  for (const { placement, at, line, k } of probes) {
    if (!table) throw new Error("[mprof] a plan without a table has probes");
    if (at.start > at.end || (line !== undefined && line < 1)) throw new Error(`[mprof] ${placement} stands nowhere`);
    if (placement !== "enter" && placement !== "initialiser") continue;
    if (entered.has(k!) || !table.functions[k!]) throw new Error(`[mprof] function ${k} is entered twice or not known`);
    entered.add(k!);
  }
}
