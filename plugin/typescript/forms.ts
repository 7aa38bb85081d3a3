import type TS from "typescript";
import type { LineCall, Names, Probe } from "../core/plan.ts";
import type { Node, Ts } from "./read-outline.ts";

/** The forms of `docs/generated-code.md` as TypeScript's nodes. */
export class Forms {
  private readonly ts: Ts;
  private readonly factory: TS.NodeFactory;
  private readonly names: Names;
  private readonly text: string;

  /** @param text of the file: where a moved expression has comments in front */
  constructor(names: Names, text: string, ts: Ts, factory: TS.NodeFactory) {
    this.names = names;
    this.text = text;
    this.ts = ts;
    this.factory = factory;
  }

  /**
   * @param current what stands in the node's place so far, the node itself first
   * @param options the object of `profile({ … })(fn)`
   */
  write(probe: Probe<Node>, current: Node[], options: TS.Expression | undefined): Node[] {
    const { factory } = this;
    const { placement, line } = probe;
    const node = current[0] as TS.Expression;
    switch (placement) {
      case "before": {
        const statements = [this.statement("line", line!), ...(current as TS.Statement[])];
        return probe.braces ? [factory.createBlock(statements, true)] : statements;
      }
      case "leave":
        return [...current, this.leave()];
      case "continue":
        return [this.inPlaceOf(probe.node, factory.createBreakStatement(probe.label))];
      case "head":
      case "head-back":
        return [this.head(current[0]!, this.statement(placement === "head" ? "line" : "back", line!))];
      case "catch":
        return [this.catch(current[0] as TS.CatchClause, line!)];
      case "while-round": {
        const { expression, statement } = current[0] as TS.WhileStatement;
        const loop = factory.createForStatement(undefined, expression, this.call("line", line!), statement);
        return [this.inPlaceOf(probe.node, loop)];
      }
      case "update":
        return [this.update(current[0] as TS.ForStatement, probe)];
      case "round":
        return [this.round(current[0] as TS.ForOfStatement | TS.ForInStatement, probe)];
      case "await-round":
        return [this.awaitRound(current[0] as TS.ForOfStatement, probe)];
      case "test":
        return [factory.createComma(this.call("line", line!), node)];
      case "link":
      case "operand":
        return [factory.createParenthesizedExpression(factory.createComma(this.call("line", line!), node))];
      case "options":
        return [this.options(node, probe, options!)];
      case "suspend":
      case "resume":
        return [this.call(placement, node)];
      case "suspend-nothing": {
        const expression = current[0] as TS.YieldExpression;
        return [factory.updateYieldExpression(expression, expression.asteriskToken, this.call("suspend"))];
      }
      case "at":
      case "back":
        return [this.call(placement, line!, node)];
      case "initialiser":
        return [this.initialiser(node, probe)];
      case "enter":
        throw new Error("[mprof] a function is entered at its body");
    }
  }

  // ---- functions ----

  /** @param body of the function that is entered */
  enter({ k, line, moved }: Probe<Node>, body: TS.ConciseBody): TS.Block {
    const { ts, factory } = this;
    if (!ts.isBlock(body)) {
      const statements = [this.statement("line", line!), this.return(body)];
      return factory.createBlock(this.activation(k!, statements), true);
    }
    const all = [...body.statements];
    const directives = all.splice(0, countDirectives(all, ts));
    const isMoved = (statement: TS.Statement) => moved?.includes(ts.getOriginalNode(statement)) ?? false;
    const functions = all.filter(isMoved).map((each) => this.moved(each as TS.FunctionDeclaration));
    const rest = all.filter((statement) => !isMoved(statement));
    const statements = [...directives, ...this.activation(k!, [...functions, ...rest])];
    const list = ts.setTextRange(factory.createNodeArray(statements), body.statements);
    return this.inPlaceOf(body, factory.createBlock(list, true));
  }

