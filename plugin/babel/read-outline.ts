import type * as B from "@babel/types";
import type {
  BlockOutline,
  ClassOutline,
  Directive,
  Expression,
  FunctionOutline,
  ImportOutline,
  MemberOutline,
  Outline,
  Span,
} from "../core/outline.ts";
import { nextToken, type Range } from "../core/source-text.ts";
import { keyName, readExpression, readTarget } from "./read-expressions.ts";
import { readStatement } from "./read-statements.ts";

/** Babel's File -> Outline. Imports no Babel: the tree is all it needs, so the text back-end uses it too. */
export function readOutline(file: B.File, text: string, rowOf: RowOf | null = null): Outline<B.Node> {
  const reader = new Reader(text, rowOf);
  const { program } = file;
  const imports = program.body.flatMap((node) => (node.type === "ImportDeclaration" ? [readImport(node, reader)] : []));
  for (const { names } of imports) for (const { local } of names) reader.watched.add(local);
  const body = program.body.map((node) => readStatement(node, reader));
  return {
    text,
    isModule: program.body.some((node) => /^(Import|Export|TSImportEquals|TSExportAssign)/.test(node.type)),
    directives: program.directives.map((directive) => reader.directive(directive)),
    body,
    imports,
    comments: (file.comments ?? []).map((comment) => ({ ...reader.span(comment), text: comment.value })),
    declaredNames: reader.declaredNames,
    shadows: reader.shadows,
    references: reader.references,
  };
}

/** The line of the original source for a place in compiled text; lines from 1, columns from 0. */
export type RowOf = (line: number, column: number) => number;

/** What the parts of the reader share. */
export class Reader {
  readonly declaredNames = new Map<string, number>();
  readonly references = new Map<string, Span[]>();
  readonly shadows = new Map<string, Range[]>();
  /** The functions that are being read, innermost last; the file is the first. */
  private readonly scopes: Range[];
  /** Names whose references matter: what could be a mark. */
  readonly watched = new Set(["profile", "noprofile"]);
  readonly text: string;

  private readonly rowOf: RowOf | null;

  constructor(text: string, rowOf: RowOf | null) {
    this.text = text;
    this.rowOf = rowOf;
    this.scopes = [{ start: 0, end: text.length }];
  }

  span(node: Pick<B.Node, "start" | "end" | "loc"> | B.Comment): Span {
    const { start, end } = node.loc!;
    const rows = this.rowOf
      ? { line: this.rowOf(start.line, start.column), endLine: this.rowOf(end.line, end.column) }
      : { line: start.line, endLine: end.line };
    return { start: node.start!, end: node.end!, ...rows };
  }

  part(node: B.Node): Span & { node: B.Node } {
    return { ...this.span(node), node };
  }

  refer(name: string, node: B.Node): void {
    if (!this.watched.has(name)) return;
    const spans = this.references.get(name);
    if (spans) spans.push(this.span(node));
    else this.references.set(name, [this.span(node)]);
  }

  /** The names that a declaration, pattern or parameter binds. */
  bind(target: B.Node): string[] {
    const names = boundNames(target);
    for (const name of names) {
      this.declaredNames.set(name, (this.declaredNames.get(name) ?? 0) + 1);
      if (this.watched.has(name)) this.shadows.set(name, [...(this.shadows.get(name) ?? []), this.scopes.at(-1)!]);
    }
    return names;
  }

  directive(node: B.Directive): Directive {
    return { ...this.span(node), value: node.value.value };
  }

  block(node: B.BlockStatement): BlockOutline<B.Node> {
    return { ...this.part(node), body: node.body.map((child) => readStatement(child, this)) };
  }

  readFunction(
    node:
      | B.FunctionDeclaration
      | B.FunctionExpression
      | B.ArrowFunctionExpression
      | B.ObjectMethod
      | B.ClassMethod
      | B.ClassPrivateMethod,
  ): FunctionOutline<B.Node> {
    const id = "id" in node ? node.id : null;
    if (id && node.type === "FunctionDeclaration") this.bind(id);
    this.scopes.push({ start: node.start!, end: node.end! });
    if (id && node.type === "FunctionExpression") this.bind(id);
    const fn = this.functionParts(node, id?.name ?? null);
    this.scopes.pop();
    return fn;
  }

