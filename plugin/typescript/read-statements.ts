import type TS from "typescript";
import type { HandlerOutline, Part, Statement } from "../core/outline.ts";
import { findToken, lastToken, nextToken, type Range } from "../core/source-text.ts";
import type { Node, TreeReader } from "./reader.ts";

/** TypeScript statement -> Statement. What is exported is one `export` statement round its declaration. */
export function readStatement(node: TS.Statement, reader: TreeReader): Statement<Node> {
  const { ts } = reader;
  const part = reader.part(node);
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported || ts.isImportEqualsDeclaration(node)) return readPlain(node, part, reader);
  const isDefault = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  // An overload of `export default function`.
  if (isDefault && ts.isFunctionDeclaration(node) && !node.body) return { ...part, kind: "nothing" };
  const declaration = readPlain(node, reader.partFrom(ownStart(node, modifiers, reader), node), reader);
  return { ...part, kind: "export", declaration, expression: null };
}

/** A declaration begins at its own first token, past `export` and `default`; decorators belong to it wherever they stand. */
function ownStart(node: TS.Statement, modifiers: readonly TS.Modifier[], reader: TreeReader): number {
  const { ts } = reader;
  const [decorator] = reader.decoratorsOf(node);
  if (decorator) return reader.startOf(decorator);
  const isExport = ({ kind }: TS.Modifier) =>
    kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;
  return nextToken(reader.text, modifiers.filter(isExport).at(-1)!.end);
}

function readPlain(node: TS.Statement, part: Part<Node>, reader: TreeReader): Statement<Node> {
  const { ts } = reader;
  const { SyntaxKind } = ts;
  if (isDeclared(node, reader)) return { ...part, kind: "nothing" };

  switch (node.kind) {
    case SyntaxKind.ExpressionStatement:
      return {
        ...part,
        kind: "expression",
        expression: reader.expression((node as TS.ExpressionStatement).expression),
      };
    case SyntaxKind.VariableStatement:
      return readVariables((node as TS.VariableStatement).declarationList, part, reader);
    case SyntaxKind.FunctionDeclaration: {
      const declaration = node as TS.FunctionDeclaration;
      if (!declaration.body) return { ...part, kind: "nothing" };
      return { ...part, kind: "function", fn: reader.fn(declaration, part) };
    }
    case SyntaxKind.ClassDeclaration:
      return { ...part, kind: "class", cls: reader.cls(node as TS.ClassDeclaration, part) };
    case SyntaxKind.ReturnStatement:
      return { ...part, kind: "return", argument: reader.optional((node as TS.ReturnStatement).expression) };
    case SyntaxKind.ThrowStatement:
      return { ...part, kind: "throw", argument: reader.expression((node as TS.ThrowStatement).expression) };
    case SyntaxKind.BreakStatement:
      return { ...part, kind: "break", label: (node as TS.BreakStatement).label?.text ?? null };
    case SyntaxKind.ContinueStatement:
      return { ...part, kind: "continue", label: (node as TS.ContinueStatement).label?.text ?? null };
    case SyntaxKind.DebuggerStatement:
      return { ...part, kind: "debugger" };
    case SyntaxKind.Block:
      return { ...reader.block(node as TS.Block), kind: "block" };
    case SyntaxKind.IfStatement: {
      const { expression: test, thenStatement, elseStatement } = node as TS.IfStatement;
      const alternate = elseStatement ? reader.statement(elseStatement) : null;
      return {
        ...part,
        kind: "if",
        test: reader.expression(test),
        consequent: reader.statement(thenStatement),
        alternate,
      };
    }
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForOfStatement:
    case SyntaxKind.ForInStatement:
    case SyntaxKind.WhileStatement:
    case SyntaxKind.DoStatement:
      return readLoop(node as TS.IterationStatement, part, reader);
    case SyntaxKind.SwitchStatement: {
      const { expression: discriminant, caseBlock } = node as TS.SwitchStatement;
      const cases = caseBlock.clauses.map((clause) => ({
        ...reader.part(clause),
        test: ts.isCaseClause(clause) ? reader.expression(clause.expression) : null,
        body: reader.statements(clause.statements),
        inside: insideOfCase(clause, reader),
      }));
      return { ...part, kind: "switch", discriminant: reader.expression(discriminant), cases };
    }
    case SyntaxKind.TryStatement: {
      const { tryBlock, catchClause, finallyBlock } = node as TS.TryStatement;
      return {
        ...part,
        kind: "try",
        block: reader.block(tryBlock),
        handler: catchClause ? readHandler(catchClause, reader) : null,
        finalizer: finallyBlock ? reader.block(finallyBlock) : null,
      };
    }
    case SyntaxKind.LabeledStatement: {
      const { label, statement: body } = node as TS.LabeledStatement;
      return { ...part, kind: "label", name: label.text, body: reader.statement(body) };
    }
    case SyntaxKind.WithStatement: {
      const { expression: object, statement: body } = node as TS.WithStatement;
      return { ...part, kind: "with", object: reader.expression(object), body: reader.statement(body) };
    }
    default:
      return readDeclaration(node, part, reader);
  }
}

