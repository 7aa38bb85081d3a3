import type * as B from "@babel/types";
import { createExpression } from "../core/expressions.ts";
import type { Expression } from "../core/outline.ts";
import type { TreeReader } from "./reader.ts";

/** A pattern or assignment target: only what runs in it, defaults, computed keys and the objects of member targets. */
export function readTarget(node: B.Node, reader: TreeReader): Expression<B.Node> {
  const part = reader.part(node);
  if (node.type === "Identifier") return createExpression(part, "name", {});
  let worksItself = false;
  const parts: Expression<B.Node>[] = [];
  visit(node);
  return createExpression(part, "whole", { worksItself, parts });

  function visit(target: B.Node | null): void {
    switch (target?.type) {
      case undefined:
      case "Identifier":
        return;
      case "ArrayPattern":
        worksItself = true;
        target.elements.forEach(visit);
        return;
      case "ObjectPattern":
        target.properties.forEach(property);
        return;
      case "RestElement":
        worksItself = true;
        visit(target.argument);
        return;
      case "AssignmentPattern":
        parts.push(reader.expression(target.right));
        visit(target.left);
        return;
      case "TSParameterProperty":
        visit(target.parameter);
        return;
      default:
        parts.push(reader.expression(target!));
    }
  }

  function property(written: B.ObjectPattern["properties"][number]): void {
    if (written.type === "RestElement") return visit(written);
    if (written.computed) parts.push(reader.expression(written.key));
    visit(written.value);
  }
}
