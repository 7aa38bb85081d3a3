import { FOR_CONSUMER, FOR_PROMISE, type SuspendedFor } from "../../contract/module-table.ts";
import { type Amount, growing, NONE, UNBOUNDED } from "./amounts.ts";
import { amountOf, partsOf, planExpression, planWhole, worksHere } from "./expressions.ts";
import { type Counted, Flow } from "./flow.ts";
import { followedIn } from "./followable.ts";
import type { KnownValues } from "./known-values.ts";
import { type LiteralForms, literalFormOf } from "./literal-forms.ts";
import { movedDeclarations } from "./moved-declarations.ts";
import type { Expression, FunctionOutline, Span, Statement } from "./outline.ts";
import type { CountedBody, CounterCall, Probe } from "./plan.ts";
import { type LineProbe, type Place, type StatementPlanner, UNKNOWN } from "./planner.ts";
import { amountOfRound } from "./rounds.ts";
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
  /** Of the function's variables. */
  known: KnownValues;
  /** For mode `auto`; `null` for activations. */
  counted: Pick<CountedBody, "isEarly"> | null;
  /** Mode `auto`: each line is read, and each call ends with a word, by a throw, too. */
  isTimed: boolean;
  /** What values become of is followed. */
  follows: boolean;
  /** A variable of this file: naming it once more does nothing. */
  isVariable(name: string): boolean;
}

/** What is written for one function. */
export interface PlannedFunction<N> {
  probes: Probe<N>[];
  /** Mode `auto`: the calls of counters, in order. */
  counted: Counted[];
}

/** The index of a function in the module table, which is not known while it is planned. */
export const LATER = -1;