/** What only TypeScript and modules have. */
function readDeclaration(node: TS.Statement, part: Part<Node>, reader: TreeReader): Statement<Node> {
  const { ts } = reader;
  if (ts.isExportDeclaration(node)) {
    const { exportClause, moduleSpecifier } = node;
    if (!exportClause) return { ...part, kind: "nothing" };
    if (!moduleSpecifier && ts.isNamedExports(exportClause)) {
      for (const { propertyName, name } of exportClause.elements)
        reader.refer((propertyName ?? name).text, propertyName ?? name);
    }
    return { ...part, kind: "export", declaration: null, expression: null };
  }
  if (ts.isExportAssignment(node)) {
    return { ...part, kind: "export", declaration: null, expression: reader.expression(node.expression) };
  }
  if (ts.isEnumDeclaration(node)) {
    reader.bind(node.name);
    const parts = node.members.flatMap(({ initializer }) => (initializer ? [reader.expression(initializer)] : []));
    return { ...part, kind: "enum", parts };
  }
  if (ts.isModuleDeclaration(node)) return readNamespace(node, part, reader);
  const isNothing =
    ts.isEmptyStatement(node) ||
    ts.isImportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isNamespaceExportDeclaration(node);
  return isNothing ? { ...part, kind: "nothing" } : { ...part, kind: "unknown", type: ts.SyntaxKind[node.kind] };
}

/** From behind the colon. */
function insideOfCase(clause: TS.CaseOrDefaultClause, reader: TreeReader): Range {
  const from = reader.ts.isCaseClause(clause) ? clause.expression.end : reader.startOf(clause);
  return { start: findToken(reader.text, ":", from)!.end, end: reader.span(clause).end };
}

function readLoop(node: TS.IterationStatement, part: Part<Node>, reader: TreeReader): Statement<Node> {
  const { ts } = reader;
  if (ts.isForStatement(node)) {
    const { initializer, condition, incrementor } = node;
    const init = initializer ? readForInit(initializer, reader) : null;
    const [test, update] = [reader.optional(condition), reader.optional(incrementor)];
    const updateRange = updateRangeOf(node, part, reader);
    return { ...part, kind: "for", init, test, update, updateRange, body: reader.statement(node.statement) };
  }
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    const { initializer } = node;
    const isDeclaration = ts.isVariableDeclarationList(initializer);
    const left = isDeclaration
      ? readVariables(initializer, reader.part(initializer), reader)
      : reader.target(initializer);
    const form = ts.isForInStatement(node) ? "in" : node.awaitModifier ? "await" : "of";
    const right = reader.expression(node.expression);
    return { ...part, kind: "forEach", form, left, right, body: reader.statement(node.statement) };
  }
  const { expression } = node as TS.WhileStatement | TS.DoStatement;
  const [test, body] = [reader.expression(expression), reader.statement(node.statement)];
  if (!ts.isWhileStatement(node)) return { ...part, kind: "doWhile", test, body };
  const keyword = { start: part.start, end: part.start + "while".length };
  const head = { start: findToken(reader.text, "(", keyword.end)!.end, end: headEnd(node, expression.end, reader) };
  return { ...part, kind: "while", test, body, keyword, head };
}

