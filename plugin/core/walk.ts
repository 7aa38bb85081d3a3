/** Ways through an outline. None of them recurses: what is nested deeply is walked as well as what is long. */
import { partsOf } from "./expressions.ts";
import type { ClassOutline, Expression, FunctionOutline, Statement } from "./outline.ts";
import { expressionsOf, statementsOf } from "./statements.ts";

/** Every statement in a list, at any depth, but not those of inner functions. Parents first, in source order. */
export function* allStatements<N>(statements: readonly Statement<N>[]): Generator<Statement<N>> {
  yield* preorder(statements, (statement) => statementsOf(statement));
}

/** An expression and all inside it, but not the bodies of functions and classes. Parents first, in source order. */
export function* allExpressions<N>(expression: Expression<N>): Generator<Expression<N>> {
  yield* preorder([expression], (each) => partsOf(each));
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

type Visit = () => Visit[];

/** Visits everything in a list of statements, inner functions and classes included. Parents first, in source order. */
export function visitAll<N>(statements: readonly Statement<N>[], visitor: Visitor<N>): void {
  const { visitStatement } = visitsOf(visitor);
  follow(statements.map(visitStatement));
}

/** The same for a function. */
export function visitInside<N>(fn: FunctionOutline<N>, visitor: Visitor<N>): void {
  follow([visitsOf(visitor).visitFunction(fn)]);
}

function follow(first: Visit[]): void {
  const waiting = first.reverse();
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const next = visit();
    for (let index = next.length - 1; index >= 0; index--) waiting.push(next[index]!);
  }
}

function visitsOf<N>(visitor: Visitor<N>) {
  return { visitStatement, visitFunction };

  function visitStatement(statement: Statement<N>): Visit {
    return () => {
      visitor.statement?.(statement);
      return [
        ...(statement.kind === "function" ? [visitFunction(statement.fn)] : []),
        ...(statement.kind === "class" ? visitClass(statement.cls) : []),
        ...expressionsOf(statement).map(visitExpression),
        ...statementsOf(statement).map(visitStatement),
      ];
    };
  }

  function visitExpression(expression: Expression<N>): Visit {
    return () => {
      visitor.expression?.(expression);
      if (expression.kind === "function") return [visitFunction(expression.fn)];
      if (expression.kind === "class") return visitClass(expression.cls);
      return partsOf(expression).map(visitExpression);
    };
  }

  function visitFunction(fn: FunctionOutline<N>): Visit {
    return () => {
      visitor.function?.(fn);
      const body =
        fn.body.kind === "concise" ? [visitExpression(fn.body.expression)] : fn.body.statements.map(visitStatement);
      return [...fn.parameters.map(visitExpression), ...body];
    };
  }

  function visitClass(cls: ClassOutline<N>): Visit[] {
    const members = cls.members.flatMap(({ fn, initialiser }) => [
      ...(fn ? [visitFunction(fn)] : []),
      ...(initialiser ? [visitExpression(initialiser)] : []),
    ]);
    return [...partsOfClass(cls).map(visitExpression), ...members];
  }
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
