import type TS from "typescript";
import type {
  BlockOutline,
  ClassOutline,
  Directive,
  FunctionOutline,
  MemberOutline,
  Outline,
  Span,
  Statement,
} from "../core/outline.ts";
import { nextToken, type Range } from "../core/source-text.ts";
import { countDirectives } from "./forms.ts";
import { Masks } from "./masks.ts";
import { readComments } from "./read-comments.ts";
import { readExpression } from "./read-expressions.ts";
import { isModuleSyntax, readImport } from "./read-imports.ts";
import { readStatement } from "./read-statements.ts";
import { readTarget } from "./read-target.ts";

/** The TypeScript that is at work. */
export type Ts = typeof TS;
export type Node = TS.Node;

/** A function of any form that has a body. */
export type FunctionNode =
  | TS.FunctionDeclaration
  | TS.FunctionExpression
  | TS.ArrowFunction
  | TS.MethodDeclaration
  | TS.AccessorDeclaration
  | TS.ConstructorDeclaration;

/**
 * TypeScript's SourceFile -> Outline. Needs no parents and no types: the tree may be fresh from the parser.
 *
 * @param ranges marks, read as if they were blank
 */
export function readOutline(file: TS.SourceFile, ts: Ts, ranges: readonly Range[] = []): Outline<Node> {
  const reader = new Reader(file, ts, ranges);
  const statements = file.statements.filter((node) => !reader.isBlank(node));
  const imports = statements.flatMap((node) => (ts.isImportDeclaration(node) ? [readImport(node, reader)] : []));
  for (const { names } of imports) for (const { local } of names) reader.watched.add(local);
  const { directives, rest } = reader.splitDirectives(statements);
  const body = rest.map((node) => readStatement(node, reader));
  return {
    text: reader.text,
    isModule: rest.some((node) => isModuleSyntax(node, ts)),
    directives,
    body,
    imports,
    comments: readComments(file, ts, reader),
    declaredNames: reader.declaredNames,
    shadows: reader.shadows,
    references: reader.references,
  };
}

/** What the parts of the reader share. */
export class Reader {
  readonly ts: Ts;
  /** With marks blanked. */
  readonly text: string;
  readonly declaredNames = new Map<string, number>();
  readonly references = new Map<string, Span[]>();
  readonly shadows = new Map<string, Range[]>();
  /** Names whose references matter: what could be a mark. */
  readonly watched = new Set(["profile", "noprofile"]);
  readonly masks: Masks;
  private readonly file: TS.SourceFile;
  /** The functions that are being read, innermost last; the file is the first. */
  private readonly scopes: Range[];

