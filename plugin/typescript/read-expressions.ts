import type TS from "typescript";
import { createExpression } from "../core/expressions.ts";
import type { Expression, PropertyOutline } from "../core/outline.ts";
import { readJsx } from "./read-jsx.ts";
import { type FunctionNode, keyName, type Node, type TreeReader, type Ts } from "./reader.ts";

/**
 * TypeScript expression or JSX, without parentheses round it -> Expression. Unknown kinds of node become `unknown`: the
 * plan leaves their function alone.
 */
export function readExpression(node: Node, reader: TreeReader): Expression<Node> {
  const { ts } = reader;
  const { SyntaxKind } = ts;
  const part = reader.part(node);

  switch (node.kind) {
    case SyntaxKind.Identifier:
      reader.refer((node as TS.Identifier).text, node);
      return createExpression(part, "name", {});
    case SyntaxKind.ThisKeyword:
    case SyntaxKind.SuperKeyword:
    case SyntaxKind.MetaProperty:
    case SyntaxKind.PrivateIdentifier:
    case SyntaxKind.ImportKeyword:
      return createExpression(part, "name", {});
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NumericLiteral:
    case SyntaxKind.TrueKeyword:
    case SyntaxKind.FalseKeyword:
    case SyntaxKind.NullKeyword:
    case SyntaxKind.BigIntLiteral:
    case SyntaxKind.RegularExpressionLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return createExpression(part, "constant", {});
    case SyntaxKind.TemplateExpression: {
      const { templateSpans } = node as TS.TemplateExpression;
      return createExpression(part, "template", {
        holes: templateSpans.map(({ expression }) => reader.expression(expression)),
      });
    }
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
      return createExpression(part, "function", { fn: reader.fn(node as FunctionNode) });
    case SyntaxKind.ClassExpression:
      return createExpression(part, "class", { cls: reader.cls(node as TS.ClassExpression) });
    case SyntaxKind.CallExpression:
    case SyntaxKind.NewExpression:
      return readCall(node as TS.CallExpression | TS.NewExpression, reader);
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
      return readMember(node as TS.PropertyAccessExpression | TS.ElementAccessExpression, reader);
    case SyntaxKind.ArrayLiteralExpression: {
      const elements = (node as TS.ArrayLiteralExpression).elements.filter(
        (element) => !ts.isOmittedExpression(element),
      );
      return createExpression(part, "array", { elements: reader.expressions(elements) });
    }
    case SyntaxKind.ObjectLiteralExpression: {
      const { properties } = node as TS.ObjectLiteralExpression;
      return createExpression(part, "object", {
        properties: properties.map((property) => readProperty(property, reader)),
      });
    }
    case SyntaxKind.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as TS.ConditionalExpression;
      const [test, consequent, alternate] = [
        reader.expression(condition),
        reader.expression(whenTrue),
        reader.expression(whenFalse),
      ];
      return createExpression(part, "conditional", { test, consequent, alternate });
    }
    case SyntaxKind.BinaryExpression:
      return readBinary(node as TS.BinaryExpression, reader);
    case SyntaxKind.AwaitExpression:
      return createExpression(part, "await", { argument: reader.expression((node as TS.AwaitExpression).expression) });
    case SyntaxKind.YieldExpression: {
      const { expression, asteriskToken } = node as TS.YieldExpression;
      const delegate = asteriskToken !== undefined;
      return createExpression(part, "yield", { delegate, argument: reader.optional(expression) });
    }
    case SyntaxKind.SpreadElement:
    case SyntaxKind.SpreadAssignment:
      return createExpression(part, "spread", { argument: reader.expression((node as TS.SpreadElement).expression) });
    case SyntaxKind.PrefixUnaryExpression:
    case SyntaxKind.PostfixUnaryExpression: {
      const { operator, operand } = node as TS.PrefixUnaryExpression;
      const isUpdate = operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
      if (isUpdate) return createExpression(part, "whole", { worksItself: false, parts: [reader.target(operand)] });
      return createExpression(part, "pass", { argument: reader.expression(operand) });
    }
    case SyntaxKind.DeleteExpression:
      return createExpression(part, "whole", {
        worksItself: false,
        parts: [reader.expression((node as TS.DeleteExpression).expression)],
      });
    case SyntaxKind.TypeOfExpression: {
      const argument = reader.expression((node as TS.TypeOfExpression).expression);
      if (ts.isIdentifier(argument.node))
        return createExpression(part, "whole", { worksItself: false, parts: [argument] });
      return createExpression(part, "pass", { argument });
    }
    case SyntaxKind.TaggedTemplateExpression: {
      const { tag, template } = node as TS.TaggedTemplateExpression;
      const holes = ts.isTemplateExpression(template) ? template.templateSpans.map(({ expression }) => expression) : [];
      return createExpression(part, "tagged", { tag: reader.expression(tag), holes: reader.expressions(holes) });
    }
    case SyntaxKind.VoidExpression:
    case SyntaxKind.AsExpression:
    case SyntaxKind.SatisfiesExpression:
    case SyntaxKind.NonNullExpression:
    case SyntaxKind.TypeAssertionExpression:
    case SyntaxKind.ExpressionWithTypeArguments:
      return createExpression(part, "pass", { argument: reader.expression((node as TS.AsExpression).expression) });
    case SyntaxKind.JsxElement:
    case SyntaxKind.JsxSelfClosingElement:
    case SyntaxKind.JsxFragment:
      return createExpression(part, "jsx", readJsx(node as TS.JsxElement, reader));
    default:
      return createExpression(part, "unknown", { type: SyntaxKind[node.kind] });
  }
}

