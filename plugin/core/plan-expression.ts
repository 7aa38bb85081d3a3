import { doesWork, worksItself } from "./does-work.ts";
import { functionIn } from "./find-functions.ts";
import type { ClassOutline, Expression, Statement } from "./outline.ts";
import type { FunctionPlanning } from "./plan-function.ts";
import { allExpressions, partsOf, statementsOfBody } from "./walk.ts";

/** Control is on one of several lines, so that any operand starts its own. */
const UNKNOWN = 0;

/**
 * Probes inside one statement, in order of evaluation. Each method takes the line that control is on and returns the
 * line that it is on afterwards.
 */
export class ExpressionPlanner<N> {
  private readonly planning: FunctionPlanning<N>;
  private readonly planStatements: (statements: readonly Statement<N>[]) => void;
  /** Awaits after which nothing has been read yet: if work follows before the next probe, they must resume by themselves. */
  private waiting = new Set<Expression<N>>();
  private readonly resuming = new Set<Expression<N>>();

  constructor(planning: FunctionPlanning<N>, planStatements: (statements: readonly Statement<N>[]) => void) {
    this.planning = planning;
    this.planStatements = planStatements;
  }

  // ---- suspension ----

  /** A probe was written: what waited is resumed by it. */
  resumed(): void {
    this.waiting.clear();
  }

  /** Work happens here: what waits has to resume where it stands. */
  work(): void {
    for (const expression of this.waiting) {
      if (this.resuming.has(expression)) continue;
      this.resuming.add(expression);
      this.planning.emit({ placement: "resume", node: expression.node, at: expression });
    }
    this.waiting.clear();
  }

  /** Ways of which one is taken. */
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

  suspend(expression: Expression<N>): void {
    this.planning.emit({ placement: "suspend", node: expression.node, at: expression });
  }

  // ---- operands ----

  /** An expression in operand position: if it begins on a later line and does work, it starts that line. */
  operand(expression: Expression<N>, line: number): number {
    const target = expression.kind === "spread" ? expression.argument : expression;
    if (expression.line !== line && doesWork(expression)) {
      this.planning.emit({ placement: "operand", node: target.node, at: target, line: expression.line });
      this.resumed();
      return this.plan(expression, expression.line);
    }
    return this.plan(expression, line);
  }

  private operands(expressions: readonly Expression<N>[], line: number): number {
    return expressions.reduce((current, expression) => this.operand(expression, current), line);
  }

  plan(expression: Expression<N>, line: number): number {
    const after = this.planParts(expression, line);
    if (worksItself(expression) && expression.kind !== "await") this.work();
    return after;
  }

  private planParts(expression: Expression<N>, line: number): number {
    switch (expression.kind) {
      case "call":
        return this.planCall(expression, line);
      case "class":
        return this.planClass(expression.cls, line);
      case "array":
        return this.operands(expression.elements, line);
      case "template":
        return this.operands(expression.holes, line);
      case "object": {
        let current = line;
        for (const { key, value } of expression.properties) {
          if (key) current = this.plan(key, current);
          current = this.operand(value, current);
        }
        return current;
      }
      case "conditional": {
        const tested = this.plan(expression.test, line);
        const arms = [expression.consequent, expression.alternate];
        const [first, second] = this.branches(arms.map((arm) => () => this.operand(arm, tested)));
        return first === second ? first! : UNKNOWN;
      }
      case "binary": {
        const left = this.plan(expression.left, line);
        return expression.logical ? this.maybe(expression.right, left) : this.operand(expression.right, left);
      }
      case "assign":
        this.leaveWhole(expression.target);
        return expression.logical ? this.maybe(expression.value, line) : this.operand(expression.value, line);
      case "sequence":
        return this.operands(expression.items, line);
      case "jsx":
        return expression.parts.reduce(
          (current, { expression: part, braced }) => (braced ? this.operand(part, current) : this.plan(part, current)),
          line,
        );
      case "await": {
        const after = this.plan(expression.argument, line);
        this.suspend(expression.argument);
        this.waiting.add(expression);
        return after;
      }
      case "yield":
        return this.planYield(expression, line);
      case "whole":
        for (const part of expression.parts) this.leaveWhole(part);
        return line;
      default:
        return partsOf(expression).reduce((current, part) => this.plan(part, current), line);
    }
  }

