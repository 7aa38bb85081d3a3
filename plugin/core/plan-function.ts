import { partsOf, planExpression, planWhole, worksHere } from "./expressions.ts";
import { type LiteralForms, literalFormOf } from "./literal-forms.ts";
import { movedDeclarations } from "./moved-declarations.ts";
import type { Expression, FunctionOutline, Span, Statement } from "./outline.ts";
import type { Probe } from "./plan.ts";
import { type Place, type StatementPlanner, UNKNOWN } from "./planner.ts";
import { planStatement, startsBefore } from "./statements.ts";
import { allExpressions, functionIn, statementsOfBody } from "./walk.ts";

/** What the planner of one function needs from the plan of the file. */
export interface FunctionPlanning<N> {
  /** What other compilers recognise by its shape. */
  literals: LiteralForms;
  /** React's compiler is at work, and this is a component. */
  optOut: boolean;
  /** A marked static block has a listing of its own. */
  isPlannedApart(fn: FunctionOutline<N>): boolean;
  /** A fresh label. */
  nextLabel(): string;
}

/** The index of a function in the module table, which is not known while it is planned. */
export const LATER = -1;

/** The probes of one function's body. Functions inside it have plans of their own. */
export function planFunction<N>(fn: FunctionOutline<N>, planning: FunctionPlanning<N>): Probe<N>[] {
  const planner = new FunctionPlanner(fn, planning);
  planner.body();
  return planner.probes;
}

/** A loop that `continue` can go back to. */
interface Loop {
  names: readonly string[];
  /** Set for loops whose body is wrapped in a labelled block. */
  label: string | null;
  used: boolean;
}

const IN_LIST = { inList: true, isElse: false, labelled: null, names: [] } as const;

/**
 * Statements in order of control. `before` is what is evaluated directly before the next one: a statement gets no probe
 * when that begins on the same line and lies on it whole, because control is on the line already.
 */
class FunctionPlanner<N> implements StatementPlanner<N> {
  readonly probes: Probe<N>[] = [];
  readonly suspends: boolean;
  readonly isAsyncGenerator: boolean;
  private readonly fn: FunctionOutline<N>;
  private readonly planning: FunctionPlanning<N>;
  private loops: Loop[] = [];
  /** Awaits after which nothing has been read yet: if work follows before the next probe, they must resume by themselves. */
  private waiting = new Set<Expression<N>>();
  private readonly resuming = new Set<Expression<N>>();

  constructor(fn: FunctionOutline<N>, planning: FunctionPlanning<N>) {
    this.fn = fn;
    this.planning = planning;
    this.suspends = fn.async || fn.generator;
    this.isAsyncGenerator = fn.async && fn.generator;
  }

  body(): void {
    const { fn } = this;
    const { node, inside, body } = fn;
    const { optOut } = this.planning;
    if (body.kind === "concise") {
      const { line } = body.expression;
      this.emit({ placement: "enter-concise", node, at: fn, k: LATER, line, inside, optOut });
      this.plan(body.expression, line);
    } else {
      this.emit({ placement: "enter", node, at: fn, k: LATER, inside, moved: movedDeclarations(fn), optOut });
      this.list(body.statements, null);
    }
  }

  // ---- statements ----

  list(statements: readonly Statement<N>[], before: Span | null): Span | null {
    return statements.reduce((last, statement) => this.statement(statement, { ...IN_LIST, before: last }), before);
  }

  arm(statement: Statement<N>, header: Span | null, place: Partial<Place<N>> = {}): void {
    if (statement.kind === "block") this.list(statement.body, header);
    else this.statement(statement, { ...IN_LIST, before: header, inList: false, ...place });
  }

  statement(statement: Statement<N>, place: Place<N>): Span | null {
    if (startsBefore(statement)) this.start(statement, place);
    return planStatement(statement, this, place);
  }

  parts(statement: Statement<N>): void {
    planStatement(statement, this, { ...IN_LIST, before: null });
  }

  starts(statement: Statement<N>, { before }: Place<N>): boolean {
    return !(before && before.line === statement.line && before.endLine === statement.line);
  }

  start(statement: Statement<N>, place: Place<N>, line = statement.line): void {
    if (!this.starts(statement, place)) return;
    const target = place.labelled ?? statement;
    this.probe({ placement: "before", node: target.node, at: target, line, braces: !place.inList });
  }

