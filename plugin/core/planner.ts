/** What the rows of the two tables of kinds see of the planner of a function. */
import type { SuspendedFor } from "../../contract/module-table.ts";
import type { Amount } from "./amounts.ts";
import type { Flow } from "./flow.ts";
import type { Expression, FunctionOutline, Span, Statement } from "./outline.ts";
import type { Probe } from "./plan.ts";

/** Probes that name one line. */
export type LineProbe<N> = Extract<Probe<N>, { line: number }>;

/** Control is on one of several lines, so that any operand starts its own. */
export const UNKNOWN = 0;

/** Probes inside one statement, in order of evaluation; `line` is the one that control is on. */
export interface OperandPlanner<N> {
  /** An expression that is no operand: probes in it, none round it. @returns the line that control is on afterwards */
  plan(expression: Expression<N>, line: number): number;
  /** An expression in operand position: if it begins on a later line and works, it starts that line. */
  operand(expression: Expression<N>, line: number): number;
  operands(expressions: readonly Expression<N>[], line: number): number;
  /**
   * A value that goes somewhere: it may be followed, with the option `survivors`.
   *
   * @param isNamed a function or class without a name gets one here
   */
  value(expression: Expression<N>, isNamed: boolean): void;
  /** An operand that is evaluated or not. */
  maybe(expression: Expression<N>, line: number): number;
  /** Ways of which one is taken. */
  oneOf(ways: readonly (() => number)[]): number;
  /** No operands; but what suspends in it suspends. */
  leaveWhole(expression: Expression<N>): void;
  /** Whether a wrapper round it would hide it from another compiler. */
  keepsShape(expression: Expression<N>): boolean;
  await(expression: Expression<N, "await">): void;
  yield(expression: Expression<N, "yield">): void;
  /** Writes a probe that names a line, and control comes to it: what waits is resumed by it. */
  probe(probe: LineProbe<N>): void;
  /** An instance initialiser has an activation of its own. */
  initialiser(expression: Expression<N>): void;
  /** Static blocks: statements of their own in the middle of an expression. */
  staticBlock(fn: FunctionOutline<N>): void;
}

/** Where a statement stands. */
export interface Place<N> {
  /** What is evaluated directly before it, if anything is. */
  before: Span | null;
  /** In a list of statements: a probe before it needs no braces. */
  inList: boolean;
  /** It is the arm of an `else`. */
  isElse: boolean;
  /** The outermost label: a probe before a loop goes before it. */
  labelled: Statement<N> | null;
  /** All its labels. */
  names: readonly string[];
}

export interface StatementPlanner<N> extends OperandPlanner<N> {
  readonly flow: Flow;
  /** For mode `auto`. */
  readonly isCounted: boolean;
  /** In a loop over an iterator. */
  readonly isIterating: boolean;
  /** The function is async or a generator. */
  readonly suspends: boolean;
  /** It is both. */
  readonly isAsyncGenerator: boolean;
  /** Whether a probe before the statement is a start: control is not on its line already. */
  starts(statement: Statement<N>, place: Place<N>): boolean;
  /** Writes the probe before a statement, or before its label. */
  start(statement: Statement<N>, place: Place<N>, line?: number): void;
  /** @returns what was evaluated last */
  statement(statement: Statement<N>, place: Place<N>): Span | null;
  list(statements: readonly Statement<N>[], before: Span | null): Span | null;
  /** The one statement of an arm or a loop's body; `place` says more of where it stands. */
  arm(statement: Statement<N>, header: Span | null, place?: Partial<Place<N>>): void;
  /** What a statement does, without the probe before it. */
  parts(statement: Statement<N>): void;
  /** Ways of which one is taken, or none. */
  branches(ways: readonly (() => void)[]): void;
  /** A stretch that runs, or not, any number of times. @returns the label that a `continue` in it needs */
  loop(names: readonly string[], needsLabel: boolean, body: () => void): string | null;
  /** A round of a loop begins. */
  round(loop: Statement<N>): void;
  /** The label by which a `continue` leaves the round; `null` where it may stay. */
  continued(label: string | null): string | null;
  /** Work happens here: what waits has to resume where it stands. */
  work(amount?: Amount): void;
  /** The value of a `return`, or nothing: the call ends. */
  leave(statement: Statement<N, "return">): void;
  /** The value is what the function waits for. */
  suspend(expression: Expression<N>, why?: SuspendedFor): void;
  emit(probe: Probe<N>): void;
  /** Writes a probe that names a line; the planner says itself where control comes to it. */
  write(probe: Probe<N>): void;
}
