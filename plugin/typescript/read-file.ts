import type TS from "typescript";
import { findMarks, type Marks } from "../core/marks.ts";
import type { Expression, Outline } from "../core/outline.ts";
import { findDecorators } from "./lift-marks.ts";
import { readExpression } from "./read-expressions.ts";
import { type Node, Reader, readOutline, type Ts } from "./read-outline.ts";

/** A file's outline without its marks; the tree still has them. */
export interface ReadFile {
  outline: Outline<Node>;
  marks: Marks;
  /** Names of marks that the code refers to, decorators apart. */
  callNames: ReadonlySet<string>;
  /** One of them is neither imported nor declared. */
  isAmbient: boolean;
}

/** Reads a file, finds its marks, and reads it again without them if there is more to look through than decorators. */
export function readFile(file: TS.SourceFile, path: string, ts: Ts): ReadFile {
  const decorators = findDecorators(file, ts);
  const outline = readOutline(file, ts, decorators);
  const marks = findMarks(outline, decorators, file.text, path, (text) => readOptions(text, ts));
  const isMasked = marks.masks.length === decorators.length && marks.masks.every((mask, i) => mask === decorators[i]);
  const callNames = new Set(outline.references.keys());
  const imported = outline.imports.flatMap(({ names }) => names.map(({ local }) => local));
  const isKnown = (name: string) => outline.shadows.has(name) || imported.includes(name);
  return {
    outline: isMasked ? outline : readOutline(file, ts, marks.masks),
    marks,
    callNames,
    isAmbient: [...callNames].some((name) => !isKnown(name)),
  };
}

/** The text between the parentheses of a decorator; `null` if it is no expression. */
function readOptions(options: string, ts: Ts): { expression: Expression<unknown>; text: string } | null {
  const text = `(${options})`;
  const file = ts.createSourceFile("options.ts", text, ts.ScriptTarget.Latest);
  const [statement] = file.statements;
  if (hasSyntaxErrors(file) || !statement || !ts.isExpressionStatement(statement)) return null;
  return { expression: readExpression(statement.expression, new Reader(file, ts, [])), text };
}

/** The tree of a text with errors says nothing sure; TypeScript reports them itself. */
export function hasSyntaxErrors(file: TS.SourceFile): boolean {
  return ((file as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length ?? 0) > 0;
}
