import type * as B from "@babel/types";
import type { Expression, PropertyOutline } from "../core/outline.ts";
import type { Reader } from "./read-outline.ts";

/** Babel expression, pattern or JSX -> Expression. Unknown node types become `unknown`: the plan leaves their function alone. */
export function readExpression(node: B.Node, reader: Reader): Expression<B.Node> {
  const part = reader.part(node);
  const read = (child: B.Node) => readExpression(child, reader);
  const readAll = (children: readonly (B.Node | null)[]) => children.flatMap((child) => (child ? [read(child)] : []));

  switch (node.type) {
    case "Identifier":
      reader.refer(node.name, node);
      return { ...part, kind: "name" };
    case "ThisExpression":
    case "Super":
    case "MetaProperty":
    case "PrivateName":
    case "Import":
      return { ...part, kind: "name" };
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
    case "BigIntLiteral":
    case "RegExpLiteral":
      return { ...part, kind: "constant" };
    case "TemplateLiteral":
      if (node.expressions.length === 0) return { ...part, kind: "constant" };
      return { ...part, kind: "template", holes: readAll(node.expressions) };
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ObjectMethod":
      return { ...part, kind: "function", fn: reader.readFunction(node) };
    case "ClassExpression":
      return { ...part, kind: "class", cls: reader.readClass(node) };
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return readCall(node, reader);
    case "ImportExpression":
      return {
        ...part,
        kind: "call",
        form: "import",
        callee: null,
        args: readAll([node.source, node.options ?? null]),
        chained: false,
        directEval: false,
      };
    case "MemberExpression":
    case "OptionalMemberExpression":
      return {
        ...part,
        kind: "member",
        object: read(node.object),
        property: node.computed ? read(node.property) : null,
        propertyLine: reader.span(node.property).line,
        chained: node.type === "OptionalMemberExpression",
        ofSuper: node.object.type === "Super",
      };
    case "ArrayExpression":
      return { ...part, kind: "array", elements: readAll(node.elements) };
    case "ObjectExpression":
      return { ...part, kind: "object", properties: node.properties.map((property) => readProperty(property, reader)) };
    case "ConditionalExpression": {
      const [test, consequent, alternate] = [read(node.test), read(node.consequent), read(node.alternate)];
      return { ...part, kind: "conditional", test, consequent, alternate };
    }
    case "BinaryExpression":
    case "LogicalExpression": {
      const logical = node.type === "LogicalExpression";
      return { ...part, kind: "binary", logical, left: read(node.left), right: read(node.right) };
    }
    case "AssignmentExpression": {
      const logical = ["||=", "&&=", "??="].includes(node.operator);
      const name = targetName(node.left, reader.text);
      return { ...part, kind: "assign", logical, target: readTarget(node.left, reader), value: read(node.right), name };
    }
    case "SequenceExpression":
      return { ...part, kind: "sequence", items: readAll(node.expressions) };
    case "AwaitExpression":
      return { ...part, kind: "await", argument: read(node.argument) };
    case "YieldExpression":
      return { ...part, kind: "yield", delegate: node.delegate, argument: node.argument ? read(node.argument) : null };
    case "SpreadElement":
      return { ...part, kind: "spread", argument: read(node.argument) };
    case "UnaryExpression":
      if (node.operator === "throw") break;
      if (node.operator === "delete" || (node.operator === "typeof" && node.argument.type === "Identifier")) {
        return { ...part, kind: "whole", works: false, parts: [read(node.argument)] };
      }
      return { ...part, kind: "pass", argument: read(node.argument) };
    case "UpdateExpression":
      return { ...part, kind: "whole", works: false, parts: [read(node.argument)] };
    case "TaggedTemplateExpression":
      return { ...part, kind: "whole", works: true, parts: readAll([node.tag, ...node.quasi.expressions]) };
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "TypeCastExpression":
    case "ParenthesizedExpression":
      return { ...part, kind: "pass", argument: read(node.expression) };
    case "ObjectPattern":
    case "ArrayPattern":
    case "AssignmentPattern":
    case "RestElement":
    case "TSParameterProperty":
      return readTarget(node, reader);
    case "JSXElement":
    case "JSXFragment":
      return { ...part, kind: "jsx", parts: readJsxParts(node, reader) };
  }
  return { ...part, kind: "unknown", type: node.type };
}

