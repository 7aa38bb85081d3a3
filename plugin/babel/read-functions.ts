import type * as B from "@babel/types";
import type {
  ClassOutline,
  Directive,
  Expression,
  FunctionForm,
  FunctionOutline,
  MemberOutline,
} from "../core/outline.ts";
import { createFunction, working } from "../core/scope-record.ts";
import { findToken, nextToken, type Range } from "../core/source-text.ts";
import { isStackOverflow } from "../core/stack.ts";
import { type FunctionNode, keyName, type TreeReader } from "./reader.ts";

export function readFunction(node: FunctionNode, reader: TreeReader): FunctionOutline<B.Node> {
  const id = "id" in node ? node.id : null;
  if (id && node.type === "FunctionDeclaration") reader.bind(id);
  const part = reader.part(node);
  const found = { form: formOf(node), name: id?.name ?? null, nameRange: id ? rangeOf(id) : null };
  return reader.scopes.inside(rangeOf(node), () => {
    if (id && node.type === "FunctionExpression") reader.bind(id);
    try {
      return createFunction(part, { ...found, ...readParts(node, reader) });
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      return createFunction(part, { ...found, inside: rangeOf(node.body), unread: true });
    }
  });
}

function readParts(node: FunctionNode, reader: TreeReader) {
  const { body, params } = node;
  const parameters = working(params.map((parameter) => reader.target(parameter)));
  const parameterNames = params.flatMap((parameter) => reader.bind(parameter));
  const { async = false, generator = false } = node;
  const common = { async, generator, parameters, parameterNames };
  if (body.type !== "BlockStatement") {
    const inside = { start: endOfArrow(node, reader.text), end: node.end! };
    return {
      ...common,
      directives: [],
      inside,
      body: { kind: "concise" as const, expression: reader.expression(body) },
    };
  }
  const directives = body.directives.map((directive) => reader.directive(directive));
  const statements = reader.statements(body.body);
  const inside = insideOf(body, directives);
  return { ...common, directives, inside, body: { kind: "block" as const, statements } };
}

/** Between the braces, behind the directives. */
function insideOf({ start, end, body }: B.BlockStatement, directives: readonly Directive[]): Range {
  const last = directives.at(-1);
  if (!last) return { start: start! + 1, end: end! - 1 };
  return { start: body[0]?.start ?? last.end, end: end! - 1 };
}

function endOfArrow(node: FunctionNode, text: string): number {
  const { returnType, params, typeParameters, start } = node;
  const from = returnType?.end ?? params.at(-1)?.end ?? typeParameters?.end ?? start!;
  // Of `async () =>` the arrow stands outside of the brackets, of `(a) =>` behind the one that is open at `from`.
  return findToken(text, "=>", from)!.end;
}

export function readClass(node: B.ClassDeclaration | B.ClassExpression, reader: TreeReader): ClassOutline<B.Node> {
  if (node.id) reader.bind(node.id);
  return {
    ...reader.part(node),
    name: node.id?.name ?? null,
    superClass: reader.optional(node.superClass),
    members: node.body.body.flatMap((member) => readMember(member, reader)),
    decorators: readDecorators(node, reader),
    keyStart: keyStartOf(node, reader.text),
  };
}

type Member = Exclude<B.ClassBody["body"][number], B.TSDeclareMethod | B.TSIndexSignature>;

function readMember(node: B.ClassBody["body"][number], reader: TreeReader): MemberOutline<B.Node>[] {
  switch (node.type) {
    case "TSDeclareMethod":
    case "TSIndexSignature":
      return [];
    case "StaticBlock":
      return [createMember(node, reader, { static: true, fn: readStaticBlock(node, reader) })];
    case "ClassMethod":
    case "ClassPrivateMethod":
      return [createMember(node, reader, { static: node.static ?? false, fn: reader.fn(node) })];
    default:
      return [createMember(node, reader, { static: node.static ?? false, initialiser: reader.optional(node.value) })];
  }
}

function createMember(
  node: Member,
  reader: TreeReader,
  found: Pick<MemberOutline<B.Node>, "static"> & Partial<MemberOutline<B.Node>>,
): MemberOutline<B.Node> {
  const computed = "computed" in node && node.computed === true;
  return {
    ...reader.part(node),
    keyStart: keyStartOf(node, reader.text),
    name: "key" in node ? keyName(node.key, computed) : null,
    key: computed && "key" in node ? reader.expression(node.key) : null,
    decorators: readDecorators(node, reader),
    fn: null,
    initialiser: null,
    ...found,
  };
}

/** Offset of the first token after other people's decorators. */
function keyStartOf(node: B.Node, text: string): number {
  const last = "decorators" in node ? node.decorators?.at(-1) : undefined;
  return last ? nextToken(text, last.end!) : node.start!;
}

function readDecorators(node: B.Node, reader: TreeReader): Expression<B.Node>[] {
  const decorators = "decorators" in node ? node.decorators : null;
  return (decorators ?? []).map((decorator) => reader.expression(decorator.expression));
}

function readStaticBlock(node: B.StaticBlock, reader: TreeReader): FunctionOutline<B.Node> {
  const statements = reader.statements(node.body);
  const inside = { start: findToken(reader.text, "{", node.start!)!.end, end: node.end! - 1 };
  return createFunction(reader.part(node), { form: "staticBlock", inside, body: { kind: "block", statements } });
}

function formOf(node: FunctionNode): FunctionForm {
  if (node.type === "ArrowFunctionExpression") return "arrow";
  if (!("kind" in node)) return "function";
  if (node.kind === "get") return "getter";
  if (node.kind === "set") return "setter";
  return node.kind === "constructor" ? "constructor" : "method";
}

function rangeOf({ start, end }: B.Node): Range {
  return { start: start!, end: end! };
}
