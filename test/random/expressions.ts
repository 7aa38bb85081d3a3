import fc from "fast-check";
import { functionScope, inner, type Piece, pick, SHARED_NAMES } from "./scope.ts";

/** The parts of the grammar that refer to each other. */
export interface Grammar {
  expression: Piece;
  operand: Piece;
  statements: Piece;
  functionBody: Piece;
  classTail: Piece;
}

export type Tie = <K extends keyof Grammar>(key: K) => fc.Arbitrary<Grammar[K]>;

/** Operands stand on the same line or on the next. */
export const gap = fc.constantFrom("", "", "\n  ");

const number = fc.nat(9).map(
  (value): Piece =>
    () =>
      String(value),
);
const text = fc.constantFrom("x", "y z", "").map(
  (value): Piece =>
    () =>
      JSON.stringify(value),
);
const name = fc.nat(20).map(
  (index): Piece =>
    (scope) =>
      pick(scope, index),
);
const special = fc
  .constantFrom(
    "this === undefined",
    "typeof this",
    "arguments.length",
    "new.target === undefined",
    "undefined",
    "null",
  )
  .map(
    (value): Piece =>
      (scope) =>
        scope.isFunction || !/arguments|new/.test(value) ? value : "0",
  );

/** Something that allocates: memory grows by so many bytes. */
const allocation = fc.integer({ min: -500, max: 5000 }).map(
  (bytes): Piece =>
    () =>
      `D(${bytes})`,
);

export function simpleExpression(): fc.Arbitrary<Piece> {
  return fc.oneof({ weight: 3, arbitrary: number }, text, { weight: 3, arbitrary: name }, special, {
    weight: 3,
    arbitrary: allocation,
  });
}

export function expressions(tie: Tie): fc.Arbitrary<Piece> {
  const e = tie("expression");
  const list = fc.array(fc.tuple(gap, fc.boolean(), e), { maxLength: 3 });
  const elements = list.map(
    (parts): Piece =>
      (scope) =>
        parts
          .map(([before, spread, part]) => `${before}${spread && before ? `...many(${part(scope)})` : part(scope)}`)
          .join(", "),
  );
  const pair = fc.tuple(gap, e, e);
  return fc.oneof(
    elements.map(
      (parts): Piece =>
        (s) =>
          `[${parts(s)}]`,
    ),
    elements.map(
      (parts): Piece =>
        (s) =>
          `id(${parts(s)})`,
    ),
    fc.tuple(fc.nat(20), elements).map(
      ([index, parts]): Piece =>
        (s) =>
          `call(${pick(s, index)}, ${parts(s)})`,
    ),
    fc.tuple(fc.nat(20), elements).map(
      ([index, parts]): Piece =>
        (s) =>
          `${pick(s, index)}?.(${parts(s)})`,
    ),
    pair.map(
      ([g, x, y]): Piece =>
        (s) =>
          `(${x(s)} ${g}+ ${g}${y(s)})`,
    ),
    fc.tuple(fc.constantFrom("&&", "||", "??"), pair).map(
      ([op, [g, x, y]]): Piece =>
        (s) =>
          `((${x(s)}) ${op} ${g}(${y(s)}))`,
    ),
    fc.tuple(gap, gap, e, e, e).map(
      ([g, h, x, y, z]): Piece =>
        (s) =>
          `(${x(s)} ${g}? ${y(s)} ${h}: ${z(s)})`,
    ),
    pair.map(
      ([g, x, y]): Piece =>
        (s) =>
          `(${x(s)}, ${g}${y(s)})`,
    ),
    fc.tuple(gap, e, e).map(
      ([g, x, y]): Piece =>
        (s) =>
          `\`t\${${g}word(${x(s)})}u\${word(${y(s)})}\``,
    ),
    fc.tuple(gap, e).map(
      ([g, x]): Piece =>
        (s) =>
          `tag\`t\${${g}${x(s)}}\``,
    ),
    fc.tuple(fc.boolean(), gap, e).map(
      ([twice, g, x]): Piece =>
        (s) =>
          chain(twice, g, x(inner(s))),
    ),
    fc.tuple(gap, e, e).map(
      ([g, x, y]): Piece =>
        (s) =>
          `({ ${g}p: ${x(s)}, ${g}[word(${y(s)})]: 1, ...many(${g}${x(s)}) })`,
    ),
    fc.tuple(gap, e, tie("functionBody")).map(
      ([g, x, body]): Piece =>
        (s) =>
          `({ get p() ${body(functionScope(s))}, m(${g}a = ${simple(x)(s)}) ${body(functionScope(s))} }).p`,
    ),
    fc.tuple(e, fc.constantFrom(".length", "?.p", "?.p.q", "[0]", "?.[0]")).map(
      ([x, link]): Piece =>
        (s) =>
          `id(${x(s)})${link}`,
    ),
    fc.tuple(fc.constantFrom("typeof ", "void ", "!"), e).map(
      ([op, x]): Piece =>
        (s) =>
          `${op}(${x(s)})`,
    ),
    fc.tuple(fc.constantFrom("=", "+=", "??=", "||="), gap, e, fc.nat(3)).map(
      ([op, g, x, index]): Piece =>
        (s) =>
          `(${SHARED_NAMES[index]} ${op} ${g}${x(s)})`,
    ),
    functions(tie),
    fc.tuple(gap, tie("classTail")).map(
      ([g, tail]): Piece =>
        (s) =>
          `new ${g}(class ${tail(s)})`,
    ),
    suspension(e),
  );
}

function chain(twice: boolean, g: string, argument: string): string {
  return `many(${argument})${g}.map((x) => ${g}id(x, ${argument}))${twice ? `${g}.filter(Boolean)${g}.flat()` : ""}`;
}

/** Parameters run outside the activation, and may not suspend. */
function simple(piece: Piece): Piece {
  return (scope) => piece(inner(scope, { isAsync: false, isGenerator: false }));
}

function functions(tie: Tie): fc.Arbitrary<Piece> {
  const kinds = fc.constantFrom("arrow", "concise", "async arrow", "function", "generator", "async", "async generator");
  return fc.tuple(kinds, tie("functionBody"), tie("expression")).map(
    ([kind, body, e]): Piece =>
      (s) => {
        const isAsync = kind.startsWith("async");
        const isGenerator = kind.endsWith("generator");
        const isArrow = kind.endsWith("arrow") || kind === "concise";
        const scope = functionScope(s, { isAsync, isGenerator, isFunction: !isArrow || s.isFunction });
        if (kind === "concise") return `((a, b = ${simple(e)(inner(s))}) => ${e(scope)})`;
        if (isArrow) return `(${isAsync ? "async " : ""}(a, ...b) => ${body(scope)})`;
        return `(${isAsync ? "async " : ""}function${isGenerator ? "*" : ""} (a, { b } = {}) ${body(scope)})`;
      },
  );
}

function suspension(e: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> {
  const kinds = fc.constantFrom("await ", "await reject", "yield ", "yield* many", "yield");
  return fc.tuple(kinds, gap, e).map(
    ([kind, g, x]): Piece =>
      (s) => {
        if (kind === "await ") return s.isAsync ? `(await ${g}${x(s)})` : x(s);
        if (kind === "await reject") return s.isAsync ? `(await reject(${x(s)}))` : x(s);
        if (!s.isGenerator) return x(s);
        if (kind === "yield") return "(yield)";
        return kind === "yield " ? `(yield (${g}${x(s)}))` : `(yield* many(${g}${x(s)}))`;
      },
  );
}