  constructor(file: TS.SourceFile, ts: Ts, ranges: readonly Range[]) {
    this.file = file;
    this.ts = ts;
    this.masks = new Masks(file.text, ranges);
    this.text = this.masks.text;
    this.scopes = [{ start: 0, end: file.text.length }];
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

  part(node: Node): Span & { node: Node } {
    return { ...this.span(node), node };
  }

  /** A part without what stands before `start`: `export`, `default`. */
  partFrom(start: number, node: Node): Span & { node: Node } {
    return { ...this.spanOf(start, this.span(node).end), node };
  }

  /** Whether a mark covers the whole node: other back-ends never see it. */
  isBlank(node: Node): boolean {
    return this.masks.ranges.length > 0 && this.masks.covers(node.getStart(this.file), node.end);
  }

  /** What is left of a call that is a mark. */
  markedArgument(call: TS.CallExpression): TS.Expression | null {
    return this.masks.markedArgument(call, call.getStart(this.file))?.argument ?? null;
  }

  refer(name: string, node: Node): void {
    if (!this.watched.has(name)) return;
    const spans = this.references.get(name);
    if (spans) spans.push(this.span(node));
    else this.references.set(name, [this.span(node)]);
  }

  /** The names that a declaration, pattern or parameter binds. */
  bind(target: TS.BindingName): string[] {
    const names = this.boundNames(target);
    for (const name of names) {
      this.declaredNames.set(name, (this.declaredNames.get(name) ?? 0) + 1);
      if (this.watched.has(name)) this.shadows.set(name, [...(this.shadows.get(name) ?? []), this.scopes.at(-1)!]);
    }
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

  statements(nodes: readonly TS.Statement[]): Statement<Node>[] {
    return nodes.filter((node) => !this.isBlank(node)).map((node) => readStatement(node, this));
  }

  block(node: TS.Block): BlockOutline<Node> {
    return { ...this.part(node), body: this.statements(node.statements) };
  }

  /** @param part where the function stands, if it does not begin with its node */
  readFunction(node: FunctionNode, part = this.part(node)): FunctionOutline<Node> {
    const { ts } = this;
    const id = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) ? node.name : undefined;
    if (id && ts.isFunctionDeclaration(node)) this.bind(id);
    this.scopes.push(part);
    if (id && ts.isFunctionExpression(node)) this.bind(id);
    const fn = this.functionParts(node, part, id?.text ?? null);
    this.scopes.pop();
    return fn;
  }

  private functionParts(node: FunctionNode, part: Span & { node: Node }, name: string | null): FunctionOutline<Node> {
    const { ts } = this;
    const has = (kind: TS.SyntaxKind) => node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
    const parameters = node.parameters.map((parameter) => readTarget(parameter, this));
    const parameterNames = node.parameters.flatMap((parameter) => this.bind(parameter.name));
    const fn: FunctionOutline<Node> = {
      ...part,
      form: this.formOf(node),
      name,
      async: has(ts.SyntaxKind.AsyncKeyword),
      generator: "asteriskToken" in node && node.asteriskToken !== undefined,
      parameterNames,
      parameters: parameters.filter(({ kind }) => kind !== "name"),
      directives: [],
      body: { kind: "block", statements: [] },
    };
    const body = node.body!;
    if (ts.isBlock(body)) {
      const { directives, rest } = this.splitDirectives(
        body.statements.filter((statement) => !this.isBlank(statement)),
      );
      fn.directives = directives;
      fn.body = { kind: "block", statements: this.statements(rest) };
    } else fn.body = { kind: "concise", expression: readExpression(body, this) };
    return fn;
  }

  private formOf(node: FunctionNode): FunctionOutline<Node>["form"] {
    const { SyntaxKind } = this.ts;
    switch (node.kind) {
      case SyntaxKind.ArrowFunction:
        return "arrow";
      case SyntaxKind.GetAccessor:
        return "getter";
      case SyntaxKind.SetAccessor:
        return "setter";
      case SyntaxKind.Constructor:
        return "constructor";
      case SyntaxKind.MethodDeclaration:
        return "method";
      default:
        return "function";
    }
  }

  readClass(node: TS.ClassLikeDeclaration, part = this.part(node)): ClassOutline<Node> {
    const { ts } = this;
    if (node.name) this.bind(node.name);
    const heritage = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    return {
      ...part,
      name: node.name?.text ?? null,
      superClass: heritage ? readExpression(heritage.expression, this) : null,
      members: node.members.flatMap((member) => this.readMember(member)),
      decorators: this.decoratorsOf(node).map(({ expression }) => readExpression(expression, this)),
    };
  }

  private readMember(node: TS.ClassElement): MemberOutline<Node>[] {
    const { ts } = this;
    if (ts.isClassStaticBlockDeclaration(node))
      return [this.member(node, { static: true, fn: this.readStaticBlock(node) })];
    if (ts.isPropertyDeclaration(node)) {
      return [this.member(node, { initialiser: node.initializer ? readExpression(node.initializer, this) : null })];
    }
    const isFunction =
      ts.isMethodDeclaration(node) ||
      ts.isConstructorDeclaration(node) ||
      ts.isGetAccessor(node) ||
      ts.isSetAccessor(node);
    return isFunction && node.body ? [this.member(node, { fn: this.readFunction(node) })] : [];
  }

  private member(node: TS.ClassElement, rest: Partial<MemberOutline<Node>>): MemberOutline<Node> {
    const { ts } = this;
    const decorators = this.decoratorsOf(node);
    const last = decorators.at(-1);
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
    const { name } = node;
    const isConstructor = ts.isConstructorDeclaration(node);
    return {
      ...this.part(node),
      static: modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false,
      keyStart: last ? nextToken(this.text, last.end) : this.startOf(node),
      name: isConstructor ? "constructor" : name ? keyName(name, ts) : null,
      key: name && ts.isComputedPropertyName(name) ? readExpression(name.expression, this) : null,
      decorators: decorators.map(({ expression }) => readExpression(expression, this)),
      fn: null,
      initialiser: null,
      ...rest,
    };
  }

  /** Other people's decorators: ours are blank. */
  decoratorsOf(node: Node): TS.Decorator[] {
    const modifiers = "modifiers" in node ? (node.modifiers as readonly Node[] | undefined) : undefined;
    return (modifiers ?? []).filter(this.ts.isDecorator).filter((decorator) => !this.isBlank(decorator));
  }

  private readStaticBlock(node: TS.ClassStaticBlockDeclaration): FunctionOutline<Node> {
    return {
      ...this.part(node),
      form: "staticBlock",
      name: null,
      async: false,
      generator: false,
      parameterNames: [],
      parameters: [],
      directives: [],
      body: { kind: "block", statements: this.statements(node.body.statements) },
    };
  }
}

/** The name by which a member or property is shown; `null` when computed. */
export function keyName(name: TS.PropertyName, ts: Ts): string | null {
  if (ts.isComputedPropertyName(name)) return null;
  return ts.isBigIntLiteral(name) ? name.text.slice(0, -1) : name.text;
}
