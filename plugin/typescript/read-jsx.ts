import type TS from "typescript";
import type { Expression } from "../core/outline.ts";
import { readExpression } from "./read-expressions.ts";
import type { Node, Reader } from "./read-outline.ts";

type JsxParts = { expression: Expression<Node>; braced: boolean }[];

/** What runs in a JSX element, in order; text and empty braces do not. */
export function readJsxParts(
  node: TS.JsxElement | TS.JsxSelfClosingElement | TS.JsxFragment,
  reader: Reader,
): JsxParts {
  const { ts } = reader;
  const parts: JsxParts = [];
  const add = (child: Node, braced: boolean) => parts.push({ expression: readExpression(child, reader), braced });
  const addValue = (value: Node) => {
    if (!ts.isJsxExpression(value)) add(value, false);
    else if (value.expression) add(value.expression, true);
  };
  const opening = ts.isJsxElement(node) ? node.openingElement : ts.isJsxFragment(node) ? null : node;
  if (opening) readName(opening.tagName, reader);
  for (const attribute of opening?.attributes.properties ?? []) {
    if (ts.isJsxSpreadAttribute(attribute)) add(attribute.expression, true);
    else if (attribute.initializer && !ts.isStringLiteral(attribute.initializer)) addValue(attribute.initializer);
  }
  const children = ts.isJsxSelfClosingElement(node) ? [] : node.children;
  for (const child of children) if (!ts.isJsxText(child)) addValue(child);
  return parts;
}

/** `<profile.X/>` refers to `profile`. */
function readName(name: Node, reader: Reader): void {
  const { ts } = reader;
  if (ts.isPropertyAccessExpression(name)) readName(name.expression, reader);
  else if (ts.isIdentifier(name)) reader.refer(name.text, name);
}
