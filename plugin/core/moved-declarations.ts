import type { FunctionOutline, Statement } from "./outline.ts";
import type { MovedDeclaration } from "./plan.ts";
import { allStatements, statementsOfBody, visitAll } from "./walk.ts";

/**
 * Declarations that would change their meaning inside the `try`: they move to its start as `var g = function …`.
 * The rule and its trial: `docs/generated-code.md`.
 */
export function movedDeclarations<N>(fn: FunctionOutline<N>): MovedDeclaration<N>[] {
  const statements = statementsOfBody(fn);
  const top = new Set(statements.filter((statement) => statement.kind === "function"));
  if (top.size === 0) return [];
  const others = new Set(fn.parameterNames);
  for (const statement of allStatements(statements)) {
    if (statement.kind === "variable" && statement.form === "var") {
      for (const { names } of statement.declarators) for (const name of names) others.add(name);
    }
    if (statement.kind === "function" && !top.has(statement) && statement.fn.name) others.add(statement.fn.name);
  }
  const seen = new Set<string | null>();
  for (const { fn: inner } of top) {
    if (inner.name !== null && seen.has(inner.name)) others.add(inner.name);
    seen.add(inner.name);
  }
  const hasEval = containsEval(statements);
  return [...top].flatMap(({ fn: inner, node, start, end }) => {
    const { name, nameRange } = inner;
    if (name === null || nameRange === null || !(hasEval || others.has(name))) return [];
    return [{ node, at: { start, end }, name, nameRange }];
  });
}

/** A direct `eval`, inner functions included. */
function containsEval<N>(statements: readonly Statement<N>[]): boolean {
  let found = false;
  visitAll(statements, {
    expression: (expression) => {
      found ||= expression.kind === "call" && expression.directEval;
    },
  });
  return found;
}
