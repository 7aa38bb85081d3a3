import type * as B from "@babel/types";
import type { ExpressionShapes } from "../core/outline.ts";
import type { TreeReader } from "./reader.ts";

/** What runs in a JSX element, in order; text and empty braces do not. */
export function readJsx(node: B.JSXElement | B.JSXFragment, reader: TreeReader): ExpressionShapes<B.Node>["jsx"] {
  const parts: ExpressionShapes<B.Node>["jsx"]["parts"] = [];
  const opening = node.type === "JSXElement" ? node.openingElement : null;
  if (opening) referToName(opening.name, reader);
  for (const attribute of opening?.attributes ?? []) {
    if (attribute.type === "JSXSpreadAttribute") add(attribute.argument, true);
    else if (attribute.value && attribute.value.type !== "StringLiteral") addValue(attribute.value);
  }
  for (const child of node.children) if (child.type !== "JSXText") addValue(child);
  return { parts, element: opening && elementOf(opening, reader.text) };

  function addValue(value: B.Node): void {
    if (value.type === "JSXSpreadChild") add(value.expression, true);
    else if (value.type !== "JSXExpressionContainer") add(value, false);
    else if (value.expression.type !== "JSXEmptyExpression") add(value.expression, true);
  }

  function add(child: B.Node, braced: boolean): void {
    parts.push({ expression: reader.expression(child), braced });
  }
}

function elementOf({ name, attributes }: B.JSXOpeningElement, text: string) {
  const written = (node: B.Node) => text.slice(node.start!, node.end!);
  const names = attributes.flatMap((each) => (each.type === "JSXAttribute" ? [written(each.name)] : []));
  return { name: written(name), attributes: names };
}

/** `<profile.X/>` refers to `profile`. */
function referToName(name: B.Node, reader: TreeReader): void {
  if (name.type === "JSXMemberExpression") referToName(name.object, reader);
  else if (name.type === "JSXIdentifier") reader.refer(name.name, name);
}
