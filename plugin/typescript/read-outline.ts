import type TS from "typescript";
import type { Outline } from "../core/outline.ts";
import type { Range } from "../core/source-text.ts";
import { readComments } from "./read-comments.ts";
import { readExpression } from "./read-expressions.ts";
import { readClass, readFunction } from "./read-functions.ts";
import { isModuleSyntax, readImport } from "./read-imports.ts";
import { readStatement } from "./read-statements.ts";
import { readTarget } from "./read-targets.ts";
import { type Node, type Parts, TreeReader, type Ts } from "./reader.ts";

const PARTS: Parts = {
  expression: readExpression,
  target: readTarget,
  statement: readStatement,
  fn: readFunction,
  cls: readClass,
};

/** @param ranges marks, read as if they were blank */
export function createReader(file: TS.SourceFile, ts: Ts, ranges: readonly Range[] = []): TreeReader {
  return new TreeReader(file, ts, ranges, PARTS);
}

/** TypeScript's SourceFile -> Outline. Needs no parents and no types: the tree may be fresh from the parser. */
export function readOutline(file: TS.SourceFile, ts: Ts, ranges: readonly Range[] = []): Outline<Node> {
  const reader = createReader(file, ts, ranges);
  const statements = file.statements.filter((node) => !reader.isBlank(node));
  const imports = statements.flatMap((node) => (ts.isImportDeclaration(node) ? [readImport(node, reader)] : []));
  reader.scopes.watch(imports);
  const { directives, rest } = reader.splitDirectives(statements);
  const body = reader.statements(rest);
  const { declaredNames, shadows, references } = reader.scopes;
  return {
    text: reader.text,
    isModule: rest.some((node) => isModuleSyntax(node, ts)),
    directives,
    body,
    imports,
    comments: readComments(file, ts, reader),
    declaredNames,
    shadows,
    references,
  };
}