  staticBlock(fn: FunctionOutline<N>): void {
    if (this.planning.isPlannedApart(fn)) return;
    const { loops } = this;
    this.loops = [];
    this.list(statementsOfBody(fn), null);
    this.loops = loops;
  }

  loop(names: readonly string[], needsLabel: boolean, body: () => void): string | null {
    const loop: Loop = { names, label: needsLabel ? this.planning.nextLabel() : null, used: false };
    this.loops.push(loop);
    this.branches([body, () => {}]);
    this.loops.pop();
    return loop.used ? loop.label : null;
  }

  continued(label: string | null): string | null {
    const loop = label === null ? this.loops.at(-1) : this.loops.findLast(({ names }) => names.includes(label));
    if (!loop?.label) return null;
    loop.used = true;
    return loop.label;
  }

  // ---- operands ----

  operand(expression: Expression<N>, line: number): number {
    const target = expression.kind === "spread" ? expression.argument : expression;
    if (expression.line === line || !expression.works || this.keepsShape(target)) return this.plan(expression, line);
    this.probe({ placement: "operand", node: target.node, at: target, line: expression.line });
    return this.plan(expression, expression.line);
  }

  operands(expressions: readonly Expression<N>[], line: number): number {
    return expressions.reduce((current, expression) => this.operand(expression, current), line);
  }

  maybe(expression: Expression<N>, line: number): number {
    return this.oneOf([() => line, () => this.operand(expression, line)]);
  }

  plan(expression: Expression<N>, line: number): number {
    const literal = literalFormOf(expression, this.planning.literals);
    if (literal?.inside === "untouched") {
      this.work();
      return line;
    }
    if (literal?.inside === "whole") {
      this.leaveWhole(expression);
      return line;
    }
    const after = planExpression(expression, line, this);
    if (worksHere(expression)) this.work();
    return after;
  }

  leaveWhole(expression: Expression<N>): void {
    if (literalFormOf(expression, this.planning.literals)?.inside !== "untouched") {
      for (const part of partsOf(expression)) this.leaveWhole(part);
      planWhole(expression, this);
    }
    if (worksHere(expression)) this.work();
  }

  keepsShape(expression: Expression<N>): boolean {
    if (expression.kind === "pass") return this.keepsShape(expression.argument);
    return literalFormOf(expression, this.planning.literals)?.wrap === false;
  }

  initialiser(expression: Expression<N>): void {
    if (!expression.works || functionIn(expression) || this.keepsShape(expression)) return;
    for (const part of allExpressions(expression)) if (part.kind === "call" && part.directEval) return;
    const { line, node } = expression;
    this.emit({ placement: "initialiser", node, at: expression, k: LATER, line });
    const { waiting } = this;
    this.waiting = new Set();
    this.plan(expression, line);
    this.waiting = waiting;
  }

  // ---- suspension ----

  emit(probe: Probe<N>): void {
    this.probes.push(probe);
  }

  probe(probe: Probe<N>): void {
    this.emit(probe);
    this.waiting.clear();
  }

  await(expression: Expression<N, "await">): void {
    this.suspend(expression.argument);
    this.waiting.add(expression);
  }

  yield(expression: Expression<N, "yield">): void {
    const { node, argument } = expression;
    if (argument) this.suspend(argument);
    else this.emit({ placement: "suspend-nothing", node, at: expression });
    this.resume(expression);
  }

  suspend(expression: Expression<N>): void {
    this.emit({ placement: "suspend", node: expression.node, at: expression, sequence: isSequence(expression) });
  }

  private resume(expression: Expression<N>): void {
    this.emit({ placement: "resume", node: expression.node, at: expression, sequence: isSequence(expression) });
  }

  work(): void {
    for (const expression of this.waiting) {
      if (this.resuming.has(expression)) continue;
      this.resuming.add(expression);
      this.resume(expression);
    }
    this.waiting.clear();
  }

  branches<T>(ways: readonly (() => T)[]): T[] {
    const before = this.waiting;
    const after = new Set<Expression<N>>();
    const results = ways.map((way) => {
      this.waiting = new Set(before);
      const result = way();
      for (const expression of this.waiting) after.add(expression);
      return result;
    });
    this.waiting = after;
    return results;
  }

  oneOf(ways: readonly (() => number)[]): number {
    const [first = UNKNOWN, ...others] = this.branches(ways);
    return others.every((line) => line === first) ? first : UNKNOWN;
  }
}

function isSequence<N>({ kind }: Expression<N>): boolean {
  return kind === "sequence";
}
