import type * as B from "@babel/types";
import { type Piece, piecesOf, prologueFor, type RuntimeForm, type Values, valuesOf } from "../core/forms.ts";
import type { Plan, Probe } from "../core/plan.ts";
import type { Range } from "../core/source-text.ts";
import { CodeBuilder, type Fill, type ParseCode, type Types } from "./build-code.ts";

export interface ApplyContext {
  types: Types;
  parseCode: ParseCode;
  /** Pieces that this Babel has parsed. */
  parsed: Map<string, B.File>;
  runtime: RuntimeForm;
  runtimeModule: string;
  /** The options of `profile(OPTIONS)(fn)`, as written there. */
  optionsAt(range: Range): B.Expression;
}

/**
 * Plan -> changes of Babel's tree, in place; none if it throws. Nodes that are written anew have no location, so maps stay
 * those of the source.
 */
export function applyPlan(file: B.File, plan: Plan<B.Node>, context: ApplyContext): void {
  const rewriter = new Rewriter(plan, context);
  try {
    rewriter.rewrite(file.program);
  } catch (error) {
    rewriter.undo();
    throw error;
  }
}

class Rewriter {
  private readonly t: Types;
  private readonly context: ApplyContext;
  private readonly plan: Plan<B.Node>;
  private readonly code: CodeBuilder;
  private readonly probes = new Map<B.Node, Probe<B.Node>[]>();
  /** Of catch clauses, until their block declares them. */
  private readonly parameters = new Map<B.CatchClause, B.Node>();
  /** What stood where something was changed. */
  private readonly changes: (() => void)[] = [];

  constructor(plan: Plan<B.Node>, context: ApplyContext) {
    this.t = context.types;
    this.context = context;
    this.plan = plan;
    this.code = new CodeBuilder(context.types, context.parseCode, context.parsed, plan.table);
    for (const probe of plan.probes) {
      const others = this.probes.get(probe.node);
      if (others) others.push(probe);
      else this.probes.set(probe.node, [probe]);
    }
  }

  rewrite(program: B.Program): void {
    this.children(program);
    const { runtime, runtimeModule } = this.context;
    const { load, declarations, values } = prologueFor(this.plan, runtime, runtimeModule);
    this.set(program, "body", [...this.code.module(`${load} ${declarations}`, values), ...program.body]);
  }

  undo(): void {
    for (const restore of this.changes.reverse()) restore();
    this.changes.length = 0;
  }

  private set<T extends object, K extends keyof T>(node: T, key: K, value: T[K]): void {
    const before = node[key];
    this.changes.push(() => {
      node[key] = before;
    });
    node[key] = value;
  }

  /** Children first, then the node's own probes from the innermost to the outermost. @returns what takes its place */
  private node(node: B.Node): B.Node[] {
    this.children(node);
    let result: B.Node[] = [node];
    for (const probe of [...(this.probes.get(node) ?? [])].reverse()) {
      const values = valuesOf(probe, this.plan.names);
      for (const piece of piecesOf(probe)) result = this.write(piece, values, probe, result);
    }
    return result;
  }

  private children(node: B.Node): void {
    const fields = node as unknown as Record<string, B.Node | (B.Node | null)[] | null | undefined>;
    for (const key of this.t.VISITOR_KEYS[node.type] ?? []) {
      const child = fields[key];
      if (Array.isArray(child)) {
        const results = child.flatMap((each) => (each ? this.node(each) : [each]));
        if (results.some((each, index) => each !== child[index])) this.set(fields, key, results);
      } else if (child) {
        const [result] = this.node(child);
        if (result !== child) this.set(fields, key, result);
      }
    }
  }

  /** @param current what stands in the node's place so far. @returns what does then */
  private write({ slot, code }: Piece, values: Values, probe: Probe<B.Node>, current: B.Node[]): B.Node[] {
    const { t } = this;
    switch (slot) {
      case "expression":
        return [this.code.expression(code, values, { it: current, ...this.optionsOf(probe) })];
      case "statement": {
        const { body } = this.code.body(code, values, { it: current });
        const [only] = body;
        return code.includes("$it") ? body : [t.inherits(only!, probe.node)];
      }
      case "list":
        this.list(probe, code, values);
        return current;
      case "concise": {
        const fn = probe.node as B.ArrowFunctionExpression;
        const [block] = this.code.body(code, values, { it: fn.body }).body;
        this.set(fn, "body", block as B.BlockStatement);
        this.set(fn, "expression", false);
        return current;
      }
      case "parameter": {
        const clause = probe.node as B.CatchClause;
        if (clause.param) this.parameters.set(clause, clause.param);
        this.set(clause, "param", this.code.expression(code, values, {}) as B.Identifier);
        return current;
      }
      case "head": {
        const { test, body } = probe.node as B.WhileStatement;
        const [loop] = this.code.body(`for (${code});`, values, { it: test }).body;
        (loop as B.ForStatement).body = body;
        return [t.inherits(loop!, probe.node)];
      }
      case "update": {
        const loop = probe.node as B.ForStatement;
        this.set(loop, "update", this.code.expression(code, values, loop.update ? { it: loop.update } : {}));
        return current;
      }
      case "argument":
        this.set(probe.node as B.YieldExpression, "argument", this.code.expression(code, values, {}));
        return current;
      case "keyword":
      case "text":
        return current;
    }
  }

  private optionsOf(probe: Probe<B.Node>): Fill {
    return probe.placement === "options" ? { options: this.context.optionsAt(probe.runtimeOptions.object) } : {};
  }

  private list(probe: Probe<B.Node>, code: string, values: Values): void {
    const { node } = probe;
    if (probe.placement === "catch") {
      const clause = node as B.CatchClause;
      const parameter = this.parameters.get(clause);
      const block = this.code.body(code, values, { it: clause.body.body, parameter: parameter ?? [] });
      this.set(clause, "body", block);
      return;
    }
    if (node.type === "SwitchCase") {
      const { body } = this.code.body(code, values, { it: node.consequent });
      this.set(node, "consequent", body);
      return;
    }
    const holder = bodyOf(node);
    const moved = probe.placement === "enter" ? probe.moved.map((each) => each.node) : [];
    const functions = moved.flatMap((each, i) => {
      const declaration = each as B.FunctionDeclaration;
      return [
        [`moved${i}`, this.expressionOf(declaration)],
        [`NAME${i}`, declaration.id],
      ];
    });
    const it = holder.body.filter((each) => !moved.includes(each));
    const written = this.code.body(code, values, { it, ...Object.fromEntries(functions) });
    this.set(holder, "body", written.body);
    if (holder.type === "BlockStatement" && written.directives.length > 0)
      this.set(holder, "directives", [...holder.directives, ...written.directives]);
  }

  /** `function g() {…}` -> `function () {…}`: its name comes from where it stands. */
  private expressionOf(declaration: B.FunctionDeclaration): B.Expression {
    const { t } = this;
    const { params, body, generator, async, returnType, typeParameters } = declaration;
    const fn = t.functionExpression(null, params as B.FunctionExpression["params"], body, generator, async);
    Object.assign(fn, { returnType, typeParameters });
    return t.inherits(fn, declaration);
  }
}

/** What holds the statements of a node. */
function bodyOf(node: B.Node): B.BlockStatement | B.StaticBlock {
  if (node.type === "BlockStatement" || node.type === "StaticBlock") return node;
  return (node as Exclude<B.Function, B.ArrowFunctionExpression>).body;
}
