import type * as B from "@babel/types";
import { maskDecorators, type TokenRange } from "../core/mask-decorators.ts";
import { type Reading, readMarked } from "../core/read-file.ts";
import { blankOut, type Range } from "../core/source-text.ts";
import { createReader, readOutline } from "./read-outline.ts";
import type { RowOf } from "./reader.ts";

/** Babel's parser with the file's own settings. */
export type Parse = (text: string, settings?: { tokens: boolean }) => B.File;

/** A file without its marks: the tree is of the text with each mark blanked, the outline is of that tree. */
export interface ReadFile extends Reading<B.Node> {
  tree: B.File;
}

/** Parses a file, finds its marks, and parses again without them if there is more to blank than decorators. */
export function readFile(file: { text: string; path: string }, rowOf: RowOf | null, parse: Parse): ReadFile {
  const { text } = file;
  const decorated = maskFile(text, parse);
  const decorators = decorated?.decorators ?? [];
  let tree = decorated?.tree ?? parse(text);
  let masks: readonly Range[] = decorators;
  const reading = readMarked(
    {
      decorators,
      outlineWithout(ranges) {
        const masked = blankOut(text, ranges);
        if (ranges !== masks) [tree, masks] = [parse(masked), ranges];
        return readOutline(tree, masked, rowOf);
      },
      parseOptions: (options) => readOptions(options, parse),
    },
    file,
  );
  return { ...reading, tree };
}

/** The tree of a text without the decorators above its functions; `null` if there is none. */
export function maskFile(text: string, parse: Parse) {
  return maskDecorators(text, (masked) => {
    const parsed = parse(masked, { tokens: true });
    return { tree: parsed, tokens: (parsed.tokens ?? []) as TokenRange[] };
  });
}

/** The text between the parentheses of a decorator; `null` if it is no expression. */
function readOptions(options: string, parse: Parse) {
  const text = `(${options})`;
  let parsed: B.Expression;
  try {
    parsed = parseExpression(options, parse);
  } catch {
    return null;
  }
  return { expression: createReader(text, null).expression(parsed), text };
}

export function parseExpression(text: string, parse: Parse): B.Expression {
  return (parse(`(${text})`).program.body[0] as B.ExpressionStatement).expression;
}
