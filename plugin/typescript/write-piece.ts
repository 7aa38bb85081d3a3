import type TS from "typescript";
import { type Piece, piecesOf, type Values, valuesOf } from "../core/forms.ts";
import type { Names, Probe } from "../core/plan.ts";
import type { CodeBuilder, Fill } from "./build-code.ts";
import { countDirectives, type Node, type Ts } from "./reader.ts";

/** Puts the pieces of a probe where they go in TypeScript's tree. */
export class PieceWriter {
  private readonly ts: Ts;
  private readonly factory: TS.NodeFactory;
  private readonly code: CodeBuilder;
  private readonly names: Names;
  /** Of catch clauses, until their block declares them. */
  private readonly parameters = new WeakMap<Node, TS.VariableDeclaration>();

  constructor(names: Names, code: CodeBuilder, ts: Ts, factory: TS.NodeFactory) {
    this.names = names;
    this.code = code;
    this.ts = ts;
    this.factory = factory;
  }

  /**
   * @param current what stands in the node's place so far, the node itself first
   * @param options the object of `profile({ … })(fn)`
   */
  write(probe: Probe<Node>, current: Node[], options: TS.Expression | undefined): Node[] {
    const values = valuesOf(probe, this.names);
    return piecesOf(probe).reduce((before, piece) => this.piece(piece, values, probe, before, options), current);
  }

  private piece(
    { slot, code }: Piece,
    values: Values,
    probe: Probe<Node>,
    current: Node[],
    options: TS.Expression | undefined,
  ): Node[] {
    const { factory } = this;
    const [node] = current as [Node];
    switch (slot) {
      case "expression":
        return [this.code.expression(code, values, { it: node, ...(options && { options }) })];
      case "statement": {
        const written = this.code.statements(code, values, { it: current });
        return code.includes("$it") ? written : [this.inPlaceOf(probe.node, written[0]!)];
      }
      case "list":
        return [this.list(node, code, values, probe)];
      case "concise": {
        const [block] = this.code.statements(code, values, { it: node });
        return [block!];
      }
      case "parameter": {
        const clause = node as TS.CatchClause;
        const { variableDeclaration } = clause;
        const name = (this.code.expression(code, values, {}) as TS.Identifier).text;
        const updated = factory.updateCatchClause(clause, factory.createVariableDeclaration(name), clause.block);
        if (variableDeclaration) this.parameters.set(updated, variableDeclaration);
        return [updated];
      }
      case "head": {
        const { expression, statement } = node as TS.WhileStatement;
        const [loop] = this.code.statements(`for (${code});`, values, { it: expression });
        const { initializer, condition, incrementor } = loop as TS.ForStatement;
        const written = factory.createForStatement(initializer, condition, incrementor, statement);
        return [this.inPlaceOf(probe.node, written)];
      }
      case "update": {
        const loop = node as TS.ForStatement;
        const update = this.code.expression(code, values, loop.incrementor ? { it: loop.incrementor } : {});
        return [factory.updateForStatement(loop, loop.initializer, loop.condition, update, loop.statement)];
      }
      case "argument": {
        const expression = node as TS.YieldExpression;
        const argument = this.code.expression(code, values, {});
        return [factory.updateYieldExpression(expression, expression.asteriskToken, argument)];
      }
      case "keyword":
      case "text":
        return current;
    }
  }

  private list(node: Node, code: string, values: Values, probe: Probe<Node>): Node {
    const { ts, factory } = this;
    if (ts.isCatchClause(node)) return this.catch(node, code, values);
    if (ts.isCaseClause(node) || ts.isDefaultClause(node)) {
      const statements = this.code.statements(code, values, { it: node.statements });
      return ts.isCaseClause(node)
        ? factory.updateCaseClause(node, node.expression, statements)
        : factory.updateDefaultClause(node, statements);
    }
    const block = node as TS.Block;
    const all = [...block.statements];
    const directives = all.splice(0, probe.placement === "enter" ? countDirectives(all, ts) : 0);
    const moved = probe.placement === "enter" ? probe.moved.map((each) => each.node) : [];
    const isMoved = (statement: Node) => moved.includes(ts.getOriginalNode(statement));
    const fill: Fill = { it: all.filter((statement) => !isMoved(statement)) };
    all.filter(isMoved).forEach((each, i) => {
      fill[`moved${i}`] = this.expressionOf(each as TS.FunctionDeclaration);
    });
    const written = [...directives, ...this.code.statements(code, values, fill)];
    const list = ts.setTextRange(factory.createNodeArray(written), block.statements);
    return this.inPlaceOf(block, factory.createBlock(list, true));
  }

  private catch(clause: TS.CatchClause, code: string, values: Values): TS.CatchClause {
    const { ts, factory } = this;
    const parameter = this.parameters.get(clause);
    const [line, declaration, ...rest] = this.code.statements(code, values, {
      it: clause.block.statements,
      parameter: factory.createIdentifier("parameter"),
    });
    if (!parameter) throw new Error("[mprof] a catch clause has lost its parameter");
    // A pattern is no expression to the parser of the piece.
    const { declarationList } = declaration as TS.VariableStatement;
    const { initializer } = declarationList.declarations[0]!;
    const pattern = factory.createVariableDeclaration(parameter.name, undefined, undefined, initializer);
    const list = factory.createVariableDeclarationList([this.inPlaceOf(parameter, pattern)], ts.NodeFlags.Let);
    const statements = [line!, factory.createVariableStatement(undefined, list), ...rest];
    return factory.updateCatchClause(clause, clause.variableDeclaration, factory.createBlock(statements, true));
  }

  /** `function g() {…}` -> `function () {…}`: its name comes from where it stands. */
  private expressionOf(declaration: TS.FunctionDeclaration): TS.Expression {
    const { factory } = this;
    const { asteriskToken, typeParameters, parameters, type, body } = declaration;
    const modifiers = this.ts.getModifiers(declaration);
    const parts = [modifiers, asteriskToken, undefined, typeParameters, parameters, type, body!] as const;
    return this.inPlaceOf(declaration, factory.createFunctionExpression(...parts));
  }

  /** A node that is written instead of another one has its place. */
  private inPlaceOf<N extends Node>(written: Node, node: N): N {
    return this.ts.setTextRange(this.ts.setOriginalNode(node, written), written);
  }
}
