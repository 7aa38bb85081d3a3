/**
 * Every kind of expression, once: its parts, whether it works itself, how it is planned. A kind without its row does not
 * compile.
 */
import {
  type Amount,
  amountOfAssign,
  amountOfBinary,
  amountOfCall,
  amountOfConstant,
  amountOfMember,
  amountOfPass,
  amountOfWhole,
  BOUNDED,
  NONE,
  UNBOUNDED,
} from "./amounts.ts";
import type { KnownValues } from "./known-values.ts";
import type { Expression, ExpressionFacts, ExpressionKind, ExpressionShapes, Part } from "./outline.ts";
import { planCall } from "./plan-call.ts";
import { planClass } from "./plan-class.ts";
import { type OperandPlanner, UNKNOWN } from "./planner.ts";

interface ExpressionRow<K extends ExpressionKind> {
  /** The direct sub-expressions, in order of evaluation; functions and classes have none. */
  parts<N>(expression: ExpressionShapes<N>[K]): Expression<N>[];
  /**
   * Whether the operation itself works, its parts apart. `unseen`: it does, and no line starts for it, as a class is a
   * name for what it holds. `waits`: the work comes while it waits, and control comes back by the next probe.
   */
  works: boolean | "unseen" | "waits" | (<N>(expression: ExpressionShapes<N>[K]) => boolean);
  /** Whether it is one value all through, if its parts are. */
  constant?: <N>(expression: ExpressionShapes<N>[K]) => boolean;
  /** What the operation itself allocates, its parts apart. */
  amount: Amount | (<N>(expression: Expression<N, K>, known: KnownValues) => Amount);
  /** Probes in it. @returns the line that control is on afterwards, given the line before */
  plan<N>(expression: Expression<N, K>, line: number, planner: OperandPlanner<N>): number;
  /** What has to be written even where the expression is left whole. */
  planWhole?<N>(expression: Expression<N, K>, planner: OperandPlanner<N>): void;
}

/** Parts one after the other, none of them an operand. */
function plainly<N>(expression: Expression<N>, line: number, planner: OperandPlanner<N>): number {
  return partsOf(expression).reduce((current, part) => planner.plan(part, current), line);
}

const isNever = () => false;

export const EXPRESSIONS: { [K in ExpressionKind]: ExpressionRow<K> } = {
  name: { parts: () => [], works: false, amount: NONE, plan: (_, line) => line },
  constant: { parts: () => [], works: false, amount: amountOfConstant, constant: () => true, plan: (_, line) => line },
  function: { parts: () => [], works: false, amount: BOUNDED, plan: (_, line) => line },
  class: {
    parts: () => [],
    works: "unseen",
    amount: UNBOUNDED,
    plan: ({ cls }, line, planner) => planClass(cls, line, planner),
    planWhole: ({ cls }, planner) => planClass(cls, UNKNOWN, planner),
  },
  unknown: { parts: () => [], works: false, amount: UNBOUNDED, plan: (_, line) => line },
  call: {
    parts: ({ callee, args }) => (callee ? [callee, ...args] : args),
    works: true,
    amount: amountOfCall,
    plan: planCall,
  },
  member: {
    parts: ({ object, property }) => (property ? [object, property] : [object]),
    works: false,
    amount: amountOfMember,
    plan: plainly,
  },
  array: {
    parts: ({ elements }) => elements,
    works: ({ elements }) => !elements.every(({ constant }) => constant),
    amount: BOUNDED,
    constant: ({ elements }) => elements.every(({ constant }) => constant),
    plan({ elements }, line, planner) {
      // In a constant one V8 would build it anew each time.
      for (const element of elements) if (!element.constant) planner.value(element, false);
      return planner.operands(elements, line);
    },
  },
  object: {
    parts: ({ properties }) => properties.flatMap(({ key, value }) => (key ? [key, value] : [value])),
    works: (expression) => !isConstantObject(expression),
    amount: BOUNDED,
    constant: isConstantObject,
    plan: ({ properties }, line, planner) =>
      properties.reduce(
        (current, { key, value }) => planner.operand(value, key ? planner.plan(key, current) : current),
        line,
      ),
  },
  template: {
    parts: ({ holes }) => holes,
    works: true,
    amount: ({ holes }) => (holes.length > 0 ? UNBOUNDED : NONE),
    plan: ({ holes }, line, planner) => planner.operands(holes, line),
  },
  tagged: {
    parts: ({ tag, holes }) => [tag, ...holes],
    works: true,
    amount: UNBOUNDED,
    plan: leftWhole,
  },
  conditional: {
    parts: ({ test, consequent, alternate }) => [test, consequent, alternate],
    works: false,
    amount: NONE,
    plan({ test, consequent, alternate }, line, planner) {
      const tested = planner.plan(test, line);
      return planner.oneOf([() => planner.operand(consequent, tested), () => planner.operand(alternate, tested)]);
    },
  },
  binary: {
    parts: ({ first, rest }) => [first, ...rest.map(({ operand }) => operand)],
    works: false,
    amount: amountOfBinary,
    plan: ({ first, rest }, line, planner) =>
      rest.reduce(
        (current, { operand, logical }) =>
          logical ? planner.maybe(operand, current) : planner.operand(operand, current),
        planner.plan(first, line),
      ),
  },
  assign: {
    parts: ({ target, value }) => [target, value],
    works: false,
    amount: amountOfAssign,
    plan({ target, value, logical }, line, planner) {
      planner.leaveWhole(target);
      // Of a pattern what is taken apart is named in errors.
      if (target.kind === "name" || isMember(target)) planner.value(value, target.kind === "name");
      return logical ? planner.maybe(value, line) : planner.operand(value, line);
    },
  },
  sequence: {
    parts: ({ items }) => items,
    works: false,
    amount: NONE,
    plan: ({ items }, line, planner) => planner.operands(items, line),
  },
  await: {
    parts: ({ argument }) => [argument],
    works: "waits",
    amount: NONE,
    plan(expression, line, planner) {
      const after = planner.plan(expression.argument, line);
      planner.await(expression);
      return after;
    },
    planWhole: (expression, planner) => planner.await(expression),
  },
  yield: {
    parts: ({ argument }) => (argument ? [argument] : []),
    works: true,
    amount: NONE,
    plan(expression, line, planner) {
      const after = expression.argument ? planner.operand(expression.argument, line) : line;
      planner.yield(expression);
      return after;
    },
    planWhole: (expression, planner) => planner.yield(expression),
  },
  spread: { parts: ({ argument }) => [argument], works: true, amount: UNBOUNDED, plan: plainly },
  jsx: {
    parts: ({ parts }) => parts.map(({ expression }) => expression),
    works: true,
    amount: UNBOUNDED,
    plan: ({ parts }, line, planner) =>
      parts.reduce(
        (current, { expression, braced }) =>
          braced ? planner.operand(expression, current) : planner.plan(expression, current),
        line,
      ),
  },
  pass: {
    parts: ({ argument }) => [argument],
    works: false,
    amount: amountOfPass,
    constant: ({ argument }) => argument.constant,
    plan: plainly,
  },
  whole: {
    parts: ({ parts }) => parts,
    works: ({ worksItself }) => worksItself,
    amount: amountOfWhole,
    plan: leftWhole,
  },
};

