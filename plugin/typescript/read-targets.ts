import type TS from "typescript";
import { createExpression } from "../core/expressions.ts";
import type { Expression } from "../core/outline.ts";
import type { Node, TreeReader } from "./reader.ts";

/**
 * A pattern or assignment target: only what runs in it, defaults, computed keys and the objects of member targets.
 * Patterns in assignments are array and object literals to TypeScript.
 */
export function readTarget(node: Node, reader: TreeReader): Expression<Node> {
  const { ts } = reader;
  const name = isBindingHolder(node) && !node.initializer && !node.dotDotDotToken ? node.name : node;
  const part = reader.part(node);
  if (ts.isIdentifier(name) && !isParameterProperty(node)) return createExpression(part, "name", {});
  const finder = new TargetFinder(reader);
  finder.visit(node);
  return createExpression(part, "whole", { worksItself: finder.works, parts: finder.parts });

  function isBindingHolder(holder: Node): holder is TS.ParameterDeclaration | TS.BindingElement {
    return ts.isParameter(holder) || ts.isBindingElement(holder);
  }

  function isParameterProperty(holder: Node): boolean {
    return ts.isParameter(holder) && (ts.getModifiers(holder)?.length ?? 0) > 0;
  }
}

class TargetFinder {
  works = false;
  readonly parts: Expression<Node>[] = [];
  private readonly reader: TreeReader;

  constructor(reader: TreeReader) {
    this.reader = reader;
  }

  visit(written: Node): void {
    const { ts } = this.reader;
    const node = this.reader.bare(written);
    if (ts.isIdentifier(node) || ts.isOmittedExpression(node)) return;
    if (ts.isArrayBindingPattern(node) || ts.isArrayLiteralExpression(node)) {
      this.works = true;
      for (const element of node.elements) this.visit(element);
    } else if (ts.isObjectBindingPattern(node)) for (const element of node.elements) this.visit(element);
    else if (ts.isObjectLiteralExpression(node)) for (const property of node.properties) this.property(property);
    else if (ts.isParameter(node) || ts.isBindingElement(node)) this.bound(node);
    else if (ts.isSpreadElement(node)) this.rest(node.expression);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.read(node.right);
      this.visit(node.left);
    } else this.simple(node);
  }

  private bound(node: TS.ParameterDeclaration | TS.BindingElement): void {
    if ("propertyName" in node && node.propertyName) this.key(node.propertyName);
    if (node.initializer) this.read(node.initializer);
    if (node.dotDotDotToken) this.rest(node.name);
    else this.visit(node.name);
  }

  private property(node: TS.ObjectLiteralElementLike): void {
    const { ts } = this.reader;
    if (ts.isSpreadAssignment(node)) return this.rest(node.expression);
    if (ts.isShorthandPropertyAssignment(node)) {
      if (node.objectAssignmentInitializer) this.read(node.objectAssignmentInitializer);
      return;
    }
    this.key(node.name);
    if (ts.isPropertyAssignment(node)) this.visit(node.initializer);
  }

  private key(name: TS.PropertyName): void {
    if (this.reader.ts.isComputedPropertyName(name)) this.read(name.expression);
  }

  private rest(target: Node): void {
    this.works = true;
    this.visit(target);
  }

  private read(node: Node): void {
    this.parts.push(this.reader.expression(node));
  }

  /** `(yield) = 1` is an early error, but the call that we would make of it is none. */
  private simple(node: Node): void {
    const { ts } = this.reader;
    if (!ts.isYieldExpression(node) && !ts.isAwaitExpression(node)) return this.read(node);
    const type = `${ts.SyntaxKind[node.kind]} as a target`;
    this.parts.push(createExpression(this.reader.part(node), "unknown", { type }));
  }
}
