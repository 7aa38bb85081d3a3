import fc from "fast-check";
import { expressions, type Grammar, gap, simpleExpression, type Tie } from "./expressions.ts";
import { functionScope, inner, type Piece, PROGRAM_SCOPE, printDrive } from "./scope.ts";
import { statementList, statements } from "./statements.ts";

export interface Program {
  text: string;
}

/**
 * Programs that end: loops and calls of what is in reach spend from one budget (`tick`, `call`). They may throw, use names
 * before their declaration, and leave generators and promises behind.
 */
export function programs(): fc.Arbitrary<Program> {
  const grammar = fc.letrec<Grammar & { statement: Piece }>((tie) => {
    const refer = tie as Tie;
    return {
      expression: fc.oneof({ maxDepth: 4, depthIdentifier: "expression" }, simpleExpression(), expressions(refer)),
      operand: fc.oneof({ maxDepth: 3, depthIdentifier: "expression" }, simpleExpression(), expressions(refer)),
      statement: fc.oneof({ maxDepth: 4, depthIdentifier: "statement" }, log(refer), statements(refer)),
      statements: statementList(tie("statement") as fc.Arbitrary<Piece>, 3),
      functionBody: functionBody(refer),
      classTail: classTail(refer),
    };
  });
  const kinds = fc.constantFrom("function", "async function");
  return fc.tuple(kinds, fc.boolean(), statementList(grammar.statement, 6)).map(([kind, isStrict, body]) => {
    const outer = { ...PROGRAM_SCOPE, names: [], fresh: { count: 0 } };
    const scope = functionScope(outer, { isAsync: kind.startsWith("async"), isStrict });
    const start = `${isStrict ? '"use strict";\n' : ""}var a = 1, b, f, g;\nexports.main = main;\n`;
    const text = `${start}${kind} main() {\n${body(scope)}${printDrive(scope, outer)}drive([() => f, () => g]);\n}\n`;
    return { text };
  });
}

function log(tie: Tie): fc.Arbitrary<Piece> {
  return tie("operand").map(
    (x): Piece =>
      (s) =>
        `log(${x(s)});`,
  );
}

/** Braces included. Functions that can be called again and again look at the budget first. */
function functionBody(tie: Tie): fc.Arbitrary<Piece> {
  const end = fc.oneof(
    fc.constant<Piece>(() => ""),
    tie("operand").map(
      (x): Piece =>
        (s) =>
          `return ${x(s)};`,
    ),
  );
  return fc.tuple(tie("statements"), end).map(
    ([body, last]): Piece =>
      (s) => {
        const scope = inner(s);
        return `{\nif (!tick()) return 0;\n${body(scope)}${printDrive(scope, s)}${last(scope)}\n}`;
      },
  );
}

function classTail(tie: Tie): fc.Arbitrary<Piece> {
  const e = tie("operand");
  const member = fc.tuple(
    fc.constantFrom(
      "field",
      "private",
      "static",
      "computed",
      "method",
      "accessor",
      "generator",
      "block",
      "constructor",
      "static method",
    ),
    fc.nat(2),
    gap,
    e,
    tie("functionBody"),
  );
  return fc.tuple(fc.boolean(), fc.array(member, { maxLength: 3 })).map(
    ([hasBase, members]): Piece =>
      (outer) => {
        const s = inner(outer, { isAsync: false, isGenerator: false, isStrict: true });
        const value = (x: Piece) => x(functionScope(s, { isFunction: false }));
        const own = (body: Piece, isGenerator = false) => body(functionScope(s, { isGenerator, hasSuper: hasBase }));
        const seen = new Set<string>();
        const printed = members.flatMap(([kind, index, g, x, body]) => {
          const key = `p${index}`;
          if ((kind === "constructor" || kind === "private") && seen.has(kind)) return [];
          seen.add(kind);
          switch (kind) {
            case "field":
              return `${key} = ${g}${value(x)};`;
            case "private":
              return `#secret = ${g}${value(x)};\nget secret() { return this.#secret; }`;
            case "static":
              return `static ${key} = ${g}id(${value(x)});`;
            case "computed":
              return `[word(${x(s)})] = ${g}id(${value(x)}, this.${key});`;
            case "method":
              return `${key}(a = 1) ${own(body)}`;
            case "accessor":
              return `get ${key}() ${own(body)}\nset ${key}(b) ${own(body)}`;
            case "generator":
              return `*${key}() ${own(body, true)}`;
            case "block":
              return `static { log(${value(x)}); }`;
            case "constructor":
              return `constructor() {\n${hasBase ? "id(1); super(); " : ""}log(${g}${value(x)}); this.p = new.target.name; }`;
            default:
              return `static ${key}() { return super.toString === undefined; }`;
          }
        });
        return `${hasBase ? "extends Base " : ""}{\n${printed.join("\n")}\n}`;
      },
  );
}
