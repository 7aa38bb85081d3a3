import { doesWork } from "./does-work.ts";
import { movedDeclarations } from "./moved-declarations.ts";
import type { CaseOutline, Expression, FunctionOutline, Span, Statement } from "./outline.ts";
import type { Probe } from "./plan.ts";
import { ExpressionPlanner } from "./plan-expression.ts";

/** What the planner of one function needs from the plan of the file. */
export interface FunctionPlanning<N> {
  emit(probe: Probe<N>): void;
  /** Gives an instance initialiser its index in the module table. */
  addInitialiser(): number;
  /** A marked static block has a listing of its own. */
  isPlannedApart(fn: FunctionOutline<N>): boolean;
  /** A fresh label. */
  nextLabel(): string;
}

/** The probes of one function's body. Functions inside it have plans of their own. */
export function planFunction<N>(fn: FunctionOutline<N>, k: number, planning: FunctionPlanning<N>): void {
  const planner = new StatementPlanner(fn, planning);
  const enter: Probe<N> = { placement: "enter", node: fn.node, at: fn, k };
  if (fn.body.kind === "concise") enter.line = fn.body.expression.line;
  else enter.moved = movedDeclarations(fn);
  planning.emit(enter);
  planner.body();
}

/** A loop that `continue` can go back to. */
interface Loop {
  names: string[];
  /** Set for loops whose body is wrapped in a labelled block. */
  label: string | null;
  used: boolean;
}

/**
 * Statements in order of control. `before` is what is evaluated directly before the next one: a statement gets no probe
 * when that begins on the same line and lies on it whole, because control is on the line already.
 */
class StatementPlanner<N> {
  private readonly fn: FunctionOutline<N>;
  private readonly planning: FunctionPlanning<N>;
  private readonly expressions: ExpressionPlanner<N>;
  private readonly suspends: boolean;
  private loops: Loop[] = [];

  constructor(fn: FunctionOutline<N>, planning: FunctionPlanning<N>) {
    this.fn = fn;
    this.planning = planning;
    this.suspends = fn.async || fn.generator;
    this.expressions = new ExpressionPlanner(planning, (statements) => this.apart(statements));
  }

  body(): void {
    const { body } = this.fn;
    if (body.kind === "concise") this.expressions.plan(body.expression, body.expression.line);
    else this.list(body.statements, null);
  }

  /** Static blocks: statements of their own in the middle of an expression. */
  private apart(statements: readonly Statement<N>[]): void {
    const loops = this.loops;
    this.loops = [];
    this.list(statements, null);
    this.loops = loops;
  }

  /** @returns what was evaluated last */
  private list(statements: readonly Statement<N>[], before: Span | null): Span | null {
    let last = before;
    for (const statement of statements) last = this.statement(statement, last, { inList: true });
    return last;
  }

  /** The one statement of an arm or a loop's body. */
  private arm(statement: Statement<N>, header: Span | null): void {
    if (statement.kind === "block") this.list(statement.body, header);
    else this.statement(statement, header, { inList: false });
  }

  /** @param place where a probe before the statement goes: a label stays with its loop */
  private statement(
    statement: Statement<N>,
    before: Span | null,
    place: { inList: boolean; labelled?: Statement<N>; names?: string[] },
  ): Span | null {
    const starts = !(before && before.line === statement.line && before.endLine === statement.line);
    const target = place.labelled ?? statement;
    const start = (line = statement.line) => {
      if (!starts) return;
      this.probe({ placement: "before", node: target.node, at: target, line, braces: !place.inList });
    };

    switch (statement.kind) {
      case "nothing":
      case "function":
        return before;
      case "block":
        return this.list(statement.body, before) && statement;
      case "label": {
        const names = [...(place.names ?? []), statement.name];
        return this.statement(statement.body, before, { ...place, labelled: place.labelled ?? statement, names });
      }
      case "for":
        this.planFor(statement, starts, target, place);
        return statement;
      case "forEach":
        start();
        this.planForEach(statement, place.names ?? []);
        return statement;
      case "while":
        this.planWhile(statement, starts, place.names ?? []);
        return statement;
      case "doWhile":
        this.planDoWhile(statement, place.names ?? []);
        return statement;
      case "continue":
        start();
        this.planContinue(statement);
        return statement;
      default:
        start();
        this.planSimple(statement);
        return statement;
    }
  }

