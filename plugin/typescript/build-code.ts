import type TS from "typescript";
import type { Values } from "../core/forms.ts";
import type { Node, Ts } from "./reader.ts";

/** What goes into the holes of a piece, without `$`; statements where it is a list. */
export type Fill = Record<string, Node | readonly Node[]>;

/** Pieces that a TypeScript has parsed. */
const parsed = new WeakMap<Ts, Map<string, TS.SourceFile>>();

/** Pieces of code -> nodes without a place. Each piece is parsed once and copied from then on. */
export class CodeBuilder {
  private readonly ts: Ts;
  private readonly transformation: TS.TransformationContext;
  private readonly factory: TS.NodeFactory;
  private readonly text: string;
  private readonly data: unknown;

  /** @param text of the file that holes are filled from. @param data what stands for DATA */
  constructor(ts: Ts, transformation: TS.TransformationContext, text: string, data: unknown) {
    this.ts = ts;
    this.transformation = transformation;
    this.factory = transformation.factory;
    this.text = text;
    this.data = data;
  }

  expression(code: string, values: Values, fill: Fill): TS.Expression {
    const [statement] = this.fileOf(`x = ${code}`).statements;
    const { expression } = statement as TS.ExpressionStatement;
    // `x = a, b` is `(x = a), b`: the piece is what stands behind the sign, all of it.
    return this.build(this.behindSign(expression), values, fill) as TS.Expression;
  }

  private behindSign(node: TS.Expression): TS.Expression {
    const { ts, factory } = this;
    const { left, operatorToken, right } = node as TS.BinaryExpression;
    if (operatorToken.kind !== ts.SyntaxKind.CommaToken) return right;
    return factory.createBinaryExpression(this.behindSign(left), ts.SyntaxKind.CommaToken, right);
  }

  statements(code: string, values: Values, fill: Fill): TS.Statement[] {
    const { ts } = this;
    const visit = this.visitor(values, fill);
    return [...ts.visitNodes(this.fileOf(code).statements, visit)].map((node) => node as TS.Statement);
  }

  private build(node: Node, values: Values, fill: Fill): Node {
    return this.ts.visitNode(node, this.visitor(values, fill))!;
  }

  private fileOf(code: string): TS.SourceFile {
    const { ts } = this;
    const known = parsed.get(ts) ?? new Map<string, TS.SourceFile>();
    parsed.set(ts, known);
    const file = known.get(code) ?? ts.createSourceFile("piece.ts", code, ts.ScriptTarget.Latest);
    known.set(code, file);
    return file;
  }

  /** A copy of each node, with the holes filled. */
  private visitor(values: Values, fill: Fill): (node: Node) => TS.VisitResult<Node> {
    const { ts, transformation, factory } = this;
    const visit = (node: Node): TS.VisitResult<Node> => {
      const named = ts.isExpressionStatement(node) ? node.expression : node;
      if (ts.isIdentifier(named) && named.text.startsWith("$")) {
        const found = fill[named.text.slice(1)] ?? [];
        return Array.isArray(found) ? [...found] : (found as Node);
      }
      if (ts.isParenthesizedExpression(node)) {
        const inner = ts.visitNode(node.expression, visit) as TS.Expression;
        return this.needsParentheses(node.expression, inner) ? factory.createParenthesizedExpression(inner) : inner;
      }
      if (ts.isIdentifier(node)) return this.name(node.text, values);
      if (ts.isStringLiteral(node)) {
        return values(node.text) !== undefined ? this.name(node.text, values) : factory.createStringLiteral(node.text);
      }
      if (ts.isNumericLiteral(node)) return factory.createNumericLiteral(node.text);
      if (ts.isToken(node)) return factory.createToken(node.kind as TS.PunctuationSyntaxKind);
      const copy = this.withoutPlace(ts.visitEachChild(node, visit, transformation, undefined, visit) ?? node);
      // What was written on lines stays on lines.
      const isOnLines = ts.isBlock(copy) && (copy.statements.length > 1 || copy.statements.some(({ pos }) => pos >= 0));
      return isOnLines ? factory.createBlock(copy.statements, true) : copy;
    };
    return visit;
  }

  /**
   * Of a comma they are part of the form; round a hole they are for the text, but for a comment in front, which would put
   * what is returned on the line behind the `return`.
   */
  private needsParentheses(written: TS.Expression, { pos }: TS.Expression): boolean {
    const { ts } = this;
    if (!ts.isIdentifier(written)) return true;
    return pos >= 0 && ts.getLeadingCommentRanges(this.text, pos) !== undefined;
  }

  /** It is written anew: neither it nor its lists stand anywhere. */
  private withoutPlace<N extends Node>(copy: N): N {
    const { ts } = this;
    const nowhere = { pos: -1, end: -1 };
    for (const value of Object.values(copy)) {
      if (Array.isArray(value) && "pos" in value) ts.setTextRange(value as unknown as TS.TextRange, nowhere);
    }
    return ts.setTextRange(ts.setOriginalNode(copy, undefined), nowhere);
  }

  private name(name: string, values: Values): Node {
    const { factory } = this;
    if (name === "DATA") return this.literal(this.data);
    const value = values(name) ?? { name };
    if (typeof value === "object") return factory.createIdentifier(value.name);
    return this.literal(value);
  }

  /** A JSON value as a literal. */
  private literal(value: unknown): TS.Expression {
    const { ts, factory } = this;
    if (typeof value === "string")
      return ts.setEmitFlags(factory.createStringLiteral(value), ts.EmitFlags.NoAsciiEscaping);
    if (typeof value === "number") return factory.createNumericLiteral(value);
    if (typeof value === "boolean") return value ? factory.createTrue() : factory.createFalse();
    if (Array.isArray(value)) return factory.createArrayLiteralExpression(value.map((each) => this.literal(each)));
    const properties = Object.entries(value as object).map(([key, each]) =>
      factory.createPropertyAssignment(key, this.literal(each)),
    );
    return factory.createObjectLiteralExpression(properties);
  }
}