/** The update, or the place before the parenthesis that closes the head. */
function updateRangeOf(node: TS.ForStatement, part: Part<Node>, reader: TreeReader): Range {
  const { initializer, condition, incrementor } = node;
  if (incrementor) return reader.range(reader.bare(incrementor));
  const end = headEnd(node, (condition ?? initializer)?.end ?? part.start, reader);
  return { start: end, end };
}

/** Offset of the parenthesis that closes the head of a loop, given the end of what stands last in it. */
function headEnd({ statement }: TS.IterationStatement, from: number, reader: TreeReader): number {
  return lastToken(reader.text, ")", { start: from, end: reader.startOf(statement) })!.start;
}

function isDeclared(node: TS.Statement, { ts }: TreeReader): boolean {
  const modifiers = ts.canHaveModifiers(node) && !ts.isEnumDeclaration(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function readVariables(
  list: TS.VariableDeclarationList,
  part: Part<Node>,
  reader: TreeReader,
): Statement<Node, "variable"> {
  const { ts } = reader;
  const isName = (name: TS.BindingName) => ts.isIdentifier(name);
  return {
    ...part,
    kind: "variable",
    form: formOf(list, reader),
    declarators: list.declarations.map(({ name, initializer }) => ({
      names: reader.bind(name),
      name: ts.isIdentifier(name) ? name.text : null,
      pattern: isName(name) ? null : reader.target(name),
      init: reader.optional(initializer),
    })),
  };
}

function formOf(
  { flags }: TS.VariableDeclarationList,
  { ts: { NodeFlags } }: TreeReader,
): Statement<Node, "variable">["form"] {
  switch (flags & NodeFlags.BlockScoped) {
    case NodeFlags.Let:
      return "let";
    case NodeFlags.Const:
      return "const";
    case NodeFlags.Using:
      return "using";
    case NodeFlags.AwaitUsing:
      return "await using";
    default:
      return "var";
  }
}

function readForInit(node: TS.ForInitializer, reader: TreeReader): Statement<Node, "variable" | "expression"> {
  if (reader.ts.isVariableDeclarationList(node)) return readVariables(node, reader.part(node), reader);
  const expression = reader.expression(node);
  const { start, end, line, endLine } = expression;
  return { start, end, line, endLine, node: expression.node, kind: "expression", expression };
}

function readHandler(node: TS.CatchClause, reader: TreeReader): HandlerOutline<Node> {
  const { variableDeclaration } = node;
  const name = variableDeclaration?.name;
  return {
    ...reader.part(node),
    names: name ? reader.bind(name) : [],
    parameter: name ? reader.target(name) : null,
    parameterRange: variableDeclaration ? reader.range(variableDeclaration) : null,
    block: reader.block(node.block),
  };
}

function readNamespace(node: TS.ModuleDeclaration, part: Part<Node>, reader: TreeReader): Statement<Node> {
  const { ts } = reader;
  let body: Node | undefined = node.body;
  // `namespace a.b` is two declarations.
  while (body && ts.isModuleDeclaration(body)) body = body.body;
  if (!body || !ts.isModuleBlock(body)) return { ...part, kind: "nothing" };
  if (ts.isIdentifier(node.name)) reader.bind(node.name);
  return { ...part, kind: "namespace", body: reader.statements(body.statements) };
}