/** The probes of one function's body. Functions inside it have plans of their own. */
export function planFunction<N>(fn: FunctionOutline<N>, planning: FunctionPlanning<N>): PlannedFunction<N> {
  const planner = new FunctionPlanner(fn, planning);
  planner.body();
  return planner.planned();
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
  private readonly probes: Probe<N>[] = [];
  readonly flow: Flow;
  readonly isCounted: boolean;
  readonly suspends: boolean;
  /** Mode `auto`: its calls end in a `finally`, and need no word where they return. */
  private readonly endsByFinally: boolean;
  readonly isAsyncGenerator: boolean;
  private readonly fn: FunctionOutline<N>;
  private readonly planning: FunctionPlanning<N>;
  private loops: Loop[] = [];
  /** Awaits after which nothing has been read yet: if work follows before the next probe, they must resume by themselves. */
  private waiting = new Set<Expression<N>>();
  private readonly resuming = new Set<Expression<N>>();
  /** Where in the flow each of them goes on. */
  private readonly waits = new Map<Expression<N>, ReturnType<Flow["wait"]>>();
  /** Mode `auto`: ends of calls, written where something may be open; the body's own is the last. */
  private readonly ends: { at: ReturnType<Flow["end"]>; probe: Probe<N> }[] = [];

  constructor(fn: FunctionOutline<N>, planning: FunctionPlanning<N>) {
    this.fn = fn;
    this.planning = planning;
    this.flow = new Flow(planning.isTimed, fn.async);
    this.suspends = fn.async || fn.generator;
    this.endsByFinally = this.suspends || planning.isTimed;
    this.isAsyncGenerator = fn.async && fn.generator;
    this.isCounted = planning.counted !== null;
  }

  body(): void {
    const { fn, endsByFinally } = this;
    const { node, inside, body } = fn;
    const { optOut, counted: how } = this.planning;
    const ends = fn.async ? "waits" : endsByFinally ? "finally" : "closed";
    const counted: CountedBody | null = how && { ...how, entry: null, ends, isGenerator: fn.generator };
    if (body.kind === "concise") {
      const { line } = body.expression;
      const enter: Probe<N> = { placement: "enter-concise", node, at: fn, k: LATER, line, inside, optOut, counted };
      this.emit(enter);
      this.flow.arrive({ site: enter, line, method: "line" });
      this.plan(body.expression, line);
      this.value(body.expression, false);
      this.end(enter);
    } else {
      const moved = counted && !endsByFinally ? [] : movedDeclarations(fn);
      const enter: Probe<N> = { placement: "enter", node, at: fn, k: LATER, inside, moved, optOut, counted };
      this.emit(enter);
      this.list(body.statements, null);
      this.end(enter);
    }
  }

  planned(): PlannedFunction<N> {
    const { probes } = this;
    if (!this.isCounted) return { probes, counted: [] };
    const counted = this.flow.solve();
    for (const { at, probe } of this.ends) {
      if (!this.flow.isOpenAt(at)) continue;
      if (!("counted" in probe)) probes.push(probe);
      else if (probe.counted?.ends === "closed") probe.counted.ends = "open";
    }
    return { probes, counted };
  }

  private end(probe: Probe<N>): void {
    this.ends.push({ at: this.flow.end(), probe });
  }

  leave({ node, argument, ...at }: Statement<N, "return">): void {
    if (this.endsByFinally || (argument && this.keepsShape(argument))) this.flow.jump();
    else if (!argument) this.end({ placement: "exit-nothing", node, at });
    else this.end({ placement: "exit", node: argument.node, at: argument, sequence: isSequence(argument) });
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
    const starts = this.starts(statement, place);
    const store = this.storeOf(statement);
    if (!starts && store === null) return;
    const target = place.labelled ?? statement;
    const probe: Probe<N, "before"> = {
      placement: "before",
      node: target.node,
      at: target,
      line,
      braces: !place.inList,
    };
    this.write(probe);
    if (store !== null) this.flow.arrive({ site: probe, line, method: "grow", store, starts });
    else this.flow.arrive({ site: probe, line, method: "line", isEntry: isLoop(statement) });
  }

  /** The store that the statement may let grow: its counter is told of it, behind the head of a loop or an `if` on the same row, too. */
  private storeOf(statement: Statement<N>): string | null {
    const store = this.isCounted ? growing(statement, this.planning.known.text) : null;
    return store !== null && this.planning.isVariable(store) ? store : null;
  }

  staticBlock(fn: FunctionOutline<N>): void {
    if (this.planning.isPlannedApart(fn)) return;
    const { loops } = this;
    this.loops = [];
    this.list(statementsOfBody(fn), null);
    this.loops = loops;
  }

  get isIterating(): boolean {
    return this.loops.some(({ label }) => label !== null);
  }

  loop(names: readonly string[], needsLabel: boolean, body: () => void): string | null {
    const loop: Loop = { names, label: needsLabel ? this.planning.nextLabel() : null, used: false };
    this.loops.push(loop);
    this.ways([body, () => {}]);
    this.loops.pop();
    return loop.used ? loop.label : null;
  }

  round(loop: Statement<N>): void {
    if (this.isCounted) this.flow.work(amountOfRound(loop));
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

  value(expression: Expression<N>, isNamed: boolean): void {
    if (!this.planning.follows) return;
    for (const { expression: each, isGiven } of followedIn(expression, isNamed, this.planning.known.text)) {
      if (this.keepsShape(each)) continue;
      const { node, line } = each;
      this.emit({ placement: "keep", node, at: each, line, of: LATER, isGiven, sequence: isSequence(each) });
    }
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
    this.operation(expression);
    return after;
  }

  leaveWhole(expression: Expression<N>): void {
    if (literalFormOf(expression, this.planning.literals)?.inside !== "untouched") {
      for (const part of partsOf(expression)) this.leaveWhole(part);
      planWhole(expression, this);
    }
    this.operation(expression);
  }

  private operation(expression: Expression<N>): void {
    const amount = this.isCounted ? amountOf(expression, this.planning.known) : NONE;
    if (worksHere(expression)) this.work(amount);
    else this.flow.work(amount);
  }

  keepsShape(expression: Expression<N>): boolean {
    if (expression.kind === "pass") return this.keepsShape(expression.argument);
    return literalFormOf(expression, this.planning.literals)?.wrap === false;
  }

  initialiser(expression: Expression<N>): void {
    if (!expression.works || functionIn(expression) || this.keepsShape(expression)) return;
    for (const part of allExpressions(expression)) if (part.kind === "call" && part.directEval) return;
    const { line, node } = expression;
    const probe: Probe<N> = { placement: "initialiser", node, at: expression, k: LATER, line };
    this.emit(probe);
    const { waiting } = this;
    this.waiting = new Set();
    this.flow.apart(() => {
      this.flow.arrive({ site: probe, line, method: "line" });
      this.plan(expression, line);
    });
    this.waiting = waiting;
  }

  // ---- suspension ----

  emit(probe: Probe<N>): void {
    if (this.isCounted && this.fn.async) probe.waits = true;
    this.probes.push(probe);
  }

  write(probe: Probe<N>): void {
    this.emit(probe);
    this.waiting.clear();
  }

  probe(probe: LineProbe<N>): void {
    this.write(probe);
    const starts = probe.placement === "head-back" ? false : undefined;
    this.flow.arrive({ site: probe, line: probe.line, method: methodOf(probe), starts });
  }

  await(expression: Expression<N, "await">): void {
    this.suspend(expression.argument);
    this.waits.set(expression, this.flow.wait());
    this.waiting.add(expression);
  }

  yield(expression: Expression<N, "yield">): void {
    const { node, argument } = expression;
    if (argument) this.suspend(argument, FOR_CONSUMER);
    else this.emit({ placement: "suspend-nothing", node, at: expression });
    this.waits.set(expression, this.flow.wait());
    this.resume(expression);
  }

  suspend(expression: Expression<N>, why: SuspendedFor = FOR_PROMISE): void {
    const { node } = expression;
    const row = this.flow.line ?? expression.line;
    this.emit({ placement: "suspend", node, at: expression, sequence: isSequence(expression), why, row });
  }

  private resume(expression: Expression<N>): void {
    const { node, line } = expression;
    const probe: Probe<N> = { placement: "resume", node, at: expression, sequence: isSequence(expression) };
    this.emit(probe);
    this.flow.goOn(this.waits.get(expression)!, { site: probe, line, method: "back" });
  }

  work(amount: Amount = UNBOUNDED): void {
    this.flow.work(amount);
    for (const expression of this.waiting) {
      if (this.resuming.has(expression)) continue;
      this.resuming.add(expression);
      this.resume(expression);
    }
    this.waiting.clear();
  }

  branches<T>(ways: readonly (() => T)[]): T[] {
    const fork = this.flow.fork();
    const results = this.ways(ways.map((way) => () => fork.way(way)));
    fork.join();
    return results;
  }

  private ways<T>(ways: readonly (() => T)[]): T[] {
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

function isLoop<N>({ kind }: Statement<N>): boolean {
  return kind === "for" || kind === "forEach";
}

/** How the counter of a probe is called; where its line is only counted is decided when all is known. */
function methodOf<N>(probe: LineProbe<N>): CounterCall["method"] {
  switch (probe.placement) {
    case "at":
    case "back":
      return probe.placement;
    case "head-back":
      return probe.isCaught ? "caught" : "back";
    case "catch":
      return "caught";
    case "head":
      return probe.isCaught ? "caught" : "line";
    default:
      return "line";
  }
}

function isSequence<N>({ kind }: Expression<N>): boolean {
  return kind === "sequence";
}
