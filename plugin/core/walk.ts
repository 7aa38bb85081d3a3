/** Ways through an outline. None of them recurses: what is nested deeply is walked as well as what is long. */
import { partsOf } from "./expressions.ts";
import type { ClassOutline, Expression, FunctionOutline, Statement } from "./outline.ts";
import { expressionsOf, statementsOf } from "./statements.ts";

/** Every statement in a list, at any depth, but not those of inner functions. Parents first, in source order. */
export function allStatements<N>(statements: readonly Statement<N>[]): Generator<Statement<N>> {
  return preorder(statements, (statement) => statementsOf(statement));
}

/** An expression and all inside it, but not the bodies of functions and classes. Parents first, in source order. */
export function allExpressions<N>(expression: Expression<N>): Generator<Expression<N>> {
  return preorder([expression], (each) => partsOf(each));
}

function* preorder<T>(roots: readonly T[], childrenOf: (node: T) => readonly T[]): Generator<T> {
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    const children = childrenOf(node);
    for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index]!);
  }
}

export interface Visitor<N> {
  statement?(statement: Statement<N>): void;
  expression?(expression: Expression<N>): void;
  function?(fn: FunctionOutline<N>): void;
}

/** What is still to be visited: what it is beside each, so that nothing is allocated for it. */
class Waiting<N> {
  private readonly nodes: (Statement<N> | Expression<N> | FunctionOutline<N>)[] = [];
  private readonly kinds: ("statement" | "expression" | "function")[] = [];
  private readonly visitor: Visitor<N>;

  constructor(visitor: Visitor<N>) {
    this.visitor = visitor;
  }

  /** Last first. */
  statements(statements: readonly Statement<N>[]): void {
    for (let index = statements.length - 1; index >= 0; index--) this.push("statement", statements[index]!);
  }

  private expressions(expressions: readonly Expression<N>[]): void {
    for (let index = expressions.length - 1; index >= 0; index--) this.push("expression", expressions[index]!);
  }

  function(fn: FunctionOutline<N>): void {
    this.push("function", fn);
  }

  private push(kind: (typeof this.kinds)[number], node: (typeof this.nodes)[number]): void {
    this.kinds.push(kind);
    this.nodes.push(node);
  }

  visit(): void {
    const { visitor } = this;
    for (let kind = this.kinds.pop(); kind !== undefined; kind = this.kinds.pop()) {
      const node = this.nodes.pop()!;
      switch (kind) {
        case "statement":
          visitor.statement?.(node as Statement<N>);
          this.insideStatement(node as Statement<N>);
          break;
        case "expression":
          visitor.expression?.(node as Expression<N>);
          this.insideExpression(node as Expression<N>);
          break;
        case "function":
          visitor.function?.(node as FunctionOutline<N>);
          this.insideFunction(node as FunctionOutline<N>);
          break;
      }
    }
  }

  private insideStatement(statement: Statement<N>): void {
    this.statements(statementsOf(statement));
    this.expressions(expressionsOf(statement));
    if (statement.kind === "class") this.insideClass(statement.cls);
    if (statement.kind === "function") this.function(statement.fn);
  }

  private insideExpression(expression: Expression<N>): void {
    if (expression.kind === "function") this.function(expression.fn);
    else if (expression.kind === "class") this.insideClass(expression.cls);
    else this.expressions(partsOf(expression));
  }

  private insideFunction({ body, parameters }: FunctionOutline<N>): void {
    if (body.kind === "concise") this.expressions([body.expression]);
    else this.statements(body.statements);
    this.expressions(parameters);
  }

  private insideClass(cls: ClassOutline<N>): void {
    for (const { fn, initialiser } of [...cls.members].reverse()) {
      if (initialiser) this.expressions([initialiser]);
      if (fn) this.function(fn);
    }
    this.expressions(partsOfClass(cls));
  }
}

/** Visits everything in a list of statements, inner functions and classes included. Parents first, in source order. */
export function visitAll<N>(statements: readonly Statement<N>[], visitor: Visitor<N>): void {
  const waiting = new Waiting(visitor);
  waiting.statements(statements);
  waiting.visit();
}

/** The same for a function. */
export function visitInside<N>(fn: FunctionOutline<N>, visitor: Visitor<N>): void {
  const waiting = new Waiting(visitor);
  waiting.function(fn);
  waiting.visit();
}

/** The expressions of a class that run where the class stands, static initialisers apart. */
export function partsOfClass<N>(cls: ClassOutline<N>): Expression<N>[] {
  const parts = cls.members.flatMap((member) => [...member.decorators, ...(member.key ? [member.key] : [])]);
  return [...cls.decorators, ...(cls.superClass ? [cls.superClass] : []), ...parts];
}

/** The statements of a function's body; a concise body has none. */
export function statementsOfBody<N>(fn: FunctionOutline<N>): Statement<N>[] {
  return fn.body.kind === "block" ? fn.body.statements : [];
}

/** The function that an expression is, looking through type assertions. */
export function functionIn<N>(expression: Expression<N>): FunctionOutline<N> | null {
  if (expression.kind === "pass") return functionIn(expression.argument);
  return expression.kind === "function" ? expression.fn : null;
}
