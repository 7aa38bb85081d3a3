import type * as B from "@babel/types";
import type { Values } from "../core/forms.ts";

/** The `types` of the Babel that is at work, 7 or 8. */
export type Types = typeof B;

/** Its parser, for code of ours: with errors that only the place of a piece makes (`break` of a label outside of it). */
export type ParseCode = (code: string) => B.File;

/**
 * What goes into the holes of a piece, without `$`; statements where it is a list. By a name in capitals, a node that has a
 * place instead of the value.
 */
export type Fill = Record<string, B.Node | B.Node[]>;

/** Pieces of code -> nodes without a place. Each piece is parsed once and copied from then on. */
export class CodeBuilder {
  private readonly t: Types;
  private readonly parse: ParseCode;
  private readonly parsed: Map<string, B.File>;
  private readonly data: unknown;

  /** @param data what stands for DATA */
  constructor(t: Types, parse: ParseCode, parsed: Map<string, B.File>, data: unknown) {
    this.t = t;
    this.parse = parse;
    this.parsed = parsed;
    this.data = data;
  }

  expression(code: string, values: Values, fill: Fill): B.Expression {
    const [statement] = this.fileOf(`(${code})`).program.body;
    return this.copy((statement as B.ExpressionStatement).expression, values, fill)[0] as B.Expression;
  }

  /** Statements of a module. */
  module(code: string, values: Values): B.Statement[] {
    return this.copies(this.fileOf(code).program.body, values, {}) as B.Statement[];
  }

  /** Statements of a function, with the directives before them. */
  body(code: string, values: Values, fill: Fill): B.BlockStatement {
    const [fn] = this.fileOf(`async function* f() { ${code} }`).program.body;
    return this.copy((fn as B.FunctionDeclaration).body, values, fill)[0] as B.BlockStatement;
  }

  private fileOf(code: string): B.File {
    const file = this.parsed.get(code) ?? this.parse(code);
    this.parsed.set(code, file);
    return file;
  }

  private copies(nodes: readonly (B.Node | null)[], values: Values, fill: Fill): (B.Node | null)[] {
    return nodes.flatMap((node) => (node ? this.copy(node, values, fill) : [node]));
  }

  private copy(node: B.Node, values: Values, fill: Fill): B.Node[] {
    const { t } = this;
    const named = node.type === "ExpressionStatement" ? node.expression : node;
    if (named.type === "Identifier" && named.name.startsWith("$")) {
      const found = fill[named.name.slice(1)] ?? [];
      return Array.isArray(found) ? found : [found];
    }
    if (node.type === "Identifier") return [this.name(node.name, values, fill)];
    if (node.type === "StringLiteral" && values(node.value) !== undefined) return [this.name(node.value, values, fill)];
    const copy = t.cloneNode(node, false, true);
    delete copy.extra?.parenthesized;
    const fields = copy as unknown as Record<string, B.Node | (B.Node | null)[] | null | undefined>;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = fields[key];
      if (Array.isArray(child)) fields[key] = this.copies(child, values, fill);
      else if (child) [fields[key]] = this.copy(child, values, fill);
    }
    return [copy];
  }

  private name(name: string, values: Values, fill: Fill): B.Node {
    const { t } = this;
    // A property of ours may be called as a hole is: `options`.
    const given = /^[A-Z]/.test(name) ? fill[name] : undefined;
    if (given && !Array.isArray(given)) return given;
    if (name === "DATA") return t.valueToNode(this.data) as B.Expression;
    const value = values(name) ?? { name };
    if (typeof value === "object") return t.identifier(value.name);
    return typeof value === "number" ? t.numericLiteral(value) : t.stringLiteral(value);
  }
}
