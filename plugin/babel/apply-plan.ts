import type * as B from "@babel/types";
import { RUNTIME_GLOBAL, TABLE_EXPORT } from "../../contract/runtime-module.ts";
import type { LineCall, Names, Plan, Probe } from "../core/plan.ts";
import type { RuntimeKind } from "../core/prologue.ts";

import type { Range } from "../core/source-text.ts";

/** The `types` of the Babel that is at work, 7 or 8. */
export type Types = typeof B;

export interface ApplyContext {
  types: Types;
  runtime: RuntimeKind;
  runtimeModule: string;
  /** The options of `profile(OPTIONS)(fn)`, as written there. */
  optionsAt(range: Range): B.Expression;
}

/** Plan -> changes of Babel's tree, in place. Nodes that are written anew have no location, so maps stay those of the source. */
export function applyPlan(file: B.File, plan: Plan<B.Node>, context: ApplyContext): void {
  new Rewriter(plan, context).rewrite(file.program);
}

class Rewriter {
  private readonly t: Types;
  private readonly names: Names;
  private readonly context: ApplyContext;
  private readonly plan: Plan<B.Node>;
  private readonly probes = new Map<B.Node, Probe<B.Node>[]>();

  constructor(plan: Plan<B.Node>, context: ApplyContext) {
    this.t = context.types;
    this.names = plan.names;
    this.context = context;
    this.plan = plan;
    for (const probe of plan.probes) {
      const others = this.probes.get(probe.node);
      if (others) others.push(probe);
      else this.probes.set(probe.node, [probe]);
    }
  }

  rewrite(program: B.Program): void {
    this.children(program);
    program.body.unshift(...this.prologue());
  }

  /** Children first, then the node's own probes from the innermost to the outermost. @returns what takes its place */
  private node(node: B.Node): B.Node[] {
    this.children(node);
    let result: B.Node[] = [node];
    for (const probe of [...(this.probes.get(node) ?? [])].reverse()) result = this.write(probe, result);
    return result;
  }

  private children(node: B.Node): void {
    const fields = node as unknown as Record<string, B.Node | (B.Node | null)[] | null | undefined>;
    for (const key of this.t.VISITOR_KEYS[node.type] ?? []) {
      const child = fields[key];
      if (Array.isArray(child)) fields[key] = child.flatMap((each) => (each ? this.node(each) : [each]));
      else if (child) [fields[key]] = this.node(child);
    }
  }

  private write(probe: Probe<B.Node>, current: B.Node[]): B.Node[] {
    const { t, names } = this;
    const { placement, line, k } = probe;
    const node = current[0] as B.Expression;
    switch (placement) {
      case "enter":
        this.enter(probe);
        return current;
      case "before": {
        const statements = [this.statement("line", line!), ...(current as B.Statement[])];
        return probe.braces ? [t.blockStatement(statements)] : statements;
      }
      case "leave": {
        const disposable = t.variableDeclarator(t.identifier(names.leave), this.call("onLeave"));
        return [...current, t.variableDeclaration("using", [disposable])];
      }
      case "continue":
        return [t.inherits(t.breakStatement(t.identifier(probe.label!)), probe.node)];
      case "head":
      case "head-back":
        this.head(probe);
        return current;
      case "catch":
        this.catch(probe);
        return current;
      case "while-round": {
        const { test, body } = probe.node as B.WhileStatement;
        return [t.inherits(t.forStatement(null, test, this.call("line", line!), body), probe.node)];
      }
      case "update":
        this.update(probe);
        return current;
      case "round":
        this.round(probe);
        return current;
      case "await-round":
        this.awaitRound(probe);
        return current;
      case "test":
      case "link":
      case "operand":
        return [t.sequenceExpression([this.call("line", line!), node])];
      case "options": {
        const { object } = probe.runtimeOptions!;
        const options = this.context.optionsAt(object);
        const name = probe.name === undefined ? [] : [t.stringLiteral(probe.name)];
        const callee = t.memberExpression(t.callExpression(t.identifier(names.module), []), t.identifier("options"));
        return [t.callExpression(callee, [t.numericLiteral(k!), options, node, ...name])];
      }
      case "suspend":
        return [this.call("suspend", node)];
      case "suspend-nothing":
        (probe.node as B.YieldExpression).argument = this.call("suspend");
        return current;
      case "at":
      case "back":
        return [this.call(placement, line!, node)];
      case "initialiser": {
        const body = [this.statement("line", line!), t.returnStatement(node)];
        return [t.callExpression(t.arrowFunctionExpression([], t.blockStatement(this.activation(k!, body))), [])];
      }
      case "resume":
        return [this.call("resume", node)];
    }
  }

  private enter(probe: Probe<B.Node>): void {
    const { t } = this;
    const fn = probe.node as Exclude<B.Function, B.ClassPrivateMethod> | B.StaticBlock;
    if (fn.type === "StaticBlock") {
      fn.body = this.activation(probe.k!, fn.body);
      return;
    }
    if (fn.body.type !== "BlockStatement") {
      const statements = [this.statement("line", probe.line!), t.returnStatement(fn.body)];
      fn.body = t.blockStatement(this.activation(probe.k!, statements));
      (fn as B.ArrowFunctionExpression).expression = false;
      return;
    }
    const moved = new Set<B.Node>(probe.moved);
    const first = fn.body.body.filter((statement) => moved.has(statement));
    const rest = fn.body.body.filter((statement) => !moved.has(statement));
    const functions = first.map((statement) => this.moved(statement as B.FunctionDeclaration));
    fn.body.body = this.activation(probe.k!, [...functions, ...rest]);
  }

