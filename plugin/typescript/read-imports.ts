import type TS from "typescript";
import type { ImportOutline, Span } from "../core/outline.ts";
import type { Range } from "../core/source-text.ts";
import type { Node, TreeReader, Ts } from "./reader.ts";

/** One import with the names that it binds; those that are marks are not there. */
export function readImport(node: TS.ImportDeclaration, reader: TreeReader): ImportOutline {
  const { ts } = reader;
  const { importClause } = node;
  const names: ImportOutline["names"] = [];
  const typeOnly = importClause?.isTypeOnly ?? false;
  const add = (part: Node, imported: string, local: string, isType = typeOnly) => {
    if (!reader.isBlank(part)) names.push({ local, imported, ...spanOnly(reader.span(part)), typeOnly: isType });
  };
  if (importClause?.name) add(importClause.name, "default", importClause.name.text);
  const bindings = importClause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) add(bindings, "*", bindings.name.text);
  for (const specifier of bindings && ts.isNamedImports(bindings) ? bindings.elements : []) {
    add(
      specifier,
      (specifier.propertyName ?? specifier.name).text,
      specifier.name.text,
      typeOnly || specifier.isTypeOnly,
    );
  }
  return { ...reader.span(node), from: (node.moduleSpecifier as TS.StringLiteral).text, names };
}

function spanOnly({ start, end }: Span): Range {
  return { start, end };
}

/** Whether a statement makes its file a module. */
export function isModuleSyntax(node: TS.Statement, ts: Ts): boolean {
  if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) return true;
  if (ts.isExportDeclaration(node) || ts.isExportAssignment(node)) return true;
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
