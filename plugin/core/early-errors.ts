import type { FunctionOutline, Statement } from "./outline.ts";
import { bodiesOf } from "./statements.ts";
import { statementsOfBody, visitAll } from "./walk.ts";

/**
 * Early errors that not every parser reports, and that the blocks we write would take away: the file is left alone, so
 * that the engine reports them.
 */
export function findEarlyError<N>(body: readonly Statement<N>[]): { what: string; offset: number } | null {
  let found: { what: string; offset: number } | null = null;
  const report = ({ start }: { start: number }, what: string) => {
    found ??= { what, offset: start };
  };
  visitAll(body, {
    function: (fn) => {
      if (redeclaresParameter(fn)) report(fn, "a parameter is declared again");
    },
    statement: (statement) => {
      if (redeclaresCatchParameter(statement)) report(statement, "a catch parameter is declared again");
      if (hasLoneDeclaration(statement)) report(statement, "a declaration stands without a block round it");
    },
  });
  return found;
}

function redeclaresParameter<N>(fn: FunctionOutline<N>): boolean {
  return declares(statementsOfBody(fn), fn.parameterNames);
}

function redeclaresCatchParameter<N>(statement: Statement<N>): boolean {
  if (statement.kind !== "try" || !statement.handler) return false;
  const { names, block } = statement.handler;
  const isFunction = (each: Statement<N>) => each.kind === "function" && names.includes(each.fn.name ?? "");
  return declares(block.body, names) || block.body.some(isFunction);
}

/** `if (a) let b`. */
function hasLoneDeclaration<N>(statement: Statement<N>): boolean {
  return bodiesOf(statement).some(
    ({ body, allowsFunctions }) => isLexical(body) || (body.kind === "function" && !allowsFunctions),
  );
}

/** Whether one of the names is declared by a `let`, `const` or `class` of the list. */
function declares<N>(statements: readonly Statement<N>[], names: readonly string[]): boolean {
  if (names.length === 0) return false;
  return statements.some((statement) => {
    if (statement.kind === "class") return names.includes(statement.cls.name ?? "");
    if (statement.kind !== "variable" || statement.form === "var") return false;
    return statement.declarators.some((declarator) => declarator.names.some((name) => names.includes(name)));
  });
}

function isLexical<N>(statement: Statement<N>): boolean {
  return statement.kind === "class" || (statement.kind === "variable" && statement.form !== "var");
}
