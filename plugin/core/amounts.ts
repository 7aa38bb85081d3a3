/** How much a piece of a program can allocate, which is what mode `auto` has to know of a line before it reads memory there. */
import type { Expression, ExpressionShapes, Statement } from "./outline.ts";
import type { Range } from "./source-text.ts";

/** Nothing. A number may be boxed; that stays with the line that keeps it. */
export const NONE = 0;
/** A size that the program's text bounds: a literal, a closure. */
export const BOUNDED = 1;
/** Mostly nothing, seldom any size: a store that grows, a `+` of what may be texts. */
export const SELDOM = 2;
/** Any size: a call. */
export const UNBOUNDED = 3;

export type Amount = typeof NONE | typeof BOUNDED | typeof SELDOM | typeof UNBOUNDED;

/** Calls that return a number and keep nothing. */
const NUMERIC_CALLEE = /^Math\s*\.\s*\w+$/;
const NUMBER = /^[\d.]/;

export function amountOfCall<N>({ callee, form }: ExpressionShapes<N>["call"], text: string): Amount {
  return form === "call" && callee !== null && NUMERIC_CALLEE.test(textOf(callee, text)) ? NONE : UNBOUNDED;
}

/** Only a `+` can make a text, and only of something that may be one. */
export function amountOfBinary<N>({ first, rest }: ExpressionShapes<N>["binary"], text: string): Amount {
  let left = first;
  let isNumber = isNumeric(first, text);
  for (const { operand, logical } of rest) {
    const isPlus = !logical && hasPlus({ start: left.end, end: operand.start }, text);
    if (isPlus && !(isNumeric(operand, text) || (isNumber && operand.kind === "name"))) return SELDOM;
    isNumber = !logical && (!isPlus || isNumber || isNumeric(operand, text));
    left = operand;
  }
  return NONE;
}

/** A store under a computed key may have to grow; one under a name keeps its place. */
export function amountOfAssign<N>({ target, value }: ExpressionShapes<N>["assign"], text: string): Amount {
  const isComputed = target.kind === "member" && target.property !== null;
  if (isComputed || /\]\s*$/.test(textOf(target, text))) return SELDOM;
  const isPlus = hasPlus({ start: target.end, end: value.start }, text);
  return isPlus && !isNumeric(value, text) ? SELDOM : NONE;
}

function isNumeric<N>(expression: Expression<N>, text: string): boolean {
  switch (expression.kind) {
    case "constant":
      return NUMBER.test(textOf(expression, text));
    case "binary": {
      const { first, rest } = expression;
      const last = rest.at(-1);
      return (
        last !== undefined &&
        rest.every(({ logical }) => !logical) &&
        (amountOfBinary(expression, text) === NONE || !hasPlus({ start: first.end, end: last.operand.start }, text))
      );
    }
    case "conditional":
      return isNumeric(expression.consequent, text) && isNumeric(expression.alternate, text);
    case "call":
      return amountOfCall(expression, text) === NONE;
    case "pass":
      return /^[-+~]/.test(textOf(expression, text)) || isNumeric(expression.argument, text);
    default:
      return false;
  }
}

function hasPlus({ start, end }: Range, text: string): boolean {
  return text.slice(start, end).includes("+");
}

function textOf({ start, end }: Range, text: string): string {
  return text.slice(start, end);
}

const GROWERS = new Set(["push", "set", "add"]);

/** The name of the variable that `name.push(…);` may let grow. */
export function growing<N>(statement: Statement<N>, text: string): string | null {
  if (statement.kind !== "expression" || statement.expression.kind !== "call") return null;
  const { callee, form, chained } = statement.expression;
  if (form !== "call" || chained || callee?.kind !== "member" || callee.object.kind !== "name") return null;
  const method = text
    .slice(callee.object.end, callee.end)
    .replace(/^\s*\.\s*/, "")
    .trim();
  return callee.property === null && GROWERS.has(method) ? textOf(callee.object, text) : null;
}
