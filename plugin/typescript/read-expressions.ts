import type TS from "typescript";
import type { Expression, PropertyOutline } from "../core/outline.ts";
import { readJsxParts } from "./read-jsx.ts";
import { type FunctionNode, keyName, type Node, type Reader, type Ts } from "./read-outline.ts";
import { readTarget } from "./read-target.ts";

/**
 * TypeScript expression or JSX -> Expression. Parentheses are looked through, and so are calls that are marks. Unknown
 * kinds of node become `unknown`: the plan leaves their function alone.
 */
export function readExpression(written: Node, reader: Reader): Expression<Node> {
  const { ts } = reader;
  const { SyntaxKind } = ts;
  const node = withoutParentheses(written, reader);
  const part = reader.part(node);
  const read = (child: Node) => readExpression(child, reader);
  const readAll = (children: readonly Node[]) => children.map(read);

  switch (node.kind) {
    case SyntaxKind.Identifier:
      reader.refer((node as TS.Identifier).text, node);
      return { ...part, kind: "name" };
    case SyntaxKind.ThisKeyword:
    case SyntaxKind.SuperKeyword:
    case SyntaxKind.MetaProperty:
    case SyntaxKind.PrivateIdentifier:
    case SyntaxKind.ImportKeyword:
      return { ...part, kind: "name" };
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NumericLiteral:
    case SyntaxKind.TrueKeyword:
    case SyntaxKind.FalseKeyword:
    case SyntaxKind.NullKeyword:
    case SyntaxKind.BigIntLiteral:
    case SyntaxKind.RegularExpressionLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return { ...part, kind: "constant" };
    case SyntaxKind.TemplateExpression: {
      const { templateSpans } = node as TS.TemplateExpression;
      return { ...part, kind: "template", holes: templateSpans.map(({ expression }) => read(expression)) };
    }
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
      return { ...part, kind: "function", fn: reader.readFunction(node as FunctionNode) };
    case SyntaxKind.ClassExpression:
      return { ...part, kind: "class", cls: reader.readClass(node as TS.ClassExpression) };
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
      return { ...part, kind: "array", elements: readAll(elements) };
    }
    case SyntaxKind.ObjectLiteralExpression: {
      const { properties } = node as TS.ObjectLiteralExpression;
      return { ...part, kind: "object", properties: properties.map((property) => readProperty(property, reader)) };
    }
    case SyntaxKind.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as TS.ConditionalExpression;
      const [test, consequent, alternate] = [read(condition), read(whenTrue), read(whenFalse)];
      return { ...part, kind: "conditional", test, consequent, alternate };
    }
    case SyntaxKind.BinaryExpression:
      return readBinary(node as TS.BinaryExpression, reader);
    case SyntaxKind.AwaitExpression:
      return { ...part, kind: "await", argument: read((node as TS.AwaitExpression).expression) };
    case SyntaxKind.YieldExpression: {
      const { expression, asteriskToken } = node as TS.YieldExpression;
      return {
        ...part,
        kind: "yield",
        delegate: asteriskToken !== undefined,
        argument: expression ? read(expression) : null,
      };
    }
    case SyntaxKind.SpreadElement:
    case SyntaxKind.SpreadAssignment:
      return { ...part, kind: "spread", argument: read((node as TS.SpreadElement).expression) };
    case SyntaxKind.PrefixUnaryExpression:
    case SyntaxKind.PostfixUnaryExpression: {
      const { operator, operand } = node as TS.PrefixUnaryExpression;
      const isUpdate = operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
      if (isUpdate) return { ...part, kind: "whole", works: false, parts: [readTarget(operand, reader)] };
      return { ...part, kind: "pass", argument: read(operand) };
    }
    case SyntaxKind.DeleteExpression:
      return { ...part, kind: "whole", works: false, parts: [read((node as TS.DeleteExpression).expression)] };
    case SyntaxKind.TypeOfExpression: {
      const argument = read((node as TS.TypeOfExpression).expression);
      if (ts.isIdentifier(argument.node)) return { ...part, kind: "whole", works: false, parts: [argument] };
      return { ...part, kind: "pass", argument };
    }
    case SyntaxKind.TaggedTemplateExpression: {
      const { tag, template } = node as TS.TaggedTemplateExpression;
      const holes = ts.isTemplateExpression(template) ? template.templateSpans.map(({ expression }) => expression) : [];
      return { ...part, kind: "whole", works: true, parts: readAll([tag, ...holes]) };
    }
    case SyntaxKind.VoidExpression:
    case SyntaxKind.AsExpression:
    case SyntaxKind.SatisfiesExpression:
    case SyntaxKind.NonNullExpression:
    case SyntaxKind.TypeAssertionExpression:
    case SyntaxKind.ExpressionWithTypeArguments:
      return { ...part, kind: "pass", argument: read((node as TS.AsExpression).expression) };
    case SyntaxKind.JsxElement:
    case SyntaxKind.JsxSelfClosingElement:
    case SyntaxKind.JsxFragment:
      return { ...part, kind: "jsx", parts: readJsxParts(node as TS.JsxElement, reader) };
  }
  return { ...part, kind: "unknown", type: SyntaxKind[node.kind] };
}

