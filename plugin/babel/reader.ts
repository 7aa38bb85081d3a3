import type * as B from "@babel/types";
import type {
  BlockOutline,
  ClassOutline,
  Directive,
  Expression,
  FunctionOutline,
  Part,
  Span,
  Statement,
} from "../core/outline.ts";
import { ScopeRecord } from "../core/scope-record.ts";

/** The line of the original source for a place in compiled text; lines from 1, columns from 0; `null` for none. */
export type RowOf = (line: number, column: number) => number | null;

export type FunctionNode =
  | B.FunctionDeclaration
  | B.FunctionExpression
  | B.ArrowFunctionExpression
  | B.ObjectMethod
  | B.ClassMethod
  | B.ClassPrivateMethod;

/** The parts of the reader, one a file; they call each other through the TreeReader. */
export interface Parts {
  expression(node: B.Node, reader: TreeReader): Expression<B.Node>;
  target(node: B.Node, reader: TreeReader): Expression<B.Node>;
  statement(node: B.Statement, reader: TreeReader): Statement<B.Node>;
  fn(node: FunctionNode, reader: TreeReader): FunctionOutline<B.Node>;
  cls(node: B.ClassDeclaration | B.ClassExpression, reader: TreeReader): ClassOutline<B.Node>;
}

/** What the parts of the reader share. */
export class TreeReader {
  readonly text: string;
  readonly scopes: ScopeRecord;
  private readonly rowOf: RowOf | null;
  private readonly parts: Parts;
  private lastRow = 1;

  constructor(text: string, rowOf: RowOf | null, parts: Parts) {
    this.text = text;
    this.rowOf = rowOf;
    this.parts = parts;
    this.scopes = new ScopeRecord({ start: 0, end: text.length });
  }

  span(node: Pick<B.Node, "start" | "end" | "loc"> | B.Comment): Span {
    const { start, end } = node.loc!;
    return { start: node.start!, end: node.end!, line: this.row(start), endLine: this.row(end) };
  }

  private row({ line, column }: { line: number; column: number }): number {
    if (!this.rowOf) return line;
    this.lastRow = this.rowOf(line, column) ?? this.lastRow;
    return this.lastRow;
  }

  part(node: B.Node): Part<B.Node> {
    const { start, end } = node.loc!;
    return { node, start: node.start!, end: node.end!, line: this.row(start), endLine: this.row(end) };
  }

  expression(node: B.Node): Expression<B.Node> {
    return this.parts.expression(node, this);
  }

  optional(node: B.Node | null | undefined): Expression<B.Node> | null {
    return node ? this.parts.expression(node, this) : null;
  }

  expressions(nodes: readonly (B.Node | null)[]): Expression<B.Node>[] {
    return nodes.flatMap((node) => (node ? [this.expression(node)] : []));
  }

  target(node: B.Node): Expression<B.Node> {
    return this.parts.target(node, this);
  }

  statement(node: B.Statement): Statement<B.Node> {
    return this.parts.statement(node, this);
  }

  statements(nodes: readonly B.Statement[]): Statement<B.Node>[] {
    return nodes.map((node) => this.parts.statement(node, this));
  }

  fn(node: FunctionNode): FunctionOutline<B.Node> {
    return this.parts.fn(node, this);
  }

  cls(node: B.ClassDeclaration | B.ClassExpression): ClassOutline<B.Node> {
    return this.parts.cls(node, this);
  }

  block(node: B.BlockStatement): BlockOutline<B.Node> {
    const inside = { start: node.start! + 1, end: node.end! - 1 };
    return { ...this.part(node), body: this.statements(node.body), inside };
  }

  directive(node: B.Directive): Directive {
    return { ...this.span(node), value: node.value.value };
  }

  refer(name: string, node: B.Node): void {
    this.scopes.refer(name, () => this.span(node));
  }

  /** The names that a declaration, pattern or parameter binds. */
  bind(target: B.Node): string[] {
    const names = boundNames(target);
    this.scopes.bind(names);
    return names;
  }
}

function boundNames(node: B.Node | null): string[] {
  switch (node?.type) {
    case "Identifier":
      return [node.name];
    case "ObjectPattern":
      return node.properties.flatMap((property) =>
        boundNames(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return node.elements.flatMap(boundNames);
    case "AssignmentPattern":
      return boundNames(node.left);
    case "RestElement":
      return boundNames(node.argument);
    case "TSParameterProperty":
      return boundNames(node.parameter);
    default:
      // Assignment targets: nothing is bound by `for (a.b of c)`.
      return [];
  }
}

/** The name by which a member or property is shown; `null` when computed. */
export function keyName(key: B.Node, computed: boolean): string | null {
  if (computed) return null;
  if (key.type === "Identifier") return key.name;
  if (key.type === "PrivateName") return `#${key.id.name}`;
  if (key.type === "StringLiteral") return key.value;
  return key.type === "NumericLiteral" || key.type === "BigIntLiteral" ? String(key.value) : null;
}
