import fc from "fast-check";
import { gap, type Tie } from "./expressions.ts";
import { declare, freshName, functionScope, inner, type Piece, type Scope, SHARED_NAMES } from "./scope.ts";

/** Statements stand on lines of their own, or share one. */
const separator = fc.constantFrom("\n", "\n", "\n", " ");

export function statementList(statement: fc.Arbitrary<Piece>, maxLength: number): fc.Arbitrary<Piece> {
  return fc.array(fc.tuple(statement, separator), { minLength: 1, maxLength }).map(
    (parts): Piece =>
      (scope) =>
        parts.map(([part, after]) => part(scope) + after).join(""),
  );
}

export function statements(tie: Tie): fc.Arbitrary<Piece> {
  const e = tie("expression");
  const o = tie("operand");
  const body = tie("statements");
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(gap, e).map(
        ([g, x]): Piece =>
          (s) =>
            `log(${g}${x(s)});`,
      ),
    },
    {
      weight: 2,
      arbitrary: o.map(
        (x): Piece =>
          (s) =>
            `id(${x(s)});`,
      ),
    },
    { weight: 3, arbitrary: declarations(tie) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.nat(3), e).map(
        ([i, x]): Piece =>
          (s) =>
            `${SHARED_NAMES[i]} = ${x(s)};`,
      ),
    },
    fc.tuple(o, body, body, fc.nat(3)).map(
      ([x, y, z, form]): Piece =>
        (s) =>
          printIf(x(s), y, z, form, s),
    ),
    { weight: 4, arbitrary: loops(tie) },
    { weight: 2, arbitrary: jumps(o) },
    { weight: 2, arbitrary: tries(tie) },
    switches(tie),
    fc.tuple(body, fc.boolean()).map(
      ([x, labelled]): Piece =>
        (s) => {
          if (!labelled) return `{\n${x(inner(s))}}`;
          const label = freshName(s, "L");
          return `${label}: {\n${x(inner(s, { blockLabels: [...s.blockLabels, label] }))}}`;
        },
    ),
  );
}

function printIf(test: string, yes: Piece, no: Piece, form: number, s: Scope): string {
  if (form === 0) return `if (${test}) {\n${yes(inner(s))}}`;
  if (form === 1) return `if (${test}) log(1); else {\n${no(inner(s))}}`;
  if (form === 2) return `if (${test})\n  log(2);\nelse if (!id(0)) { ${no(inner(s))} }`;
  return `if (${test}) { ${yes(inner(s))} } else {\n${no(inner(s))}}`;
}

function declarations(tie: Tie): fc.Arbitrary<Piece> {
  const e = tie("expression");
  return fc.oneof(
    fc.tuple(fc.constantFrom("let", "const"), gap, e).map(
      ([kind, g, x]): Piece =>
        (s) => {
          const init = x(s);
          return `${kind} ${declare(s)} =${g} ${init};`;
        },
    ),
    fc.tuple(fc.nat(3), e).map(
      ([i, x]): Piece =>
        (s) =>
          `var ${SHARED_NAMES[i]} = ${x(s)};`,
    ),
    fc.tuple(gap, e, e).map(
      ([g, x, y]): Piece =>
        (s) => {
          const [init, fallback] = [x(s), y(s)];
          return `let [${declare(s)}, ${g}${declare(s)} = ${fallback}, ...${declare(s)}] = many(${init});`;
        },
    ),
    fc.tuple(gap, e, e).map(
      ([g, x, y]): Piece =>
        (s) => {
          const [init, fallback] = [x(s), y(s)];
          return `const { p: ${declare(s)} = ${g}${fallback}, ...${declare(s)} } = ${g}Object(${init});`;
        },
    ),
    fc
      .tuple(
        fc.nat(3),
        fc.constantFrom("function", "function*", "async function", "async function*"),
        tie("functionBody"),
      )
      .map(
        ([i, kind, body]): Piece =>
          (s) => {
            const own = s.inSwitch || s.loopLabels.length > 0 || s.inLoop || kind !== "function";
            const name = own || s.isStrict ? declare(s) : SHARED_NAMES[i];
            const scope = functionScope(s, { isAsync: kind.includes("async"), isGenerator: kind.includes("*") });
            return `${kind} ${name}(a, b = 1) ${body(scope)}`;
          },
      ),
    tie("classTail").map(
      (tail): Piece =>
        (s) => {
          const text = tail(s);
          return `class ${declare(s)} ${text}`;
        },
    ),
  );
}

