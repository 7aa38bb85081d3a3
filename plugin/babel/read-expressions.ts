import type * as B from "@babel/types";
import { createExpression } from "../core/expressions.ts";
import type { Expression, PropertyOutline } from "../core/outline.ts";
import { readJsx } from "./read-jsx.ts";
import { keyName, type TreeReader } from "./reader.ts";

/** Babel expression, pattern or JSX -> Expression. Unknown node types become `unknown`: the plan leaves their function alone. */
export function readExpression(node: B.Node, reader: TreeReader): Expression<B.Node> {
  const part = reader.part(node);
  switch (node.type) {
    case "Identifier":
      reader.refer(node.name, node);
      return createExpression(part, "name", {});
    case "ThisExpression":
    case "Super":
    case "MetaProperty":
    case "PrivateName":
    case "Import":
      return createExpression(part, "name", {});
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
    case "BigIntLiteral":
    case "RegExpLiteral":
      return createExpression(part, "constant", {});
    case "TemplateLiteral":
      if (node.expressions.length === 0) return createExpression(part, "constant", {});
      return createExpression(part, "template", { holes: reader.expressions(node.expressions) });
    case "TaggedTemplateExpression": {
      const tag = reader.expression(node.tag);
      return createExpression(part, "tagged", { tag, holes: reader.expressions(node.quasi.expressions) });
    }
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ObjectMethod":
      return createExpression(part, "function", { fn: reader.fn(node) });
    case "ClassExpression":
      return createExpression(part, "class", { cls: reader.cls(node) });
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return readCall(node, reader);
    case "ImportExpression": {
      const args = reader.expressions([node.source, node.options ?? null]);
      const call = { form: "import", callee: null, args, chained: false, directEval: false } as const;
      return createExpression(part, "call", call);
    }
    case "MemberExpression":
    case "OptionalMemberExpression":
      return createExpression(part, "member", {
        object: reader.expression(node.object),
        property: node.computed ? reader.expression(node.property) : null,
        propertyLine: reader.span(node.property).line,
        chained: node.type === "OptionalMemberExpression",
        ofSuper: node.object.type === "Super",
      });
    case "ArrayExpression":
      return createExpression(part, "array", { elements: reader.expressions(node.elements) });
    case "ObjectExpression": {
      const properties = node.properties.map((property) => readProperty(property, reader));
      return createExpression(part, "object", { properties });
    }
    case "ConditionalExpression": {
      const [test, consequent] = [reader.expression(node.test), reader.expression(node.consequent)];
      return createExpression(part, "conditional", { test, consequent, alternate: reader.expression(node.alternate) });
    }
    case "BinaryExpression":
    case "LogicalExpression":
      return readBinary(node, reader);
    case "AssignmentExpression": {
      const logical = ["||=", "&&=", "??="].includes(node.operator);
      const name = targetName(node.left, reader.text);
      const target = reader.target(node.left);
      return createExpression(part, "assign", { logical, target, value: reader.expression(node.right), name });
    }
    case "SequenceExpression":
      return createExpression(part, "sequence", { items: reader.expressions(node.expressions) });
    case "AwaitExpression":
      return createExpression(part, "await", { argument: reader.expression(node.argument) });
    case "YieldExpression":
      return createExpression(part, "yield", { delegate: node.delegate, argument: reader.optional(node.argument) });
    case "SpreadElement":
      return createExpression(part, "spread", { argument: reader.expression(node.argument) });
    case "UnaryExpression":
      return readUnary(node, reader);
    case "UpdateExpression":
      return createExpression(part, "whole", { worksItself: false, parts: [reader.expression(node.argument)] });
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "TypeCastExpression":
    case "ParenthesizedExpression":
      return createExpression(part, "pass", { argument: reader.expression(node.expression) });
    case "ObjectPattern":
    case "ArrayPattern":
    case "AssignmentPattern":
    case "RestElement":
    case "TSParameterProperty":
      return reader.target(node);
    case "JSXElement":
    case "JSXFragment":
      return createExpression(part, "jsx", readJsx(node, reader));
    default:
      return createExpression(part, "unknown", { type: node.type });
  }
}

function readCall(
  node: B.CallExpression | B.OptionalCallExpression | B.NewExpression,
  reader: TreeReader,
): Expression<B.Node> {
  const { callee } = node;
  const isImport = callee.type === "Import";
  return createExpression(reader.part(node), "call", {
    form: isImport ? "import" : node.type === "NewExpression" ? "new" : "call",
    callee: isImport ? null : reader.expression(callee),
    args: reader.expressions(node.arguments),
    chained: node.type === "OptionalCallExpression",
    directEval: node.type !== "NewExpression" && callee.type === "Identifier" && callee.name === "eval",
  });
}

/** A chain of operators leans to the left, as deep as it is long: it is followed down, not recursed into. */
function readBinary(node: B.BinaryExpression | B.LogicalExpression, reader: TreeReader): Expression<B.Node> {
  const links: (B.BinaryExpression | B.LogicalExpression)[] = [];
  let first: B.Node = node;
  while (first.type === "BinaryExpression" || first.type === "LogicalExpression") {
    links.push(first);
    first = first.left;
  }
  const start = reader.expression(first);
  const rest = links
    .reverse()
    .map(({ type, right }) => ({ operand: reader.expression(right), logical: type === "LogicalExpression" }));
  return createExpression(reader.part(node), "binary", { first: start, rest });
}

function readUnary(node: B.UnaryExpression, reader: TreeReader): Expression<B.Node> {
  const part = reader.part(node);
  if (node.operator === "throw") return createExpression(part, "unknown", { type: "throw expression" });
  const argument = reader.expression(node.argument);
  if (node.operator === "delete" || (node.operator === "typeof" && node.argument.type === "Identifier"))
    return createExpression(part, "whole", { worksItself: false, parts: [argument] });
  return createExpression(part, "pass", { argument });
}

function readProperty(
  node: B.ObjectProperty | B.ObjectMethod | B.SpreadElement,
  reader: TreeReader,
): PropertyOutline<B.Node> {
  const part = reader.part(node);
  if (node.type === "SpreadElement") return { ...part, name: null, key: null, value: reader.expression(node) };
  const key = node.computed ? reader.expression(node.key) : null;
  const value = reader.expression(node.type === "ObjectMethod" ? node : node.value);
  return { ...part, name: keyName(node.key, node.computed), key, value };
}

/** `exports.run` for `exports.run = …`; `null` for anything longer than names and dots. */
function targetName(node: B.Node, text: string): string | null {
  const written = text.slice(node.start!, node.end!);
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.#]*$/u.test(written) ? written : null;
}