  private functionParts(node: Parameters<Reader["readFunction"]>[0], name: string | null): FunctionOutline<B.Node> {
    const parameters = node.params.map((parameter) => readTarget(parameter, this));
    const { body } = node;
    return {
      ...this.part(node),
      form: formOf(node),
      name,
      async: node.async ?? false,
      generator: node.generator ?? false,
      parameterNames: node.params.flatMap((parameter) => this.bind(parameter)),
      parameters: parameters.filter(({ kind }) => kind !== "name"),
      directives: body.type === "BlockStatement" ? body.directives.map((directive) => this.directive(directive)) : [],
      body:
        body.type === "BlockStatement"
          ? { kind: "block", statements: this.block(body).body }
          : { kind: "concise", expression: readExpression(body, this) },
    };
  }

  readClass(node: B.ClassDeclaration | B.ClassExpression): ClassOutline<B.Node> {
    if (node.id) this.bind(node.id);
    return {
      ...this.part(node),
      name: node.id?.name ?? null,
      superClass: node.superClass ? readExpression(node.superClass, this) : null,
      members: node.body.body.flatMap((member) => this.readMember(member)),
      decorators: this.decorators(node),
    };
  }

  private readMember(node: B.ClassBody["body"][number]): MemberOutline<B.Node>[] {
    switch (node.type) {
      case "TSDeclareMethod":
      case "TSIndexSignature":
        return [];
      case "StaticBlock":
        return [this.member(node, { static: true, fn: this.readStaticBlock(node) })];
      case "ClassMethod":
      case "ClassPrivateMethod":
        return [this.member(node, { static: node.static ?? false, fn: this.readFunction(node) })];
      default: {
        const initialiser = node.value ? readExpression(node.value, this) : null;
        return [this.member(node, { static: node.static ?? false, initialiser })];
      }
    }
  }

  private member(
    node: Exclude<B.ClassBody["body"][number], B.TSDeclareMethod | B.TSIndexSignature>,
    rest: Pick<MemberOutline<B.Node>, "static"> & Partial<MemberOutline<B.Node>>,
  ): MemberOutline<B.Node> {
    const computed = "computed" in node && node.computed === true;
    const last = "decorators" in node ? node.decorators?.at(-1) : undefined;
    return {
      ...this.part(node),
      keyStart: last ? nextToken(this.text, last.end!) : node.start!,
      name: "key" in node ? keyName(node.key, computed) : null,
      key: computed && "key" in node ? readExpression(node.key, this) : null,
      decorators: this.decorators(node),
      fn: null,
      initialiser: null,
      ...rest,
    };
  }

  private decorators(node: B.Node): Expression<B.Node>[] {
    const decorators = "decorators" in node ? node.decorators : null;
    return (decorators ?? []).map((decorator) => readExpression(decorator.expression, this));
  }

  private readStaticBlock(node: B.StaticBlock): FunctionOutline<B.Node> {
    return {
      ...this.part(node),
      form: "staticBlock",
      name: null,
      async: false,
      generator: false,
      parameterNames: [],
      parameters: [],
      directives: [],
      body: { kind: "block", statements: node.body.map((child) => readStatement(child, this)) },
    };
  }
}

function formOf(node: B.Function | B.StaticBlock): FunctionOutline<B.Node>["form"] {
  if (node.type === "ArrowFunctionExpression") return "arrow";
  if (!("kind" in node)) return "function";
  return node.kind === "get"
    ? "getter"
    : node.kind === "set"
      ? "setter"
      : node.kind === "constructor"
        ? "constructor"
        : "method";
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
      return [];
  }
}

function readImport(node: B.ImportDeclaration, reader: Reader): ImportOutline {
  const names = node.specifiers.map((specifier) => ({
    local: specifier.local.name,
    imported:
      specifier.type === "ImportDefaultSpecifier"
        ? "default"
        : specifier.type === "ImportNamespaceSpecifier"
          ? "*"
          : specifier.imported.type === "Identifier"
            ? specifier.imported.name
            : specifier.imported.value,
    start: specifier.start!,
    end: specifier.end!,
    typeOnly: node.importKind === "type" || (specifier.type === "ImportSpecifier" && specifier.importKind === "type"),
  }));
  return { ...reader.span(node), from: node.source.value, names };
}
