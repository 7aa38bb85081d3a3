import type { ModuleTable, SuspendedFor } from "../../contract/module-table.ts";
import type { RuntimeOptions } from "./mark.ts";
import type { Warning } from "./messages.ts";
import type { Span } from "./outline.ts";
import type { Range } from "./source-text.ts";

/**
 * The Plan says what is written where; a back-end only carries it out. A placement has what its writer needs here, and
 * what it looks like in the program in its row of `forms.ts`.
 */
export interface ProbeShapes<N> {
  /** The end of each round of `for…of` and `for…in`, written round the body; `label` if a `continue` needs it. */
  round: { line: number; label: string | null };
  /** The same at the end of a body in braces. */
  "round-end": { line: number; inside: Range };
  /** The same for `for await`. */
  "await-round": { line: number; label: string | null; resumed: LineCall };
  /** `braces` where the statement is the body of an `if`, a loop, an `else`. */
  before: { line: number; braces: boolean };
  /** After an `await using`: its disposal suspends. */
  leave: object;
  /** `continue` that becomes `break label`. */
  continue: { label: string };
  /** At the start of a catch block or a case. */
  head: { line: number; inside: Range; isCaught: boolean };
  /** The same where it is no start. */
  "head-back": { line: number; inside: Range; isCaught: boolean };
  /** A catch clause whose parameter works; it is declared in the block, after the probe. */
  catch: { line: number; parameter: Range; inside: Range };
  /** `while (t)` whose arrival is no start. */
  "while-round": { line: number; keyword: Range; head: Range };
  /** The third part of a `for` head: calls before and after the update. */
  update: { range: Range; hasUpdate: boolean; before: LineCall; after: LineCall | null };
  /** The test of a loop, or of an `else if`. */
  test: { line: number };
  /** `profile(OPTIONS)(fn)` with run-time options; `name` where the function has it from where it stands. */
  options: { k: number; runtimeOptions: RuntimeOptions; name: string | null };
  /** `sequence`: a comma expression, which as an argument needs parentheses. */
  suspend: { sequence: boolean; why: SuspendedFor; row: number };
  /** A receiver, of a link without arguments; `callee` where `new` needs parentheses round it. */
  at: { line: number; sequence: boolean; callee: Range | null };
  /** The first argument of a chain link. */
  link: { line: number };
  /** The last argument. */
  back: { line: number; sequence: boolean };
  operand: { line: number };
  /** An instance initialiser: an activation of its own. */
  initialiser: { line: number; k: number };
  /** A value that is followed; `isGiven` if it comes from a call. `of` is the listing. */
  keep: { line: number; of: number; isGiven: boolean; sequence: boolean };
  resume: { sequence: boolean };
  /** `yield` without a value. */
  "suspend-nothing": object;
  /** A function body, with the declarations that move to its start; `optOut` tells React's compiler to leave it. */
  enter: { k: number; inside: Range; moved: MovedDeclaration<N>[]; optOut: boolean; counted: CountedBody | null };
  /** A concise body. */
  "enter-concise": { k: number; line: number; inside: Range; optOut: boolean; counted: CountedBody | null };
  /** Mode `auto`: the value of a `return`, where something may be open. */
  exit: { sequence: boolean };
  /** The same of a `return` without a value. */
  "exit-nothing": object;
}

/** How a body is written for mode `auto`, whose calls are no activations. */
export interface CountedBody {
  /** The counter of its calls, where the first line's is not that. */
  entry: number | null;
  /**
   * Something may be open where it ends: nothing, a call at its end, or, where it may end while it is put aside, `finally`.
   * What can wait has a call of its own, which is told.
   */
  ends: "closed" | "open" | "finally" | "waits";
  isGenerator: boolean;
  /** It may be called before the module's body has run, and its counters made. */
  isEarly: boolean;
}

/** Mode `auto`: which counter is called, and how. */
export interface CounterCall {
  method: "line" | "count" | "grow" | "at" | "back" | "caught";
  slot: number;
  /** The name of the store that may grow. */
  store?: string;
  /** Its function can wait, and may have been waiting: its call is told. */
  wakes?: boolean;
}

export type Placement = keyof ProbeShapes<unknown>;

/** In mode `auto`: `waits`, of a function that can wait; `inner`, its place among those of the listing, if it isn't the first. */
export type Probe<N, P extends Placement = Placement> = {
  [Q in P]: {
    placement: Q;
    node: N;
    at: Span;
    counter?: CounterCall;
    listing?: number;
    waits?: boolean;
    inner?: number;
  } & ProbeShapes<N>[Q];
}[P];

/** A function declaration that becomes `var name = function …`. */
export interface MovedDeclaration<N> {
  node: N;
  at: Range;
  name: string;
  nameRange: Range;
}

export interface LineCall {
  method: "line" | "back";
  line: number;
  counter?: CounterCall;
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
  /** Prefix of the listings' counters in mode `auto`, `__mp`. */
  counters: string;
  /** The function that gives values back, `__mp_k`. */
  keep: string;
  /** The one that has them followed, `__mp_f`. */
  follow: string;
}

export interface Plan<N> {
  /** `null` when nothing is profiled: then there is nothing to apply. */
  table: ModuleTable | null;
  /** In source order; on the same node the outermost first. */
  probes: Probe<N>[];
  names: Names;
  warnings: Warning[];
  /** The names of all functions of the file, profiled or not. */
  found: readonly string[];
  /** A function was left alone because the stack of this thread is too small. */
  overflowed: boolean;
}