  private planSimple(statement: Statement<N>): void {
    const { line } = statement;
    switch (statement.kind) {
      case "expression":
        this.expressions.plan(statement.expression, line);
        return;
      case "variable":
        return this.planVariables(statement);
      case "class":
        this.expressions.planClass(statement.cls, line);
        return;
      case "return":
        return this.planReturn(statement.argument, line);
      case "throw":
        this.expressions.operand(statement.argument!, line);
        return;
      case "if":
        return this.planIf(statement);
      case "switch":
        return this.planSwitch(statement);
      case "try":
        return this.planTry(statement);
      case "with":
        this.expressions.operand(statement.object, line);
        return;
      case "enum":
        for (const part of statement.parts) this.expressions.leaveWhole(part);
        return;
      default:
        return;
    }
  }

  private planVariables(statement: Statement<N> & { kind: "variable" }): void {
    let line = statement.line;
    for (const { init, pattern } of statement.declarators) {
      if (init) line = this.expressions.operand(init, line);
      if (pattern) this.expressions.leaveWhole(pattern);
    }
    if (statement.form === "await using")
      this.planning.emit({ placement: "leave", node: statement.node, at: statement });
  }

  private planReturn(argument: Expression<N> | null, line: number): void {
    if (!argument) return;
    this.expressions.operand(argument, line);
    if (this.fn.async && this.fn.generator) this.expressions.suspend(argument);
  }

  private planIf(statement: Statement<N> & { kind: "if" }): void {
    this.expressions.operand(statement.test, statement.line);
    const header = { ...statement, endLine: statement.test.endLine };
    const { consequent, alternate } = statement;
    this.expressions.branches([() => this.arm(consequent, header), () => alternate && this.arm(alternate, header)]);
  }

  private planSwitch(statement: Statement<N> & { kind: "switch" }): void {
    this.expressions.operand(statement.discriminant, statement.line);
    for (const { test } of statement.cases) if (test) this.expressions.leaveWhole(test);
    const isOneLine = statement.line === statement.endLine;
    const header = isOneLine ? statement : { ...statement, endLine: statement.discriminant.endLine };
    const planCase = (clause: CaseOutline<N>, index: number) => {
      const next = statement.cases[index + 1];
      const first = clause.body.find(({ kind }) => kind !== "nothing" && kind !== "function");
      const sharesRow = first ? firstLine(first) === clause.line : next?.line === clause.line;
      if (!sharesRow && clause.line !== statement.line) {
        this.probe({ placement: "head", node: clause.node, at: clause, line: clause.line });
      }
      this.list(clause.body, header);
    };
    this.expressions.branches([...statement.cases.map((clause, index) => () => planCase(clause, index)), () => {}]);
  }

  private planTry(statement: Statement<N> & { kind: "try" }): void {
    const { line, block, handler, finalizer } = statement;
    this.list(block.body, { ...statement, endLine: line });
    if (handler) {
      const shares = handler.line === line && block.endLine === line;
      const works = handler.parameter !== null && doesWork(handler.parameter);
      if (!shares && works) this.probe({ placement: "catch", node: handler.node, at: handler, line: handler.line });
      else if (!shares) this.probe({ placement: "head", node: handler.node, at: handler.block, line: handler.line });
      else if (this.suspends) this.headBack(handler.block, handler.node);
      if (handler.parameter) this.expressions.leaveWhole(handler.parameter);
      this.list(handler.block.body, { ...handler, endLine: handler.line });
    }
    if (!finalizer) return;
    const shares = finalizer.line === line && finalizer.endLine === line;
    if (shares && this.suspends) this.headBack(finalizer, finalizer.node);
    this.list(finalizer.body, shares ? finalizer : null);
  }

  /** A block that a rejection or a `return()` of the generator can enter while suspended, on the row where control is. */
  private headBack(block: Span, node: N): void {
    this.probe({ placement: "head-back", node, at: block, line: block.line });
  }

  // ---- loops ----