  /** `var g = function …;` */
  private moved(declaration: B.FunctionDeclaration): B.Statement {
    const { t } = this;
    const { params, body, generator, async, returnType, typeParameters } = declaration;
    const fn = t.functionExpression(null, params as B.FunctionExpression["params"], body, generator, async);
    Object.assign(fn, { returnType, typeParameters });
    return t.variableDeclaration("var", [t.variableDeclarator(declaration.id!, t.inherits(fn, declaration))]);
  }

  /** `const __mp = __mp_m().enter(k); try { … } finally { __mp.exit(); }` */
  private activation(k: number, statements: B.Statement[]): B.Statement[] {
    const { t, names } = this;
    const handle = t.callExpression(t.identifier(names.module), []);
    const entered = t.callExpression(t.memberExpression(handle, t.identifier("enter")), [t.numericLiteral(k)]);
    const exit = t.expressionStatement(this.call("exit"));
    return [
      t.variableDeclaration("const", [t.variableDeclarator(t.identifier(names.activation), entered)]),
      t.tryStatement(t.blockStatement(statements), null, t.blockStatement([exit])),
    ];
  }

  private head({ node, placement, line }: Probe<B.Node>): void {
    const statement = this.statement(placement === "head" ? "line" : "back", line!);
    if (node.type === "SwitchCase") node.consequent.unshift(statement);
    else (node.type === "CatchClause" ? node.body : (node as B.BlockStatement)).body.unshift(statement);
  }

  private catch({ node, line }: Probe<B.Node>): void {
    const { t, names } = this;
    const clause = node as B.CatchClause;
    const pattern = t.variableDeclarator(clause.param as B.LVal, t.identifier(names.error));
    const statements = [this.statement("line", line!), t.variableDeclaration("let", [pattern]), clause.body];
    clause.param = t.identifier(names.error);
    clause.body = t.blockStatement(statements);
  }

  private update({ node, before, after }: Probe<B.Node>): void {
    const { t } = this;
    const loop = node as B.ForStatement;
    const call = (written: LineCall | undefined) => (written ? [this.call(written.method, written.line)] : []);
    const parts = [...call(before), ...(loop.update ? [loop.update] : []), ...call(after)];
    loop.update = parts.length === 1 ? parts[0]! : t.sequenceExpression(parts);
  }

  private round({ node, line, label }: Probe<B.Node>): void {
    const { t } = this;
    const loop = node as B.ForOfStatement | B.ForInStatement;
    const call = this.statement("line", line!);
    if (!label && loop.body.type === "BlockStatement") loop.body.body.push(call);
    else loop.body = t.blockStatement([this.labelled(loop.body, label), call]);
  }

  private awaitRound({ node, line, label }: Probe<B.Node>): void {
    const { t } = this;
    const loop = node as B.ForOfStatement;
    const body = t.blockStatement([this.labelled(loop.body, label), this.statement("line", line!)]);
    const suspended = t.blockStatement([t.expressionStatement(this.call("suspend"))]);
    const resumed = t.expressionStatement(this.call("resume"));
    loop.right = this.call("suspend", loop.right);
    loop.body = t.blockStatement([resumed, t.tryStatement(body, null, suspended)]);
  }

  private labelled(body: B.Statement, label: string | undefined): B.Statement {
    const { t } = this;
    return label ? t.labeledStatement(t.identifier(label), t.blockStatement([body])) : body;
  }

  private statement(method: string, line: number): B.Statement {
    return this.t.expressionStatement(this.call(method, line));
  }

  /** `__mp.method(…)` */
  private call(method: string, ...args: (number | B.Expression)[]): B.CallExpression {
    const { t } = this;
    const callee = t.memberExpression(t.identifier(this.names.activation), t.identifier(method));
    return t.callExpression(
      callee,
      args.map((argument) => (typeof argument === "number" ? t.numericLiteral(argument) : argument)),
    );
  }

  /** The tree of what `printPrologue` prints. */
  private prologue(): B.Statement[] {
    const { t, names } = this;
    const { runtime, runtimeModule } = this.context;
    const handle = t.identifier(names.handle);
    const table = t.valueToNode(this.plan.table) as B.Expression;
    const load = t.callExpression(this.tableFunction(), [table]);
    const lazily = t.logicalExpression("||", handle, t.assignmentExpression("=", t.cloneNode(handle), load));
    const statements: B.Statement[] = [
      t.variableDeclaration("var", [t.variableDeclarator(t.cloneNode(handle))]),
      t.functionDeclaration(t.identifier(names.module), [], t.blockStatement([t.returnStatement(lazily)])),
    ];
    if (runtime !== "import") return statements;
    const specifier = t.importSpecifier(t.identifier(names.table), t.identifier(TABLE_EXPORT));
    return [t.importDeclaration([specifier], t.stringLiteral(runtimeModule)), ...statements];
  }

  private tableFunction(): B.Expression {
    const { t, names } = this;
    const { runtime, runtimeModule } = this.context;
    if (runtime === "import") return t.identifier(names.table);
    const module =
      runtime === "require"
        ? t.callExpression(t.identifier("require"), [t.stringLiteral(runtimeModule)])
        : t.memberExpression(t.identifier("globalThis"), t.identifier(RUNTIME_GLOBAL));
    return t.memberExpression(module, t.identifier(TABLE_EXPORT));
  }
}