function readCall(node: TS.CallExpression | TS.NewExpression, reader: TreeReader): Expression<Node> {
  const { ts } = reader;
  const callee = reader.bare(node.expression);
  const isNew = ts.isNewExpression(node);
  const isImport =
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isMetaProperty(callee) &&
      ts.isCallExpression(node) &&
      callee.keywordToken === ts.SyntaxKind.ImportKeyword &&
      callee.name.text === "defer");
  return createExpression(reader.part(node), "call", {
    form: isImport ? "import" : isNew ? "new" : "call",
    callee: isImport ? null : reader.expression(callee),
    args: (node.arguments ?? []).map((argument) => reader.expression(argument)),
    chained: isChained(node, ts),
    directEval: !isNew && ts.isIdentifier(callee) && callee.text === "eval",
  });
}

function readMember(
  node: TS.PropertyAccessExpression | TS.ElementAccessExpression,
  reader: TreeReader,
): Expression<Node> {
  const { ts } = reader;
  const property = ts.isElementAccessExpression(node) ? reader.expression(node.argumentExpression) : null;
  const object = reader.expression(node.expression);
  return createExpression(reader.part(node), "member", {
    object,
    property,
    propertyLine: property?.line ?? reader.span((node as TS.PropertyAccessExpression).name).line,
    chained: isChained(node, ts),
    ofSuper: object.node.kind === ts.SyntaxKind.SuperKeyword,
  });
}

function isChained(node: Node, ts: Ts): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function readProperty(node: TS.ObjectLiteralElementLike, reader: TreeReader): PropertyOutline<Node> {
  const { ts } = reader;
  const part = reader.part(node);
  if (ts.isSpreadAssignment(node)) return { ...part, name: null, key: null, value: reader.expression(node) };
  const key = ts.isComputedPropertyName(node.name) ? reader.expression(node.name.expression) : null;
  const name = keyName(node.name, ts);
  if (ts.isPropertyAssignment(node)) return { ...part, name, key, value: reader.expression(node.initializer) };
  if (ts.isShorthandPropertyAssignment(node)) return { ...part, name, key, value: reader.expression(node.name) };
  return { ...part, name, key, value: createExpression(part, "function", { fn: reader.fn(node) }) };
}

function readBinary(node: TS.BinaryExpression, reader: TreeReader): Expression<Node> {
  const { ts } = reader;
  const { SyntaxKind } = ts;
  const operator = node.operatorToken.kind;
  if (operator === SyntaxKind.CommaToken) return readSequence(node, reader);
  const isAssignment = operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
  return isAssignment ? readAssignment(node, reader) : readChain(node, reader);
}

function readAssignment(node: TS.BinaryExpression, reader: TreeReader): Expression<Node> {
  const { SyntaxKind } = reader.ts;
  const left = reader.bare(node.left);
  const target = reader.target(left);
  const logical = [
    SyntaxKind.BarBarEqualsToken,
    SyntaxKind.AmpersandAmpersandEqualsToken,
    SyntaxKind.QuestionQuestionEqualsToken,
  ].includes(node.operatorToken.kind);
  const name = targetName(reader.text.slice(reader.startOf(left), left.end));
  return createExpression(reader.part(node), "assign", { logical, target, value: reader.expression(node.right), name });
}

/** A chain of operators leans to the left, as deep as it is long: it is followed down, not recursed into. */
function readChain(node: TS.BinaryExpression, reader: TreeReader): Expression<Node> {
  const { ts } = reader;
  const links: TS.BinaryExpression[] = [];
  let first: Node = node;
  while (ts.isBinaryExpression(first) && isOperator(first.operatorToken.kind, ts)) {
    links.push(first);
    first = reader.bare(first.left);
  }
  const start = reader.expression(first);
  const rest = links.reverse().map(({ operatorToken, right }) => ({
    operand: reader.expression(right),
    logical: isLogical(operatorToken.kind, ts),
  }));
  return createExpression(reader.part(node), "binary", { first: start, rest });
}

function isOperator(kind: TS.SyntaxKind, { SyntaxKind }: Ts): boolean {
  return kind !== SyntaxKind.CommaToken && (kind < SyntaxKind.FirstAssignment || kind > SyntaxKind.LastAssignment);
}

function isLogical(kind: TS.SyntaxKind, { SyntaxKind }: Ts): boolean {
  return (
    kind === SyntaxKind.BarBarToken ||
    kind === SyntaxKind.AmpersandAmpersandToken ||
    kind === SyntaxKind.QuestionQuestionToken
  );
}

/** `a, b, c` is nested to the left. */
function readSequence(node: TS.BinaryExpression, reader: TreeReader): Expression<Node> {
  const { ts } = reader;
  const items: Node[] = [];
  let first: Node = node;
  while (ts.isBinaryExpression(first) && first.operatorToken.kind === ts.SyntaxKind.CommaToken) {
    items.push(first.right);
    first = first.left;
  }
  return createExpression(reader.part(node), "sequence", { items: reader.expressions([first, ...items.reverse()]) });
}

/** `exports.run` for `exports.run = …`; `null` for anything longer than names and dots. */
function targetName(written: string): string | null {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.#]*$/u.test(written) ? written : null;
}
