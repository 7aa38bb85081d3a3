import type * as B from "@babel/types";
import type { HandlerOutline, Part, Statement } from "../core/outline.ts";
import { findToken, lastToken, type Range } from "../core/source-text.ts";
import type { TreeReader } from "./reader.ts";

/** Babel statement or module declaration -> Statement. */
export function readStatement(node: B.Statement, reader: TreeReader): Statement<B.Node> {
  const part = reader.part(node);
  switch (node.type) {
    case "ExpressionStatement":
      return { ...part, kind: "expression", expression: reader.expression(node.expression) };
    case "VariableDeclaration":
      return node.declare ? { ...part, kind: "nothing" } : readVariables(node, reader);
    case "FunctionDeclaration":
      return { ...part, kind: "function", fn: reader.fn(node) };
    case "ClassDeclaration":
      if (node.declare) return { ...part, kind: "nothing" };
      return { ...part, kind: "class", cls: reader.cls(node) };
    case "ReturnStatement":
      return { ...part, kind: "return", argument: reader.optional(node.argument) };
    case "ThrowStatement":
      return { ...part, kind: "throw", argument: reader.expression(node.argument) };
    case "BreakStatement":
      return { ...part, kind: "break", label: node.label?.name ?? null };
    case "ContinueStatement":
      return { ...part, kind: "continue", label: node.label?.name ?? null };
    case "DebuggerStatement":
      return { ...part, kind: "debugger" };
    case "BlockStatement":
      return { ...reader.block(node), kind: "block" };
    case "IfStatement": {
      const [test, consequent] = [reader.expression(node.test), reader.statement(node.consequent)];
      const alternate = node.alternate ? reader.statement(node.alternate) : null;
      return { ...part, kind: "if", test, consequent, alternate };
    }
    case "ForStatement":
      return {
        ...part,
        kind: "for",
        init: node.init ? readForInit(node.init, reader) : null,
        test: reader.optional(node.test),
        update: reader.optional(node.update),
        updateRange: updateRangeOf(node, reader.text),
        body: reader.statement(node.body),
      };
    case "ForOfStatement":
    case "ForInStatement":
      return {
        ...part,
        kind: "forEach",
        form: node.type === "ForInStatement" ? "in" : node.await ? "await" : "of",
        left: node.left.type === "VariableDeclaration" ? readVariables(node.left, reader) : reader.target(node.left),
        right: reader.expression(node.right),
        body: reader.statement(node.body),
      };
    case "WhileStatement": {
      const keyword = { start: node.start!, end: node.start! + "while".length };
      const head = {
        start: findToken(reader.text, "(", keyword.end)!.end,
        end: headEnd(node, node.test.end!, reader.text),
      };
      const [test, body] = [reader.expression(node.test), reader.statement(node.body)];
      return { ...part, kind: "while", test, body, keyword, head };
    }
    case "DoWhileStatement":
      return { ...part, kind: "doWhile", test: reader.expression(node.test), body: reader.statement(node.body) };
    case "SwitchStatement": {
      const cases = node.cases.map((clause) => ({
        ...reader.part(clause),
        test: reader.optional(clause.test),
        body: reader.statements(clause.consequent),
        inside: { start: findToken(reader.text, ":", clause.test?.end ?? clause.start!)!.end, end: clause.end! },
      }));
      return { ...part, kind: "switch", discriminant: reader.expression(node.discriminant), cases };
    }
    case "TryStatement":
      return {
        ...part,
        kind: "try",
        block: reader.block(node.block),
        handler: node.handler ? readHandler(node.handler, reader) : null,
        finalizer: node.finalizer ? reader.block(node.finalizer) : null,
      };
    case "LabeledStatement":
      return { ...part, kind: "label", name: node.label.name, body: reader.statement(node.body) };
    case "WithStatement":
      return { ...part, kind: "with", object: reader.expression(node.object), body: reader.statement(node.body) };
    case "ExportNamedDeclaration":
      for (const specifier of node.source ? [] : node.specifiers) {
        if (specifier.type === "ExportSpecifier") reader.refer(specifier.local.name, specifier.local);
      }
      return {
        ...part,
        kind: "export",
        declaration: node.declaration ? reader.statement(node.declaration) : null,
        expression: null,
      };
    case "ExportDefaultDeclaration": {
      const { declaration } = node;
      const isStatement = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
      if (isStatement) return { ...part, kind: "export", declaration: reader.statement(declaration), expression: null };
      if (declaration.type === "TSDeclareFunction") return { ...part, kind: "nothing" };
      return { ...part, kind: "export", declaration: null, expression: reader.expression(declaration) };
    }
    case "TSExportAssignment":
      return { ...part, kind: "export", declaration: null, expression: reader.expression(node.expression) };
    case "TSEnumDeclaration": {
      reader.bind(node.id);
      const members = node.body?.members ?? node.members;
      return { ...part, kind: "enum", parts: members.flatMap((member) => reader.optional(member.initializer) ?? []) };
    }
    case "TSModuleDeclaration":
      return readNamespace(node, reader);
    case "EmptyStatement":
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
    case "TSImportEqualsDeclaration":
    case "TSNamespaceExportDeclaration":
      return { ...part, kind: "nothing" };
    default:
      return { ...part, kind: "unknown", type: node.type };
  }
}

