import type TS from "typescript";
import type {
  ClassOutline,
  Directive,
  Expression,
  FunctionForm,
  FunctionOutline,
  MemberOutline,
  Part,
  Statement,
} from "../core/outline.ts";
import { createFunction, working } from "../core/scope-record.ts";
import { findToken, type Range } from "../core/source-text.ts";
import { isStackOverflow } from "../core/stack.ts";
import { type FunctionNode, keyName, type Node, type TreeReader, type Ts } from "./reader.ts";

export function readFunction(node: FunctionNode, reader: TreeReader, part: Part<Node>): FunctionOutline<Node> {
  const { ts, scopes } = reader;
  const id = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) ? node.name : undefined;
  if (id && ts.isFunctionDeclaration(node)) reader.bind(id);
  const found = { form: formOf(node, ts), name: id?.text ?? null, nameRange: id ? reader.range(id) : null };
  return scopes.inside({ start: part.start, end: part.end }, () => {
    if (id && ts.isFunctionExpression(node)) reader.bind(id);
    try {
      return createFunction(part, { ...found, ...readParts(node, reader) });
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      return createFunction(part, { ...found, inside: reader.range(node.body!), unread: true });
    }
  });
}

function readParts(node: FunctionNode, reader: TreeReader) {
  const { ts } = reader;
  const body = node.body!;
  const parameters = working(node.parameters.map((parameter) => reader.target(parameter)));
  const parameterNames = node.parameters.flatMap((parameter) => reader.bind(parameter.name));
  const isAsync = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  const generator = "asteriskToken" in node && node.asteriskToken !== undefined;
  const common = { async: isAsync, generator, parameters, parameterNames };
  if (!ts.isBlock(body)) {
    const arrow = (node as TS.ArrowFunction).equalsGreaterThanToken;
    const inside = { start: arrow.end, end: reader.span(node).end };
    return { ...common, inside, body: { kind: "concise" as const, expression: reader.expression(body) } };
  }
  const { directives, rest } = reader.splitDirectives(body.statements.filter((each) => !reader.isBlank(each)));
  const statements = reader.statements(rest);
  const inside = insideOf(reader.range(body), directives, statements);
  return { ...common, directives, inside, body: { kind: "block" as const, statements } };
}

/** Between the braces, behind the directives. */
function insideOf({ start, end }: Range, directives: readonly Directive[], [first]: readonly Statement<Node>[]): Range {
  const last = directives.at(-1);
  return { start: last ? (first?.start ?? last.end) : start + 1, end: end - 1 };
}

export function readClass(node: TS.ClassLikeDeclaration, reader: TreeReader, part: Part<Node>): ClassOutline<Node> {
  const { ts } = reader;
  if (node.name) reader.bind(node.name);
  const heritage = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return {
    ...part,
    name: node.name?.text ?? null,
    superClass: reader.optional(heritage?.expression),
    members: node.members.flatMap((member) => readMember(member, reader)),
    decorators: readDecorators(node, reader),
    keyStart: reader.keyStartOf(node),
  };
}

function readMember(node: TS.ClassElement, reader: TreeReader): MemberOutline<Node>[] {
  const { ts } = reader;
  if (ts.isClassStaticBlockDeclaration(node))
    return [createMember(node, reader, { static: true, fn: readStaticBlock(node, reader) })];
  if (ts.isPropertyDeclaration(node))
    return [createMember(node, reader, { initialiser: reader.optional(node.initializer) })];
  const isFunction =
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isGetAccessor(node) ||
    ts.isSetAccessor(node);
  return isFunction && node.body ? [createMember(node, reader, { fn: reader.fn(node) })] : [];
}

function createMember(
  node: TS.ClassElement,
  reader: TreeReader,
  found: Partial<MemberOutline<Node>>,
): MemberOutline<Node> {
  const { ts } = reader;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const { name } = node;
  const isConstructor = ts.isConstructorDeclaration(node);
  return {
    ...reader.part(node),
    static: modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false,
    keyStart: reader.keyStartOf(node),
    name: isConstructor ? "constructor" : name ? keyName(name, ts) : null,
    key: name && ts.isComputedPropertyName(name) ? reader.expression(name.expression) : null,
    decorators: readDecorators(node, reader),
    fn: null,
    initialiser: null,
    ...found,
  };
}

function readDecorators(node: Node, reader: TreeReader): Expression<Node>[] {
  return reader.decoratorsOf(node).map(({ expression }) => reader.expression(expression));
}

function readStaticBlock(node: TS.ClassStaticBlockDeclaration, reader: TreeReader): FunctionOutline<Node> {
  const part = reader.part(node);
  const inside = { start: findToken(reader.text, "{", part.start)!.end, end: part.end - 1 };
  const body = { kind: "block" as const, statements: reader.statements(node.body.statements) };
  return createFunction(part, { form: "staticBlock", inside, body });
}

function formOf(node: FunctionNode, { SyntaxKind }: Ts): FunctionForm {
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
