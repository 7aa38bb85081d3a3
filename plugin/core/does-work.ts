import type { Expression } from "./outline.ts";
import { partsOf } from "./walk.ts";

/**
 * Whether evaluating an expression can allocate on its own account, outside nested functions: a call, `new`, `await`,
 * `yield`, `import()`, JSX, spread, or an array, object or template that is no constant (`docs/rows.md`). Names, constants,
 * functions and classes do no work; a probe inside a constant literal would make V8 build it anew each time.
 */
export function doesWork<N>(expression: Expression<N>): boolean {
  switch (expression.kind) {
    case "call":
    case "await":
    case "yield":
    case "spread":
    case "jsx":
    case "template":
      return true;
    case "array":
    case "object":
      return !isConstant(expression);
    case "whole":
      return expression.works || expression.parts.some(doesWork);
    case "function":
    case "class":
      return false;
    default:
      return partsOf(expression).some(doesWork);
  }
}

/** Whether the operation itself works, its parts apart. */
export function worksItself<N>(expression: Expression<N>): boolean {
  if (expression.kind === "whole") return expression.works;
  if (expression.kind === "class") return true;
  const works = ["call", "await", "yield", "spread", "jsx", "template"].includes(expression.kind);
  return works || ((expression.kind === "array" || expression.kind === "object") && !isConstant(expression));
}

function isConstant<N>(expression: Expression<N>): boolean {
  switch (expression.kind) {
    case "constant":
      return true;
    case "array":
      return expression.elements.every(isConstant);
    case "object":
      return expression.properties.every(({ key, value }) => key === null && isConstant(value));
    case "pass":
      return isConstant(expression.argument);
    default:
      return false;
  }
}
