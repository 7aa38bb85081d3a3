import type * as B from "@babel/types";
import type { Statement, VariableStatement } from "../core/outline.ts";
import { readExpression, readTarget } from "./read-expressions.ts";
import type { Reader } from "./read-outline.ts";

/** Babel statement or module declaration -> Statement. */
export function readStatement(node: B.Statement, reader: Reader): Statement<B.Node> {
  const part = reader.part(node);
  const expression = (child: B.Expression) => readExpression(child, reader);
  const optional = (child: B.Expression | null | undefined) => (child ? readExpression(child, reader) : null);
  const statement = (child: B.Statement) => readStatement(child, reader);

  switch (node.type) {
    case "ExpressionStatement":
      return { ...part, kind: "expression", expression: expression(node.expression) };
    case "VariableDeclaration":
      return node.declare ? { ...part, kind: "nothing" } : readVariables(node, reader);
    case "FunctionDeclaration":
      return { ...part, kind: "function", fn: reader.readFunction(node) };
    case "ClassDeclaration":
      if (node.declare) return { ...part, kind: "nothing" };
      return { ...part, kind: "class", cls: reader.readClass(node) };
    case "ReturnStatement":
      return { ...part, kind: "return", argument: optional(node.argument) };
    case "ThrowStatement":
      return { ...part, kind: "throw", argument: expression(node.argument) };
    case "BreakStatement":
      return { ...part, kind: "break", label: node.label?.name ?? null };
    case "ContinueStatement":
      return { ...part, kind: "continue", label: node.label?.name ?? null };
    case "DebuggerStatement":
      return { ...part, kind: "debugger" };
    case "BlockStatement":
      return { ...reader.block(node), kind: "block" };
    case "IfStatement": {
      const alternate = node.alternate ? statement(node.alternate) : null;
      return { ...part, kind: "if", test: expression(node.test), consequent: statement(node.consequent), alternate };
    }
    case "ForStatement":
      return {
        ...part,
        kind: "for",
        init: node.init ? readForInit(node.init, reader) : null,
        test: optional(node.test),
        update: optional(node.update),
        body: statement(node.body),
      };
    case "ForOfStatement":
    case "ForInStatement":
      return {
        ...part,
        kind: "forEach",
        form: node.type === "ForInStatement" ? "in" : node.await ? "await" : "of",
        left:
          node.left.type === "VariableDeclaration" ? readVariables(node.left, reader) : readTarget(node.left, reader),
        right: expression(node.right),
        body: statement(node.body),
      };
    case "WhileStatement":
      return { ...part, kind: "while", test: expression(node.test), body: statement(node.body) };
    case "DoWhileStatement":
      return { ...part, kind: "doWhile", test: expression(node.test), body: statement(node.body) };
    case "SwitchStatement": {
      const cases = node.cases.map((clause) => ({
        ...reader.part(clause),
        test: optional(clause.test),
        body: clause.consequent.map(statement),
      }));
      return { ...part, kind: "switch", discriminant: expression(node.discriminant), cases };
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
      return { ...part, kind: "label", name: node.label.name, body: statement(node.body) };
    case "WithStatement":
      return { ...part, kind: "with", object: expression(node.object), body: statement(node.body) };
    case "ExportNamedDeclaration":
      for (const specifier of node.source ? [] : node.specifiers) {
        if (specifier.type === "ExportSpecifier") reader.refer(specifier.local.name, specifier.local);
      }
      return {
        ...part,
        kind: "export",
        declaration: node.declaration ? statement(node.declaration) : null,
        expression: null,
      };
    case "ExportDefaultDeclaration": {
      const { declaration } = node;
      const isStatement = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
      if (isStatement) return { ...part, kind: "export", declaration: statement(declaration), expression: null };
      if (declaration.type === "TSDeclareFunction") return { ...part, kind: "nothing" };
      return { ...part, kind: "export", declaration: null, expression: expression(declaration as B.Expression) };
    }
    case "TSExportAssignment":
      return { ...part, kind: "export", declaration: null, expression: expression(node.expression) };
    case "TSEnumDeclaration": {
      reader.bind(node.id);
      const members = node.body?.members ?? node.members;
      return { ...part, kind: "enum", parts: members.flatMap((member) => optional(member.initializer) ?? []) };
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
  }
  return { ...part, kind: "unknown", type: node.type };
}

function readVariables(node: B.VariableDeclaration, reader: Reader): VariableStatement<B.Node> {
  return {
    ...reader.part(node),
    kind: "variable",
    form: node.kind as VariableStatement<B.Node>["form"],
    declarators: node.declarations.map(({ id, init }) => ({
      names: reader.bind(id),
      name: id.type === "Identifier" ? id.name : null,
      pattern: id.type === "Identifier" ? null : readTarget(id, reader),
      init: init ? readExpression(init, reader) : null,
    })),
  };
}

function readForInit(node: B.VariableDeclaration | B.Expression, reader: Reader): Statement<B.Node> {
  if (node.type === "VariableDeclaration") return readVariables(node, reader);
  return { ...reader.part(node), kind: "expression", expression: readExpression(node, reader) };
}

function readHandler(node: B.CatchClause, reader: Reader) {
  return {
    ...reader.part(node),
    names: node.param ? reader.bind(node.param) : [],
    parameter: node.param ? readTarget(node.param, reader) : null,
    block: reader.block(node.body),
  };
}

function readNamespace(node: B.TSModuleDeclaration, reader: Reader): Statement<B.Node> {
  const part = reader.part(node);
  let body: B.Node | null | undefined = node.body;
  // Babel 7 nests `namespace a.b` as two declarations.
  while (body?.type === "TSModuleDeclaration") body = body.body;
  if (node.declare || body?.type !== "TSModuleBlock") return { ...part, kind: "nothing" };
  if (node.id.type === "Identifier") reader.bind(node.id);
  return { ...part, kind: "namespace", body: body.body.map((child) => readStatement(child, reader)) };
}