  /** Evaluated or not. */
  private maybe(expression: Expression<N>, line: number): number {
    const [, after] = this.branches([() => line, () => this.operand(expression, line)]);
    return after === line ? line : UNKNOWN;
  }

  private planYield(expression: Expression<N> & { kind: "yield" }, line: number): number {
    const after = expression.argument ? this.operand(expression.argument, line) : line;
    this.suspendYield(expression);
    return after;
  }

  private suspendYield(expression: Expression<N> & { kind: "yield" }): void {
    if (expression.argument) this.suspend(expression.argument);
    else this.planning.emit({ placement: "suspend-nothing", node: expression.node, at: expression });
    this.planning.emit({ placement: "resume", node: expression.node, at: expression });
  }

  /** The receiver, the link's own line, the arguments; then control goes back to the call's line. */
  private planCall(call: Expression<N> & { kind: "call" }, line: number): number {
    let own = line;
    const { callee } = call;
    if (callee?.kind === "member" && !callee.chained && !callee.ofSuper && !call.chained) {
      own = this.plan(callee.object, line);
      if (callee.property) own = this.plan(callee.property, own);
      if (callee.propertyLine !== own) own = this.link(call, callee);
    } else if (callee) own = this.plan(callee, line);

    const after = this.operands(call.args, own);
    const last = call.args.at(-1);
    // After a callee such as `(a ? b() : c())` over rows it is not known which row that is: control stays.
    if (after === own || own === UNKNOWN || !last) return after;
    const target = last.kind === "spread" ? last.argument : last;
    this.planning.emit({ placement: "back", node: target.node, at: target, line: own });
    this.resumed();
    return own;
  }

  /** `xs⏎.map(f)`: the link starts its line before its first argument; without arguments, on its receiver. */
  private link(call: Expression<N> & { kind: "call" }, callee: Expression<N> & { kind: "member" }): number {
    const line = callee.propertyLine;
    const [first] = call.args;
    if (first) {
      const target = first.kind === "spread" ? first.argument : first;
      this.planning.emit({ placement: "link", node: target.node, at: target, line });
    } else {
      const { object } = callee;
      const inNew = call.form === "new" ? { callee: callee.node } : {};
      this.planning.emit({ placement: "at", node: object.node, at: object, line, ...inNew });
    }
    this.resumed();
    return line;
  }

  /** No operands; but what suspends in it suspends. */
  leaveWhole(expression: Expression<N>): void {
    for (const part of partsOf(expression)) this.leaveWhole(part);
    if (expression.kind === "await") {
      this.suspend(expression.argument);
      this.waiting.add(expression);
    } else if (expression.kind === "yield") this.suspendYield(expression);
    else if (expression.kind === "class") this.planClass(expression.cls, UNKNOWN);
    if (worksItself(expression) && expression.kind !== "await") this.work();
  }

  // ---- classes ----

  /** Heritage, computed keys, then static initialisers and blocks in order. Instance initialisers are functions of their own. */
  planClass(cls: ClassOutline<N>, line: number): number {
    let current = line;
    for (const decorator of cls.decorators) this.leaveWhole(decorator);
    if (cls.superClass) current = this.operand(cls.superClass, current);
    for (const { decorators, key } of cls.members) {
      for (const decorator of decorators) this.leaveWhole(decorator);
      if (key) current = this.plan(key, current);
    }
    for (const member of cls.members) {
      if (member.fn?.form === "staticBlock") {
        if (!this.planning.isPlannedApart(member.fn)) this.planStatements(statementsOfBody(member.fn));
        current = UNKNOWN;
      } else if (member.initialiser && member.static) current = this.operand(member.initialiser, current);
      else if (member.initialiser) this.planInitialiser(member.initialiser);
    }
    return current;
  }

  private planInitialiser(initialiser: Expression<N>): void {
    if (!doesWork(initialiser) || functionIn(initialiser)) return;
    for (const part of allExpressions(initialiser)) if (part.kind === "call" && part.directEval) return;
    const k = this.planning.addInitialiser();
    const { line } = initialiser;
    this.planning.emit({ placement: "initialiser", node: initialiser.node, at: initialiser, k, line });
    const waiting = this.waiting;
    this.waiting = new Set();
    this.plan(initialiser, line);
    this.waiting = waiting;
  }
}