function readCall(
  node: B.CallExpression | B.OptionalCallExpression | B.NewExpression,
  reader: Reader,
): Expression<B.Node> {
  const { callee } = node;
  const isImport = callee.type === "Import";
  return {
    ...reader.part(node),
    kind: "call",
    form: isImport ? "import" : node.type === "NewExpression" ? "new" : "call",
    callee: isImport ? null : readExpression(callee, reader),
    args: node.arguments.map((argument) => readExpression(argument, reader)),
    chained: node.type === "OptionalCallExpression",
    directEval: node.type !== "NewExpression" && callee.type === "Identifier" && callee.name === "eval",
  };
}

function readProperty(
  node: B.ObjectProperty | B.ObjectMethod | B.SpreadElement,
  reader: Reader,
): PropertyOutline<B.Node> {
  const part = reader.part(node);
  if (node.type === "SpreadElement") return { ...part, name: null, key: null, value: readExpression(node, reader) };
  const key = node.computed ? readExpression(node.key, reader) : null;
  const value = readExpression(node.type === "ObjectMethod" ? node : node.value, reader);
  return { ...part, name: keyName(node.key, node.computed), key, value };
}

/** The name by which a member or property is shown; `null` when computed. */
export function keyName(key: B.Node, computed: boolean): string | null {
  if (computed) return null;
  if (key.type === "Identifier") return key.name;
  if (key.type === "PrivateName") return `#${key.id.name}`;
  if (key.type === "StringLiteral") return key.value;
  return key.type === "NumericLiteral" || key.type === "BigIntLiteral" ? String(key.value) : null;
}

/** `exports.run` for `exports.run = …`; `null` for anything longer than names and dots. */
function targetName(node: B.Node, text: string): string | null {
  const written = text.slice(node.start!, node.end!);
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.#]*$/u.test(written) ? written : null;
}

/** A pattern or assignment target: only what runs in it, defaults, computed keys and the objects of member targets. */
export function readTarget(node: B.Node, reader: Reader): Expression<B.Node> {
  const part = reader.part(node);
  if (node.type === "Identifier") return { ...part, kind: "name" };
  const found = { works: false, parts: [] as Expression<B.Node>[] };
  const visit = (target: B.Node | null): void => {
    switch (target?.type) {
      case undefined:
      case "Identifier":
        return;
      case "ArrayPattern":
        found.works = true;
        target.elements.forEach(visit);
        return;
      case "ObjectPattern":
        for (const property of target.properties) {
          if (property.type === "RestElement") visit(property);
          else {
            if (property.computed) found.parts.push(readExpression(property.key, reader));
            visit(property.value);
          }
        }
        return;
      case "RestElement":
        found.works = true;
        visit(target.argument);
        return;
      case "AssignmentPattern":
        found.parts.push(readExpression(target.right, reader));
        visit(target.left);
        return;
      case "TSParameterProperty":
        visit(target.parameter);
        return;
      default:
        found.parts.push(readExpression(target!, reader));
    }
  };
  visit(node);
  return { ...part, kind: "whole", ...found };
}

type JsxParts = { expression: Expression<B.Node>; braced: boolean }[];

function readJsxParts(node: B.JSXElement | B.JSXFragment, reader: Reader): JsxParts {
  const parts: JsxParts = [];
  const add = (child: B.Node, braced: boolean) => parts.push({ expression: readExpression(child, reader), braced });
  if (node.type === "JSXElement") {
    readJsxName(node.openingElement.name, reader);
    for (const attribute of node.openingElement.attributes) {
      if (attribute.type === "JSXSpreadAttribute") add(attribute.argument, true);
      else if (attribute.value?.type === "JSXExpressionContainer") addBraced(attribute.value.expression);
      else if (attribute.value && attribute.value.type !== "StringLiteral") add(attribute.value, false);
    }
  }
  for (const child of node.children) {
    if (child.type === "JSXExpressionContainer") addBraced(child.expression);
    else if (child.type === "JSXSpreadChild") add(child.expression, true);
    else if (child.type !== "JSXText") add(child, false);
  }
  return parts;

  function addBraced(expression: B.Node): void {
    if (expression.type !== "JSXEmptyExpression") add(expression, true);
  }
}

/** `<profile.X/>` refers to `profile`. */
function readJsxName(name: B.Node, reader: Reader): void {
  if (name.type === "JSXMemberExpression") readJsxName(name.object, reader);
  else if (name.type === "JSXIdentifier") reader.refer(name.name, name);
}