  /** `var g = function …;` */
  private moved(declaration: TS.FunctionDeclaration): TS.Statement {
    const { factory } = this;
    const { asteriskToken, name, typeParameters, parameters, type, body } = declaration;
    const modifiers = this.ts.getModifiers(declaration);
    const fn = factory.createFunctionExpression(
      modifiers,
      asteriskToken,
      undefined,
      typeParameters,
      parameters,
      type,
      body!,
    );
    const initializer = this.inPlaceOf(declaration, fn);
    const variable = factory.createVariableDeclaration(name!.text, undefined, undefined, initializer);
    return factory.createVariableStatement(undefined, factory.createVariableDeclarationList([variable]));
  }

  /** `const __mp = __mp_m().enter(k); try { … } finally { __mp.exit(); }` */
  private activation(k: number, statements: TS.Statement[]): TS.Statement[] {
    const { factory, ts } = this;
    const entered = factory.createCallExpression(this.ofModule("enter"), undefined, [factory.createNumericLiteral(k)]);
    const variable = factory.createVariableDeclaration(this.names.activation, undefined, undefined, entered);
    const exit = factory.createBlock([factory.createExpressionStatement(this.call("exit"))], true);
    return [
      factory.createVariableStatement(undefined, factory.createVariableDeclarationList([variable], ts.NodeFlags.Const)),
      factory.createTryStatement(factory.createBlock(statements, true), undefined, exit),
    ];
  }

  private initialiser(value: TS.Expression, { k, line }: Probe<Node>): TS.Expression {
    const { factory } = this;
    const statements = [this.statement("line", line!), this.return(value)];
    const body = factory.createBlock(this.activation(k!, statements), true);
    const arrow = factory.createArrowFunction(undefined, undefined, [], undefined, undefined, body);
    return factory.createCallExpression(factory.createParenthesizedExpression(arrow), undefined, []);
  }

  private options(fn: TS.Expression, { k, name }: Probe<Node>, written: TS.Expression): TS.Expression {
    const { factory } = this;
    const args = [factory.createNumericLiteral(k!), written, fn];
    if (name !== undefined) args.push(factory.createStringLiteral(name));
    return factory.createCallExpression(this.ofModule("options"), undefined, args);
  }

  // ---- statements ----

  /** A comment in front of the value would put it on the next line, behind the end of the `return`. */
  private return(value: TS.Expression): TS.Statement {
    const { ts, factory, text } = this;
    const hasComment = value.pos >= 0 && ts.getLeadingCommentRanges(text, value.pos) !== undefined;
    return factory.createReturnStatement(hasComment ? factory.createParenthesizedExpression(value) : value);
  }