/** The expression itself: parentheses are no part of it, and a mark is not there. */
export function withoutParentheses(node: Node, reader: Reader): Node {
  const { ts } = reader;
  if (ts.isParenthesizedExpression(node)) return withoutParentheses(node.expression, reader);
  const argument = ts.isCallExpression(node) ? reader.markedArgument(node) : null;
  return argument ? withoutParentheses(argument, reader) : node;
}

function readCall(node: TS.CallExpression | TS.NewExpression, reader: Reader): Expression<Node> {
  const { ts } = reader;
  const callee = withoutParentheses(node.expression, reader);
  const isNew = ts.isNewExpression(node);
  const isImport =
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isMetaProperty(callee) &&
      ts.isCallExpression(node) &&
      callee.keywordToken === ts.SyntaxKind.ImportKeyword &&
      callee.name.text === "defer");
  return {
    ...reader.part(node),
    kind: "call",
    form: isImport ? "import" : isNew ? "new" : "call",
    callee: isImport ? null : readExpression(callee, reader),
    args: (node.arguments ?? []).map((argument) => readExpression(argument, reader)),
    chained: isChained(node, ts),
    directEval: !isNew && ts.isIdentifier(callee) && callee.text === "eval",
  };
}

function readMember(node: TS.PropertyAccessExpression | TS.ElementAccessExpression, reader: Reader): Expression<Node> {
  const { ts } = reader;
  const property = ts.isElementAccessExpression(node) ? readExpression(node.argumentExpression, reader) : null;
  const object = readExpression(node.expression, reader);
  return {
    ...reader.part(node),
    kind: "member",
    object,
    property,
    propertyLine: property?.line ?? reader.span((node as TS.PropertyAccessExpression).name).line,
    chained: isChained(node, ts),
    ofSuper: object.node.kind === ts.SyntaxKind.SuperKeyword,
  };
}

function isChained(node: Node, ts: Ts): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function readProperty(node: TS.ObjectLiteralElementLike, reader: Reader): PropertyOutline<Node> {
  const { ts } = reader;
  const part = reader.part(node);
  if (ts.isSpreadAssignment(node)) return { ...part, name: null, key: null, value: readExpression(node, reader) };
  const key = ts.isComputedPropertyName(node.name) ? readExpression(node.name.expression, reader) : null;
  const name = keyName(node.name, ts);
  if (ts.isPropertyAssignment(node)) return { ...part, name, key, value: readExpression(node.initializer, reader) };
  if (ts.isShorthandPropertyAssignment(node)) return { ...part, name, key, value: readExpression(node.name, reader) };
  return { ...part, name, key, value: { ...part, kind: "function", fn: reader.readFunction(node) } };
}

function readBinary(node: TS.BinaryExpression, reader: Reader): Expression<Node> {
  const { ts, text } = reader;
  const { SyntaxKind } = ts;
  const part = reader.part(node);
  const operator = node.operatorToken.kind;
  if (operator === SyntaxKind.CommaToken) {
    const items = sequenceOf(node, ts).map((item) => readExpression(item, reader));
    return { ...part, kind: "sequence", items };
  }
  if (operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment) {
    const left = withoutParentheses(node.left, reader);
    const target = readTarget(left, reader);
    const logical =
      operator === SyntaxKind.BarBarEqualsToken ||
      operator === SyntaxKind.AmpersandAmpersandEqualsToken ||
      operator === SyntaxKind.QuestionQuestionEqualsToken;
    const name = targetName(text.slice(reader.startOf(left), left.end));
    return { ...part, kind: "assign", logical, target, value: readExpression(node.right, reader), name };
  }
  const logical =
    operator === SyntaxKind.BarBarToken ||
    operator === SyntaxKind.AmpersandAmpersandToken ||
    operator === SyntaxKind.QuestionQuestionToken;
  const [left, right] = [readExpression(node.left, reader), readExpression(node.right, reader)];
  return { ...part, kind: "binary", logical, left, right };
}

/** `a, b, c` is nested to the left. */
function sequenceOf(node: TS.Expression, ts: Ts): TS.Expression[] {
  const isSequence = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken;
  return isSequence ? [...sequenceOf(node.left, ts), node.right] : [node];
}

/** `exports.run` for `exports.run = …`; `null` for anything longer than names and dots. */
function targetName(written: string): string | null {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.#]*$/u.test(written) ? written : null;
}