  private loop(names: string[], label: string | null, body: () => void): Loop {
    const loop: Loop = { names, label, used: false };
    this.loops.push(loop);
    this.expressions.branches([body, () => {}]);
    this.loops.pop();
    return loop;
  }

  private planContinue(statement: Statement<N> & { kind: "break" | "continue" }): void {
    const { label } = statement;
    const loop = label === null ? this.loops.at(-1) : this.loops.findLast(({ names }) => names.includes(label));
    if (!loop?.label) return;
    loop.used = true;
    this.planning.emit({ placement: "continue", node: statement.node, at: statement, label: loop.label });
  }

  /** Rows of the head: initialisation once, test once more than the rounds, update once a round. */
  private planFor(
    statement: Statement<N> & { kind: "for" },
    starts: boolean,
    target: Statement<N>,
    place: { inList: boolean; names?: string[] },
  ): void {
    const { init, test, update, body, line } = statement;
    const before = (row: number) =>
      this.probe({ placement: "before", node: target.node, at: target, line: row, braces: !place.inList });
    if (starts) before(line);
    if (init && init.line !== line) before(init.line);
    if (init) this.planSimple(init);
    const arrival = init?.line ?? line;
    const testIsRow = test !== null && test.line !== arrival;
    if (test) {
      if (testIsRow) this.probe({ placement: "test", node: test.node, at: test, line: test.line });
      this.expressions.plan(test, test.line);
    }
    const head = update ?? test ?? init;
    this.loop(place.names ?? [], null, () => this.arm(body, { ...statement, endLine: head?.endLine ?? line }));

    const row = update?.line ?? test?.line ?? line;
    const probe: Probe<N> = { placement: "update", node: statement.node, at: statement };
    if (!testIsRow || update) probe.before = { method: testIsRow && test.line === row ? "back" : "line", line: row };
    if (test && !testIsRow && test.line !== row) probe.after = { method: "line", line: test.line };
    if (probe.before) this.probe(probe);
    if (update) this.expressions.plan(update, update.line);
  }

  private planForEach(statement: Statement<N> & { kind: "forEach" }, names: string[]): void {
    const { left, right, body, form, line } = statement;
    this.expressions.operand(right, line);
    if (form !== "await") this.expressions.work();
    if (left.kind === "variable") {
      for (const { pattern } of left.declarators) if (pattern) this.expressions.leaveWhole(pattern);
    } else this.expressions.leaveWhole(left);
    const label = this.planning.nextLabel();
    const loop = this.loop(names, label, () => this.arm(body, { ...statement, endLine: right.endLine }));
    const placement = form === "await" ? "await-round" : "round";
    const probe: Probe<N> = { placement, node: statement.node, at: statement, line };
    if (loop.used) probe.label = label;
    this.probe(probe);
  }

  private planWhile(statement: Statement<N> & { kind: "while" }, starts: boolean, names: string[]): void {
    const { test, body, line } = statement;
    if (starts) this.probe({ placement: "test", node: test.node, at: test, line });
    else this.probe({ placement: "while-round", node: statement.node, at: statement, line });
    this.expressions.operand(test, line);
    this.loop(names, null, () => this.arm(body, { ...statement, endLine: test.endLine }));
  }

  private planDoWhile(statement: Statement<N> & { kind: "doWhile" }, names: string[]): void {
    const { test, body } = statement;
    this.loop(names, null, () => this.arm(body, null));
    const isOneLine = statement.line === statement.endLine;
    const hasRow = isOneLine && (body.kind === "block" ? body.body : [body]).some(({ kind }) => kind !== "nothing");
    if (!hasRow) this.probe({ placement: "test", node: test.node, at: test, line: test.line });
    this.expressions.plan(test, test.line);
  }

  private probe(probe: Probe<N>): void {
    this.planning.emit(probe);
    this.expressions.resumed();
  }
}

/** The line on which a statement's first evaluated part begins. */
function firstLine<N>(statement: Statement<N>): number {
  if (statement.kind === "block" && statement.body[0]) return firstLine(statement.body[0]);
  return statement.kind === "label" ? firstLine(statement.body) : statement.line;
}
