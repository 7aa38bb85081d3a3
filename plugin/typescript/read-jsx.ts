import type TS from "typescript";
import type { ExpressionShapes } from "../core/outline.ts";
import type { Node, TreeReader } from "./reader.ts";

/** What runs in a JSX element, in order; text and empty braces do not. */
export function readJsx(
  node: TS.JsxElement | TS.JsxSelfClosingElement | TS.JsxFragment,
  reader: TreeReader,
): ExpressionShapes<Node>["jsx"] {
  const { ts } = reader;
  const parts: ExpressionShapes<Node>["jsx"]["parts"] = [];
  const add = (child: Node, braced: boolean) => parts.push({ expression: reader.expression(child), braced });
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
  return { parts, element: opening && elementOf(opening, reader) };
}

function elementOf({ tagName, attributes }: TS.JsxOpeningLikeElement, reader: TreeReader) {
  const written = (node: Node) => reader.text.slice(reader.startOf(node), node.end);
  const names = attributes.properties.flatMap((each) => (reader.ts.isJsxAttribute(each) ? [written(each.name)] : []));
  return { name: written(tagName), attributes: names };
}

/** `<profile.X/>` refers to `profile`. */
function readName(name: Node, reader: TreeReader): void {
  const { ts } = reader;
  if (ts.isPropertyAccessExpression(name)) readName(name.expression, reader);
  else if (ts.isIdentifier(name)) reader.refer(name.text, name);
}
