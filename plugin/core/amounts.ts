/** How much a piece of a program can allocate, which is what mode `auto` has to know of a line before it reads memory there. */
import type { KnownValues } from "./known-values.ts";
import type { Expression, ExpressionShapes, Statement } from "./outline.ts";
import type { Range } from "./source-text.ts";

/** Nothing. A number may be boxed; that stays with the line that keeps it. */
export const NONE = 0;
/** Nothing, as a rule: what is read may have an accessor behind it, what is compared may be a text that is joined first. */
export const QUIET = 1;
/** A size that the program's text bounds: a literal, a closure. */
export const BOUNDED = 2;
/** Mostly nothing, seldom any size: a store that grows, a `+` of what may be texts. */
export const SELDOM = 3;
/** Any size: a call. */
export const UNBOUNDED = 4;

export type Amount = typeof NONE | typeof QUIET | typeof BOUNDED | typeof SELDOM | typeof UNBOUNDED;

/** Calls that return a number and keep nothing. */
const NUMERIC_CALLEE = /^Math\s*\.\s*\w+$/;
const NUMBER = /^[\d.](?:.*[^n])?$/s;
/** What stands between a target and its value, if that is not `x += y`. */
const ONLY_STORES = /^[\s)]*(?:\|\||&&|\?\?)?=[\s(]*$/;
/** Where nobody puts an accessor that makes something. */
const PLAIN_MEMBER = /^(?:Math|Number)\s*\.|\.\s*length$/;

/** A regular expression is made anew each time. */
export function amountOfConstant<N>(expression: Expression<N, "constant">, { text }: KnownValues): Amount {
  return text[expression.start] === "/" ? BOUNDED : NONE;
}

export function amountOfCall<N>(
  { callee, form }: ExpressionShapes<N>["call"],
  { text }: Pick<KnownValues, "text">,
): Amount {
  return form === "call" && callee !== null && NUMERIC_CALLEE.test(textOf(callee, text)) ? NONE : UNBOUNDED;
}

export function amountOfMember<N>(expression: Expression<N, "member">, known: KnownValues): Amount {
  const isPlain = isElement(expression, known) || PLAIN_MEMBER.test(textOf(expression, known.text));
  return isPlain || makesField(expression, known) ? NONE : QUIET;
}

const STORES = /^\s*=(?![=>])/;

/** `this.x = …` of a constructor. */
function makesField<N>(
  { object, property, end }: Expression<N, "member">,
  { isConstructor, text }: KnownValues,
): boolean {
  return (
    isConstructor && property === null && textOf(object, text) === "this" && STORES.test(text.slice(end, end + 32))
  );
}

/** Only a `+` can make a text, and only of something that may be one. Other operators may join two, or ask an object. */
export function amountOfBinary<N>(expression: ExpressionShapes<N>["binary"], known: KnownValues): Amount {
  return judge(expression, known).amount;
}

function judge<N>({ first, rest }: ExpressionShapes<N>["binary"], known: KnownValues): { amount: Amount; made: Value } {
  let amount: Amount = NONE;
  const add = (more: Amount) => {
    if (more > amount) amount = more;
  };
  let left = first;
  let made = valueMade(first, known);
  for (const { operand, logical } of rest) {
    const other = valueMade(operand, known);
    const isPlus = !logical && hasPlus({ start: left.end, end: operand.start }, known.text);
    if (isPlus) add(amountOfPlus(made, other));
    if (!logical && known.hasBigInts) add(UNBOUNDED);
    if (!(logical || made === "number" || other === "number")) add(QUIET);
    made = logical ? "unknown" : isPlus ? sumOf(made, other) : "number";
    left = operand;
  }
  return { amount, made };
}

/** What is known of a value. */
type Value = "number" | "text" | "unknown";

function valueMade<N>(expression: Expression<N>, known: KnownValues): Value {
  if (isNumeric(expression, known)) return "number";
  return expression.kind === "template" || isText(expression, known) ? "text" : "unknown";
}

function isText<N>({ kind, start }: Expression<N>, { text }: KnownValues): boolean {
  return kind === "constant" && /["'`]/.test(text[start]!);
}

function sumOf(left: Value, right: Value): Value {
  if (left === "text" || right === "text") return "text";
  return left === "number" && right === "number" ? "number" : "unknown";
}

/** V8 joins two texts by a pair of references to them, where they are long. */
function amountOfPlus(left: Value, right: Value): Amount {
  const sum = sumOf(left, right);
  if (sum === "text") return BOUNDED;
  if (sum === "number") return NONE;
  return left === "number" || right === "number" ? QUIET : SELDOM;
}

/** A store under a computed key may have to grow, if not in a typed array; one under a name keeps its place. */
export function amountOfAssign<N>({ target, value }: ExpressionShapes<N>["assign"], known: KnownValues): Amount {
  const isFixed = target.kind === "whole" && target.parts.length === 1 && isElement(target.parts[0]!, known);
  if (!isFixed && /\]\s*$/.test(textOf(target, known.text))) return SELDOM;
  const operator = textOf({ start: target.end, end: value.start }, known.text);
  if (known.hasBigInts && !ONLY_STORES.test(operator)) return UNBOUNDED;
  if (!operator.includes("+")) return NONE;
  return amountOfPlus(
    isFixed || (target.kind === "name" && known.isNumber(textOf(target, known.text))) ? "number" : "unknown",
    valueMade(value, known),
  );
}

/** Patterns read members. An update of a number keeps its place. */
export function amountOfWhole<N>(expression: Expression<N, "whole">, known: KnownValues): Amount {
  if (expression.worksItself) return UNBOUNDED;
  return known.hasBigInts || /^[{[]/.test(textOf(expression, known.text)) ? QUIET : NONE;
}

/** Of a number `-` makes another; of anything else it may ask. */
export function amountOfPass<N>(expression: Expression<N, "pass">, known: KnownValues): Amount {
  const { argument, start } = expression;
  const isOperator = start !== argument.start && /^[-+~]/.test(textOf(expression, known.text));
  if (isOperator && known.hasBigInts) return UNBOUNDED;
  return isOperator && !isNumeric(argument, known) ? QUIET : NONE;
}

/** Of a typed array. */
function isElement<N>(expression: Expression<N>, known: KnownValues): boolean {
  if (expression.kind !== "member" || expression.property === null) return false;
  const { object } = expression;
  return object.kind === "name" && known.isTypedArray(textOf(object, known.text));
}

export function isNumeric<N>(expression: Expression<N>, known: KnownValues): boolean {
  const { text } = known;
  switch (expression.kind) {
    case "name":
      return known.isNumber(textOf(expression, text));
    case "constant":
      return NUMBER.test(textOf(expression, text));
    case "binary":
      return judge(expression, known).made === "number";
    case "conditional":
      return isNumeric(expression.consequent, known) && isNumeric(expression.alternate, known);
    case "call":
      return amountOfCall(expression, known) === NONE;
    case "member":
      return isElement(expression, known) || PLAIN_MEMBER.test(textOf(expression, text));
    case "pass":
      return /^[-+~]/.test(textOf(expression, text)) || isNumeric(expression.argument, known);
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
