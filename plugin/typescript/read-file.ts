import type TS from "typescript";
import type { Expression, Outline } from "../core/outline.ts";
import { type Reading, readMarked } from "../core/read-file.ts";
import { findDecorators } from "./lift-marks.ts";
import { createReader, readOutline } from "./read-outline.ts";
import type { Node, Ts } from "./reader.ts";

/** A file's outline without its marks; the tree still has them. */
export interface ReadFile extends Reading<Node> {
  /** Names of marks that the code refers to, decorators apart. */
  callNames: ReadonlySet<string>;
  /** One of them is neither imported nor declared. */
  isAmbient: boolean;
}

/** Reads a file, finds its marks, and reads it again without them if there is more to look through than decorators. */
export function readFile(file: TS.SourceFile, path: string, ts: Ts): ReadFile {
  const decorators = findDecorators(file, ts);
  let first: Outline<Node> | null = null;
  const reading = readMarked(
    {
      decorators,
      outlineWithout(ranges) {
        const outline = readOutline(file, ts, ranges);
        first ??= outline;
        return outline;
      },
      parseOptions: (text) => readOptions(text, ts),
    },
    { path, text: file.text },
  );
  const { references, imports, shadows } = first ?? reading.outline;
  const callNames = new Set(references.keys());
  const imported = imports.flatMap(({ names }) => names.map(({ local }) => local));
  const isKnown = (name: string) => shadows.has(name) || imported.includes(name);
  return { ...reading, callNames, isAmbient: [...callNames].some((name) => !isKnown(name)) };
}

/** The text between the parentheses of a decorator; `null` if it is no expression. */
function readOptions(options: string, ts: Ts): { expression: Expression<unknown>; text: string } | null {
  const text = `(${options})`;
  const file = ts.createSourceFile("options.ts", text, ts.ScriptTarget.Latest);
  const [statement] = file.statements;
  if (hasSyntaxErrors(file) || !statement || !ts.isExpressionStatement(statement)) return null;
  return { expression: createReader(file, ts).expression(statement.expression), text };
}

/** The tree of a text with errors says nothing sure; TypeScript reports them itself. */
export function hasSyntaxErrors(file: TS.SourceFile): boolean {
  return ((file as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics?.length ?? 0) > 0;
}