function leftWhole<N>(expression: Expression<N>, line: number, planner: OperandPlanner<N>): number {
  for (const part of partsOf(expression)) planner.leaveWhole(part);
  return line;
}

/** A target is left whole: a member has one part, itself. */
function isMember<N>(target: Expression<N>): boolean {
  if (target.kind !== "whole") return false;
  const [only] = target.parts;
  return only?.kind === "member" && only.start === target.start && only.end === target.end;
}

function isConstantObject<N>({ properties }: ExpressionShapes<N>["object"]): boolean {
  return properties.every(({ key, value }) => key === null && value.constant);
}

/**
 * An expression with what its row says of it, found out once, from the bottom up: no question about it walks it again. The
 * shape itself becomes the expression: files have hundreds of thousands.
 */
export function createExpression<N, K extends ExpressionKind>(
  part: Part<N>,
  kind: K,
  shape: ExpressionShapes<N>[K],
): Expression<N> {
  const { parts, works, constant = isNever }: ExpressionRow<K> = EXPRESSIONS[kind];
  const worksItself = typeof works === "function" ? works(shape) : works === true || works === "waits";
  const expression = shape as unknown as Part<N> & ExpressionFacts & { kind: ExpressionKind };
  expression.kind = kind;
  expression.node = part.node;
  expression.start = part.start;
  expression.end = part.end;
  expression.line = part.line;
  expression.endLine = part.endLine;
  expression.works = worksItself;
  expression.unknown = "type" in shape ? shape.type : null;
  for (const each of parts(shape)) {
    expression.works ||= each.works;
    expression.unknown ??= each.unknown;
  }
  expression.constant = constant(shape);
  return shape as Expression<N>;
}

export function partsOf<N, K extends ExpressionKind>(expression: Expression<N, K>): Expression<N>[] {
  return EXPRESSIONS[expression.kind].parts(expression);
}

/** Whether the operation itself works where it stands, its parts apart: what waits has to resume before it. */
export function worksHere<N, K extends ExpressionKind>(expression: Expression<N, K>): boolean {
  const { works }: ExpressionRow<K> = EXPRESSIONS[expression.kind];
  return typeof works === "function" ? works(expression) : works !== false && works !== "waits";
}

/** What evaluating the operation itself can allocate, its parts apart. */
export function amountOf<N, K extends ExpressionKind>(expression: Expression<N, K>, known: KnownValues): Amount {
  const { amount }: ExpressionRow<K> = EXPRESSIONS[expression.kind];
  return typeof amount === "function" ? amount(expression, known) : amount;
}

export function planExpression<N, K extends ExpressionKind>(
  expression: Expression<N, K>,
  line: number,
  planner: OperandPlanner<N>,
): number {
  return EXPRESSIONS[expression.kind].plan(expression, line, planner);
}

export function planWhole<N, K extends ExpressionKind>(expression: Expression<N, K>, planner: OperandPlanner<N>): void {
  EXPRESSIONS[expression.kind].planWhole?.(expression, planner);
}
