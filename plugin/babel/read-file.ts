import type * as B from "@babel/types";
import type { SourceFile } from "../core/compile.ts";
import { findMarks, type Marks } from "../core/marks.ts";
import { maskDecorators, type TokenRange } from "../core/mask-decorators.ts";
import type { Outline } from "../core/outline.ts";
import { blankOut } from "../core/source-text.ts";
import { readExpression } from "./read-expressions.ts";
import { Reader, readOutline } from "./read-outline.ts";

/** Babel's parser with the file's own settings. */
export type Parse = (text: string, settings?: { tokens: boolean }) => B.File;

/** A file without its marks: the tree is of the text with each mark blanked, the outline is of that tree. */
export interface ReadFile {
  tree: B.File;
  outline: Outline<B.Node>;
  marks: Marks;
}

/** Parses a file, finds its marks, and parses again without them if there is more to blank than decorators. */
export function readFile(file: SourceFile, parse: Parse): ReadFile {
  const { text, origin } = file;
  const outlineOf = (tree: B.File, masked: string) => readOutline(tree, masked, origin?.rowOf ?? null);
  const decorated = maskDecorators(text, (masked) => {
    const tree = parse(masked, { tokens: true });
    return { tree, tokens: (tree.tokens ?? []) as TokenRange[] };
  });
  const decorators = decorated?.decorators ?? [];
  const tree = decorated?.tree ?? parse(text);
  const outline = outlineOf(tree, decorated?.masked ?? text);
  const marks = findMarks(outline, decorators, text, file.path, (options) => readOptions(options, parse));
  const isMasked = marks.masks.length === decorators.length && marks.masks.every((mask, i) => mask === decorators[i]);
  if (isMasked) return { tree, outline, marks };
  const masked = blankOut(text, marks.masks);
  const bare = parse(masked);
  return { tree: bare, outline: outlineOf(bare, masked), marks };
}

/** The text between the parentheses of a decorator; `null` if it is no expression. */
function readOptions(options: string, parse: Parse) {
  const text = `(${options})`;
  try {
    return { expression: readExpression(parseExpression(options, parse), new Reader(text, null)), text };
  } catch {
    return null;
  }
}

export function parseExpression(text: string, parse: Parse): B.Expression {
  return (parse(`(${text})`).program.body[0] as B.ExpressionStatement).expression;
}
