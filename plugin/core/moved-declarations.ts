import type { Expression, FunctionOutline } from "./outline.ts";
import { allExpressions, allStatements, expressionsOf, statementsOfBody } from "./walk.ts";

/**
 * Declarations that would change their meaning inside the `try`: they move to its start as `var g = function …`.
 * The rule and its trial: `docs/generated-code.md`.
 */
export function movedDeclarations<N>(fn: FunctionOutline<N>): N[] {
  const statements = statementsOfBody(fn);
  const top = statements.filter((statement) => statement.kind === "function");
  if (top.length === 0) return [];
  const others = new Set(fn.parameterNames);
  const seen = new Set<string>();
  let hasEval = false;
  for (const statement of allStatements(statements)) {
    if (statement.kind === "variable" && statement.form === "var") {
      for (const { names } of statement.declarators) for (const name of names) others.add(name);
    }
    if (statement.kind === "function" && !top.includes(statement)) others.add(statement.fn.name!);
    hasEval ||= expressionsOf(statement).some((expression) => containsEval(expression));
  }
  for (const { fn: inner } of top) {
    if (seen.has(inner.name!)) others.add(inner.name!);
    seen.add(inner.name!);
    hasEval ||= containsEvalInside(inner);
  }
  return top.filter(({ fn: inner }) => hasEval || others.has(inner.name!)).map(({ node }) => node);
}

function containsEval<N>(expression: Expression<N>): boolean {
  for (const part of allExpressions(expression)) {
    if (part.kind === "call" && part.directEval) return true;
    if (part.kind === "function" && containsEvalInside(part.fn)) return true;
  }
  return false;
}

function containsEvalInside<N>(fn: FunctionOutline<N>): boolean {
  if (fn.body.kind === "concise") return containsEval(fn.body.expression);
  for (const statement of allStatements(fn.body.statements)) {
    if (statement.kind === "function" && containsEvalInside(statement.fn)) return true;
    if (expressionsOf(statement).some((expression) => containsEval(expression))) return true;
  }
  return false;
}