function loops(tie: Tie): fc.Arbitrary<Piece> {
  const kinds = fc.constantFrom("for", "for over lines", "of", "of pattern", "in", "await", "while", "do", "braceless");
  return fc.tuple(kinds, fc.boolean(), fc.nat(3), tie("operand"), tie("statements")).map(
    ([kind, labelled, n, x, body]): Piece =>
      (s) => {
        const label = labelled ? freshName(s, "L") : null;
        const scope = inner(s, {
          inLoop: true,
          inSwitch: false,
          loopLabels: label ? [...s.loopLabels, label] : s.loopLabels,
        });
        return (label ? `${label}: ` : "") + printLoop(kind, n, x, body, scope);
      },
  );
}

function printLoop(kind: string, n: number, x: Piece, body: Piece, s: Scope): string {
  const operand = x(s);
  const name = declare(s);
  switch (kind) {
    case "for":
      return `for (let ${name} = 0; ${name} < ${n} && tick(); ${name}++) {\n${body(s)}}`;
    case "for over lines":
      return `for (\n  let ${name} = id(${n});\n  ${name} > 0 && tick();\n  ${name}--, id(${name})\n) {\n${body(s)}}`;
    case "of":
      return `for (const ${name} of many(${operand})) {\nif (!tick()) break;\n${body(s)}}`;
    case "of pattern":
      return `for (let [${name} = id(1)] of [many(${operand}), []]) { ${body(s)} }`;
    case "in":
      return `for (var ${name} in Object(${operand})) { if (!tick()) break; ${body(s)}}`;
    case "await":
      return `for ${s.isAsync ? "await " : ""}(const ${name} of many(${operand})) {\nif (!tick()) break;\n${body(s)}}`;
    case "while":
      return `while (tick() && id(${operand})) {\n${body(s)}}`;
    case "do":
      return `do {\n${body(s)}} while (tick() && id(${operand}));`;
    default:
      return `for (const ${name} of [1, 2]) if (id(${operand})) continue; else log(${name});`;
  }
}

function jumps(operand: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> {
  const kinds = fc.constantFrom("break", "continue", "return", "throw", "break", "continue");
  return fc.tuple(kinds, fc.nat(4), fc.boolean(), gap, operand).map(
    ([kind, index, always, g, x]): Piece =>
      (s) => {
        const jump = printJump(kind, index, g, x, s);
        return jump === null ? `log(${x(s)});` : always ? jump : `if (id(${x(s)})) ${jump}`;
      },
  );
}

function printJump(kind: string, index: number, g: string, x: Piece, s: Scope): string | null {
  if (kind === "return") return s.isFunction ? `return ${g === "" ? "" : "0 || "}${g}${x(s)};` : null;
  if (kind === "throw") return `throw new Error(${g}word(${x(s)}));`;
  const labels = kind === "break" ? [...s.loopLabels, ...s.blockLabels] : s.loopLabels;
  const label = labels[index];
  if (label !== undefined) return `${kind} ${label};`;
  return s.inLoop || (kind === "break" && s.inSwitch) ? `${kind};` : null;
}

function tries(tie: Tie): fc.Arbitrary<Piece> {
  const body = tie("statements");
  return fc.tuple(fc.nat(4), body, body, body).map(
    ([form, x, y, z]): Piece =>
      (s) => {
        const block = `try {\n${x(inner(s))}}`;
        if (form === 0) return `${block} finally {\n${z(inner(s))}}`;
        const caught = inner(s);
        const parameter =
          form === 1 ? "" : form === 2 ? ` ({ message: ${declare(caught)}, p = id(D(8)) })` : ` (${declare(caught)})`;
        const handler = `${form === 4 ? "\n" : " "}catch${parameter} {\n${y(caught)}}`;
        return block + handler + (form === 3 ? ` finally { ${z(inner(s))} }` : "");
      },
  );
}

function switches(tie: Tie): fc.Arbitrary<Piece> {
  const clause = fc.tuple(fc.nat(3), fc.boolean(), fc.boolean(), tie("statements"));
  return fc.tuple(tie("operand"), fc.array(clause, { minLength: 1, maxLength: 3 })).map(
    ([x, clauses]): Piece =>
      (s) => {
        const scope = inner(s, { inSwitch: true });
        const print = ([value, breaks, sameLine, body]: (typeof clauses)[number], index: number) =>
          `${index === 1 ? "default" : `case id(${value})`}:${sameLine ? " " : "\n"}${body(scope)}${breaks ? "break;\n" : ""}`;
        return `switch (${x(s)}) {\n${clauses.map(print).join("")}}`;
      },
  );
}
