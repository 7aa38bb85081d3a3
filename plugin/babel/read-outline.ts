import type * as B from "@babel/types";
import type { ImportOutline, Outline } from "../core/outline.ts";
import { readExpression } from "./read-expressions.ts";
import { readClass, readFunction } from "./read-functions.ts";
import { readStatement } from "./read-statements.ts";
import { readTarget } from "./read-targets.ts";
import { type Parts, type RowOf, TreeReader } from "./reader.ts";

const PARTS: Parts = {
  expression: readExpression,
  target: readTarget,
  statement: readStatement,
  fn: readFunction,
  cls: readClass,
};

/** A reader of one text, whose tree has lines of that text or, by `rowOf`, of the source that it was compiled from. */
export function createReader(text: string, rowOf: RowOf | null): TreeReader {
  return new TreeReader(text, rowOf, PARTS);
}

/** Babel's File -> Outline. Imports no Babel: the tree is all it needs, so the text back-end uses it too. */
export function readOutline(file: B.File, text: string, rowOf: RowOf | null = null): Outline<B.Node> {
  const reader = createReader(text, rowOf);
  const { program, comments } = file;
  const imports = program.body.flatMap((node) => (node.type === "ImportDeclaration" ? [readImport(node, reader)] : []));
  reader.scopes.watch(imports);
  const body = reader.statements(program.body);
  const { declaredNames, shadows, references } = reader.scopes;
  return {
    text,
    isModule: program.body.some((node) => /^(Import|Export|TSImportEquals|TSExportAssign)/.test(node.type)),
    directives: program.directives.map((directive) => reader.directive(directive)),
    body,
    imports,
    comments: (comments ?? []).map((comment) => ({ ...reader.span(comment), text: comment.value })),
    declaredNames,
    shadows,
    references,
  };
}

function readImport(node: B.ImportDeclaration, reader: TreeReader): ImportOutline {
  const names = node.specifiers.map((specifier) => ({
    local: specifier.local.name,
    imported: importedName(specifier),
    start: specifier.start!,
    end: specifier.end!,
    typeOnly: node.importKind === "type" || (specifier.type === "ImportSpecifier" && specifier.importKind === "type"),
  }));
  return { ...reader.span(node), from: node.source.value, names };
}

function importedName(specifier: B.ImportDeclaration["specifiers"][number]): string {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  if (specifier.type === "ImportNamespaceSpecifier") return "*";
  return specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
}
