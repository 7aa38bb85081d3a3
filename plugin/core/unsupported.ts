import { type LiteralForms, literalFormOf } from "./literal-forms.ts";
import type { Expression, FunctionOutline, Statement } from "./outline.ts";
import { TOO_DEEP } from "./stack.ts";
import { expressionsOf } from "./statements.ts";
import { allStatements, statementsOfBody } from "./walk.ts";

/** Why a function cannot be instrumented safely, or `null`. Functions inside it are asked themselves. */
export function findUnsupported<N>(fn: FunctionOutline<N>, literals: LiteralForms): string | null {
  if (fn.unread) return TOO_DEEP;
  if (fn.form === "constructor" && statementsOfBody(fn).some((statement) => makesField(statement, literals)))
    return "the field that it makes has to stand at its top level, where another compiler looks";
  if (fn.directives.some(({ value }) => value === "use asm")) return '"use asm"';
  const unknown = unknownIn(fn.parameters);
  if (unknown) return unknown;
  if (fn.body.kind === "concise") return unknownIn([fn.body.expression]);
  for (const statement of allStatements(fn.body.statements)) {
    const reason = reasonFor(statement);
    if (reason) return reason;
  }
  return null;
}

function reasonFor<N>(statement: Statement<N>): string | null {
  if (statement.kind === "unknown") return `unknown syntax: ${statement.type}`;
  if (statement.kind === "label" && statement.body.kind === "function") return "a labelled function declaration";
  return unknownIn(expressionsOf(statement));
}

function unknownIn<N>(expressions: readonly Expression<N>[]): string | null {
  const found = expressions.find(({ unknown }) => unknown !== null);
  return found ? `unknown syntax: ${found.unknown}` : null;
}

/** `this.count = $state(0)`: what may stand in the place of a field may not stand in a `try`. */
function makesField<N>(statement: Statement<N>, literals: LiteralForms): boolean {
  if (statement.kind !== "expression" || statement.expression.kind !== "assign") return false;
  const form = literalFormOf(statement.expression.value, literals);
  return form !== null && !form.wrap && form.inside === "untouched";
}