  private leave(): TS.Statement {
    const { factory, ts } = this;
    const disposable = factory.createVariableDeclaration(this.names.leave, undefined, undefined, this.call("onLeave"));
    return factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList([disposable], ts.NodeFlags.Using),
    );
  }

  /** At the start of a case, a catch block or a finally block. */
  private head(node: Node, statement: TS.Statement): Node {
    const { ts, factory } = this;
    if (ts.isCaseClause(node)) return factory.updateCaseClause(node, node.expression, [statement, ...node.statements]);
    if (ts.isDefaultClause(node)) return factory.updateDefaultClause(node, [statement, ...node.statements]);
    if (!ts.isCatchClause(node)) return this.blockWith(node as TS.Block, [statement, ...(node as TS.Block).statements]);
    const block = this.blockWith(node.block, [statement, ...node.block.statements]);
    return factory.updateCatchClause(node, node.variableDeclaration, block);
  }

  /** The same block with other statements, on lines of their own. */
  private blockWith(block: TS.Block, statements: TS.Statement[]): TS.Block {
    const list = this.ts.setTextRange(this.factory.createNodeArray(statements), block.statements);
    return this.inPlaceOf(block, this.factory.createBlock(list, true));
  }

  private catch(clause: TS.CatchClause, line: number): TS.CatchClause {
    const { factory, ts } = this;
    const { error } = this.names;
    const written = clause.variableDeclaration!;
    const pattern = factory.createVariableDeclaration(
      written.name,
      undefined,
      undefined,
      factory.createIdentifier(error),
    );
    const declared = factory.createVariableDeclarationList([this.inPlaceOf(written, pattern)], ts.NodeFlags.Let);
    const statements = [
      this.statement("line", line),
      factory.createVariableStatement(undefined, declared),
      clause.block,
    ];
    return factory.updateCatchClause(
      clause,
      factory.createVariableDeclaration(error),
      factory.createBlock(statements, true),
    );
  }

  // ---- loops ----

  private update(loop: TS.ForStatement, { before, after }: Probe<Node>): TS.ForStatement {
    const { factory } = this;
    const call = (written: LineCall | undefined) => (written ? [this.call(written.method, written.line)] : []);
    const parts = [...call(before), ...(loop.incrementor ? [loop.incrementor] : []), ...call(after)];
    const update = parts.reduce((left, right) => factory.createComma(left, right));
    return factory.updateForStatement(loop, loop.initializer, loop.condition, update, loop.statement);
  }

  private round(loop: TS.ForOfStatement | TS.ForInStatement, { line, label }: Probe<Node>): Node {
    const { ts, factory } = this;
    const call = this.statement("line", line!);
    const body =
      !label && ts.isBlock(loop.statement)
        ? this.blockWith(loop.statement, [...loop.statement.statements, call])
        : factory.createBlock([this.labelled(loop.statement, label), call], true);
    if (ts.isForInStatement(loop)) return factory.updateForInStatement(loop, loop.initializer, loop.expression, body);
    return factory.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
  }

  private awaitRound(loop: TS.ForOfStatement, { line, label }: Probe<Node>): Node {
    const { factory } = this;
    const round = factory.createBlock([this.labelled(loop.statement, label), this.statement("line", line!)], true);
    const suspended = factory.createBlock([factory.createExpressionStatement(this.call("suspend"))], true);
    const resumed = factory.createExpressionStatement(this.call("resume"));
    const body = factory.createBlock([resumed, factory.createTryStatement(round, undefined, suspended)], true);
    const iterable = this.call("suspend", loop.expression);
    return factory.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, iterable, body);
  }

  private labelled(body: TS.Statement, label: string | undefined): TS.Statement {
    const { factory } = this;
    return label ? factory.createLabeledStatement(label, factory.createBlock([body], true)) : body;
  }

  // ---- calls ----

  private statement(method: string, line: number): TS.Statement {
    return this.factory.createExpressionStatement(this.call(method, line));
  }

  /** `__mp.method(…)` */
  private call(method: string, ...args: (number | TS.Expression)[]): TS.CallExpression {
    const { factory } = this;
    const callee = factory.createPropertyAccessExpression(factory.createIdentifier(this.names.activation), method);
    const nodes = args.map((argument) =>
      typeof argument === "number" ? factory.createNumericLiteral(argument) : argument,
    );
    return factory.createCallExpression(callee, undefined, nodes);
  }

  /** `__mp_m().method` */
  private ofModule(method: string): TS.Expression {
    const { factory } = this;
    const handle = factory.createCallExpression(factory.createIdentifier(this.names.module), undefined, []);
    return factory.createPropertyAccessExpression(handle, method);
  }

  /** A node that is written instead of another one has its place. */
  private inPlaceOf<N extends Node>(written: Node, node: N): N {
    return this.ts.setTextRange(this.ts.setOriginalNode(node, written), written);
  }
}

/** How many of the statements at the start of a file or function are directives. */
export function countDirectives(statements: readonly TS.Statement[], ts: Ts): number {
  const isDirective = (node: TS.Statement) => ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
  const first = statements.findIndex((node) => !isDirective(node));
  return first < 0 ? statements.length : first;
}
