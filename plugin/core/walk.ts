import type { ClassOutline, Expression, FunctionOutline, Statement } from "./outline.ts";

/** The direct sub-expressions of an expression, in order of evaluation; functions and classes have none. */
export function partsOf<N>(expression: Expression<N>): Expression<N>[] {
  switch (expression.kind) {
    case "name":
    case "constant":
    case "function":
    case "class":
    case "unknown":
      return [];
    case "call":
      return expression.callee ? [expression.callee, ...expression.args] : expression.args;
    case "member":
      return expression.property ? [expression.object, expression.property] : [expression.object];
    case "array":
      return expression.elements;
    case "object":
      return expression.properties.flatMap(({ key, value }) => (key ? [key, value] : [value]));
    case "template":
      return expression.holes;
    case "conditional":
      return [expression.test, expression.consequent, expression.alternate];
    case "binary":
      return [expression.left, expression.right];
    case "assign":
      return [expression.target, expression.value];
    case "sequence":
      return expression.items;
    case "await":
    case "spread":
    case "pass":
      return [expression.argument];
    case "yield":
      return expression.argument ? [expression.argument] : [];
    case "jsx":
      return expression.parts.map((part) => part.expression);
    case "whole":
      return expression.parts;
  }
}

/** The expressions that belong to a statement itself, in order of evaluation. */
export function expressionsOf<N>(statement: Statement<N>): Expression<N>[] {
  const present = (...found: (Expression<N> | null)[]) => found.filter((expression) => expression !== null);
  switch (statement.kind) {
    case "expression":
      return [statement.expression];
    case "variable":
      return statement.declarators.flatMap(({ init, pattern }) => present(init, pattern));
    case "return":
    case "throw":
      return present(statement.argument);
    case "if":
    case "while":
    case "doWhile":
      return [statement.test];
    case "for":
      return present(statement.test, statement.update);
    case "forEach":
      return statement.left.kind === "variable" ? [statement.right] : [statement.right, statement.left];
    case "switch":
      return [statement.discriminant, ...statement.cases.flatMap(({ test }) => present(test))];
    case "try":
      return present(statement.handler?.parameter ?? null);
    case "with":
      return [statement.object];
    case "export":
      return present(statement.expression);
    case "enum":
      return statement.parts;
    default:
      return [];
  }
}

/** The statements directly inside a statement, in order. */
export function statementsOf<N>(statement: Statement<N>): Statement<N>[] {
  switch (statement.kind) {
    case "block":
    case "namespace":
      return statement.body;
    case "if":
      return statement.alternate ? [statement.consequent, statement.alternate] : [statement.consequent];
    case "for":
      return statement.init ? [statement.init, statement.body] : [statement.body];
    case "forEach":
      return statement.left.kind === "variable" ? [statement.left, statement.body] : [statement.body];
    case "while":
    case "doWhile":
    case "label":
    case "with":
      return [statement.body];
    case "switch":
      return statement.cases.flatMap(({ body }) => body);
    case "try":
      return [statement.block, statement.handler?.block, statement.finalizer].flatMap((block) => block?.body ?? []);
    case "export":
      return statement.declaration ? [statement.declaration] : [];
    default:
      return [];
  }
}

/** Every statement in a list, at any depth, but not those of inner functions. Parents first. */
export function* allStatements<N>(statements: readonly Statement<N>[]): Generator<Statement<N>> {
  for (const statement of statements) {
    yield statement;
    yield* allStatements(statementsOf(statement));
  }
}

/** An expression and all inside it, but not the bodies of functions and classes. Parents first. */
export function* allExpressions<N>(expression: Expression<N>): Generator<Expression<N>> {
  yield expression;
  for (const part of partsOf(expression)) yield* allExpressions(part);
}

export interface Visitor<N> {
  statement?(statement: Statement<N>): void;
  expression?(expression: Expression<N>): void;
  function?(fn: FunctionOutline<N>): void;
}

/** Visits everything in a list of statements, inner functions and classes included. Parents first. */
export function visitAll<N>(statements: readonly Statement<N>[], visitor: Visitor<N>): void {
  statements.forEach(visitStatement);

  function visitStatement(statement: Statement<N>): void {
    visitor.statement?.(statement);
    if (statement.kind === "function") visitFunction(statement.fn);
    if (statement.kind === "class") visitClass(statement.cls);
    expressionsOf(statement).forEach(visitExpression);
    statementsOf(statement).forEach(visitStatement);
  }

  function visitExpression(expression: Expression<N>): void {
    visitor.expression?.(expression);
    if (expression.kind === "function") visitFunction(expression.fn);
    if (expression.kind === "class") visitClass(expression.cls);
    partsOf(expression).forEach(visitExpression);
  }

  function visitFunction(fn: FunctionOutline<N>): void {
    visitor.function?.(fn);
    fn.parameters.forEach(visitExpression);
    if (fn.body.kind === "concise") visitExpression(fn.body.expression);
    else fn.body.statements.forEach(visitStatement);
  }

  function visitClass(cls: ClassOutline<N>): void {
    partsOfClass(cls).forEach(visitExpression);
    for (const member of cls.members) {
      if (member.fn) visitFunction(member.fn);
      if (member.initialiser) visitExpression(member.initialiser);
    }
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
