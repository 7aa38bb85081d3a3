import type TS from "typescript";
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
import { nextToken, type Range } from "../core/source-text.ts";
import { Masks } from "./masks.ts";
import type { Node, Ts } from "./ts.ts";

export type { Node, Ts };

/** A function of any form that has a body. */
export type FunctionNode =
  | TS.FunctionDeclaration
  | TS.FunctionExpression
  | TS.ArrowFunction
  | TS.MethodDeclaration
  | TS.AccessorDeclaration
  | TS.ConstructorDeclaration;

/** The parts of the reader, one a file; they call each other through the TreeReader. */
export interface Parts {
  expression(node: Node, reader: TreeReader): Expression<Node>;
  target(node: Node, reader: TreeReader): Expression<Node>;
  statement(node: TS.Statement, reader: TreeReader): Statement<Node>;
  /** @param part where it stands, if it does not begin with its node */
  fn(node: FunctionNode, reader: TreeReader, part: Part<Node>): FunctionOutline<Node>;
  cls(node: TS.ClassLikeDeclaration, reader: TreeReader, part: Part<Node>): ClassOutline<Node>;
}

/** What the parts of the reader share. */
export class TreeReader {
  readonly ts: Ts;
  /** With marks blanked. */
  readonly text: string;
  readonly scopes: ScopeRecord;
  private readonly masks: Masks;
  private readonly file: TS.SourceFile;
  private readonly parts: Parts;

  constructor(file: TS.SourceFile, ts: Ts, ranges: readonly Range[], parts: Parts) {
    this.file = file;
    this.ts = ts;
    this.parts = parts;
    this.masks = new Masks(file.text, ranges);
    this.text = this.masks.text;
    this.scopes = new ScopeRecord({ start: 0, end: file.text.length });
  }

  /** Offset of a node's first token that is no mark. */
  startOf(node: Node): number {
    const start = node.getStart(this.file);
    return this.masks.ranges.length === 0 ? start : nextToken(this.text, start);
  }

  spanOf(start: number, end: number): Span {
    const lineOf = (offset: number) => this.file.getLineAndCharacterOfPosition(offset).line + 1;
    return { start, end, line: lineOf(start), endLine: lineOf(end) };
  }

  span(node: Node): Span {
    const start = this.startOf(node);
    let { end } = node;
    // `profile(f)` without a semicolon ends where `f` does.
    if (this.masks.ranges.length > 0) while (end > start && /\s/.test(this.text[end - 1]!)) end--;
    return this.spanOf(start, end);
  }

  part(node: Node): Part<Node> {
    return { ...this.span(node), node };
  }

  /** A part without what stands before `start`: `export`, `default`. */
  partFrom(start: number, node: Node): Part<Node> {
    return { ...this.spanOf(start, this.span(node).end), node };
  }

  range(node: Node): Range {
    return { start: this.startOf(node), end: node.end };
  }

  /** Whether a mark covers the whole node: other back-ends never see it. */
  isBlank(node: Node): boolean {
    return this.masks.ranges.length > 0 && this.masks.covers(node.getStart(this.file), node.end);
  }

  /** The expression itself: parentheses are no part of it, and a mark is not there. */
  bare(node: Node): Node {
    const { ts } = this;
    let inner = node;
    for (;;) {
      const marked = ts.isCallExpression(inner) && this.masks.markedArgument(inner, inner.getStart(this.file), ts);
      if (marked) inner = marked.argument;
      else if (ts.isParenthesizedExpression(inner)) inner = inner.expression;
      else return inner;
    }
  }

  expression(node: Node): Expression<Node> {
    return this.parts.expression(this.bare(node), this);
  }

  optional(node: Node | undefined): Expression<Node> | null {
    return node ? this.expression(node) : null;
  }

  expressions(nodes: readonly Node[]): Expression<Node>[] {
    return nodes.map((node) => this.expression(node));
  }

  target(node: Node): Expression<Node> {
    return this.parts.target(this.bare(node), this);
  }

  statement(node: TS.Statement): Statement<Node> {
    return this.parts.statement(node, this);
  }

  statements(nodes: readonly TS.Statement[]): Statement<Node>[] {
    return nodes.filter((node) => !this.isBlank(node)).map((node) => this.statement(node));
  }

  fn(node: FunctionNode, part = this.part(node)): FunctionOutline<Node> {
    return this.parts.fn(node, this, part);
  }

  cls(node: TS.ClassLikeDeclaration, part = this.part(node)): ClassOutline<Node> {
    return this.parts.cls(node, this, part);
  }

  block(node: TS.Block): BlockOutline<Node> {
    const part = this.part(node);
    return { ...part, body: this.statements(node.statements), inside: { start: part.start + 1, end: part.end - 1 } };
  }

  refer(name: string, node: Node): void {
    this.scopes.refer(name, () => this.span(node));
  }

  /** The names that a declaration, pattern or parameter binds. */
  bind(target: TS.BindingName): string[] {
    const names = this.boundNames(target);
    this.scopes.bind(names);
    return names;
  }

  private boundNames(name: TS.BindingName): string[] {
    if (this.ts.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((element) => (this.ts.isBindingElement(element) ? this.boundNames(element.name) : []));
  }

  /** Directives are no statements: probes go behind them. */
  splitDirectives(all: readonly TS.Statement[]): { directives: Directive[]; rest: TS.Statement[] } {
    const count = countDirectives(all, this.ts);
    const directives = all.slice(0, count).map((node) => {
      const literal = (node as TS.ExpressionStatement).expression;
      return { ...this.span(node), value: this.text.slice(this.startOf(literal) + 1, literal.end - 1) };
    });
    return { directives, rest: all.slice(count) };
  }

  /** Other people's decorators: ours are blank. */
  decoratorsOf(node: Node): TS.Decorator[] {
    const modifiers = "modifiers" in node ? (node.modifiers as readonly Node[] | undefined) : undefined;
    return (modifiers ?? []).filter(this.ts.isDecorator).filter((decorator) => !this.isBlank(decorator));
  }

  /** Offset of the first token after them. */
  keyStartOf(node: Node): number {
    const last = this.decoratorsOf(node).at(-1);
    return last ? nextToken(this.text, last.end) : this.startOf(node);
  }
}

/** How many of the statements at the start of a file or function are directives. */
export function countDirectives(statements: readonly TS.Statement[], ts: Ts): number {
  const isDirective = (node: TS.Statement) => ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
  const first = statements.findIndex((node) => !isDirective(node));
  return first < 0 ? statements.length : first;
}

/** The name by which a member or property is shown; `null` when computed. */
export function keyName(name: TS.PropertyName, ts: Ts): string | null {
  if (ts.isComputedPropertyName(name)) return null;
  return ts.isBigIntLiteral(name) ? name.text.slice(0, -1) : name.text;
}