/** The update, or the place before the parenthesis that closes the head. */
function updateRangeOf(node: B.ForStatement, text: string): Range {
  const { update, test, init, start } = node;
  if (update) return { start: update.start!, end: update.end! };
  const end = headEnd(node, (test ?? init)?.end ?? start!, text);
  return { start: end, end };
}

/** Offset of the parenthesis that closes the head of a loop, given the end of what stands last in it. */
function headEnd({ body }: B.ForStatement | B.WhileStatement, from: number, text: string): number {
  return lastToken(text, ")", { start: from, end: body.start! })!.start;
}

function readVariables(node: B.VariableDeclaration, reader: TreeReader): Statement<B.Node, "variable"> {
  return {
    ...reader.part(node),
    kind: "variable",
    form: node.kind,
    declarators: node.declarations.map(({ id, init }) => ({
      names: reader.bind(id),
      name: id.type === "Identifier" ? id.name : null,
      pattern: id.type === "Identifier" ? null : reader.target(id),
      init: reader.optional(init),
    })),
  };
}

function readForInit(
  node: B.VariableDeclaration | B.Expression,
  reader: TreeReader,
): Statement<B.Node, "variable" | "expression"> {
  if (node.type === "VariableDeclaration") return readVariables(node, reader);
  return { ...reader.part(node), kind: "expression", expression: reader.expression(node) };
}

function readHandler(node: B.CatchClause, reader: TreeReader): HandlerOutline<B.Node> {
  const { param } = node;
  const type = param && "typeAnnotation" in param ? param.typeAnnotation : null;
  return {
    ...reader.part(node),
    names: param ? reader.bind(param) : [],
    parameter: param ? reader.target(param) : null,
    parameterRange: param ? { start: param.start!, end: Math.max(param.end!, type?.end ?? 0) } : null,
    block: reader.block(node.body),
  };
}

function readNamespace(node: B.TSModuleDeclaration, reader: TreeReader): Statement<B.Node> {
  const part: Part<B.Node> = reader.part(node);
  let body: B.Node | null | undefined = node.body;
  // Babel 7 nests `namespace a.b` as two declarations.
  while (body?.type === "TSModuleDeclaration") body = body.body;
  if (node.declare || body?.type !== "TSModuleBlock") return { ...part, kind: "nothing" };
  if (node.id.type === "Identifier") reader.bind(node.id);
  return { ...part, kind: "namespace", body: reader.statements(body.body) };
}
