import type TS from "typescript";
import { prologueFor, type RuntimeForm } from "../core/forms.ts";
import type { Plan, Probe } from "../core/plan.ts";
import { nextToken, type Range } from "../core/source-text.ts";
import { CodeBuilder } from "./build-code.ts";
import { hasLifted } from "./lift-marks.ts";
import { Masks } from "./masks.ts";
import { countDirectives, type Node, type Ts } from "./reader.ts";
import { PieceWriter } from "./write-piece.ts";

export interface ApplyContext {
  ts: Ts;
  transformation: TS.TransformationContext;
  /** The marks, which are taken out. */
  masks: readonly Range[];
  runtime: RuntimeForm;
  runtimeModule: string;
}

/**
 * Plan -> a new SourceFile. Nodes that survive keep their places and their `original`, so source maps, comments and the
 * transformers that come later find what they look for; nodes that are written anew have no place.
 */
export function applyPlan(file: TS.SourceFile, plan: Plan<Node> | null, context: ApplyContext): TS.SourceFile {
  return new Rewriter(file, plan, context).rewrite();
}

class Rewriter {
  private readonly ts: Ts;
  private readonly factory: TS.NodeFactory;
  private readonly context: ApplyContext;
  private readonly file: TS.SourceFile;
  private readonly plan: Plan<Node> | null;
  private readonly code: CodeBuilder;
  private readonly pieces: PieceWriter | null;
  private readonly masks: Masks;
  private readonly probes = new Map<Node, Probe<Node>[]>();
  /** By the body of the function that is entered. */
  private readonly entered = new Map<Node, Probe<Node>>();
  /** Where there is something to do, sorted: all else stays as it is. */
  private readonly places: number[];
  /** The object of each `profile({ … })(fn)`, by its start. */
  private readonly runtimeOptions = new Map<number, TS.Expression>();

  constructor(file: TS.SourceFile, plan: Plan<Node> | null, context: ApplyContext) {
    this.ts = context.ts;
    this.factory = context.transformation.factory;
    this.context = context;
    this.file = file;
    this.plan = plan;
    this.code = new CodeBuilder(this.ts, context.transformation, file.text, plan?.table);
    this.pieces = plan && new PieceWriter(plan.names, this.code, this.ts, this.factory);
    this.masks = new Masks(file.text, context.masks);
    const probes = plan?.probes ?? [];
    for (const probe of probes) {
      if (probe.placement === "enter" || probe.placement === "enter-concise")
        this.entered.set((probe.node as TS.FunctionLikeDeclaration).body!, probe);
      else {
        const others = this.probes.get(probe.node);
        if (others) others.push(probe);
        else this.probes.set(probe.node, [probe]);
      }
    }
    const bodies = [...this.entered.keys()].map(({ pos }) => pos);
    this.places = [...probes.map(({ at }) => at.start), ...bodies, ...context.masks.map(({ start }) => start)];
    this.places.sort((a, b) => a - b);
  }

  rewrite(): TS.SourceFile {
    const { ts, factory, file, plan } = this;
    const statements = this.list(file.statements);
    if (plan?.table) {
      const { load, declarations, values } = prologueFor(plan, this.context.runtime, this.context.runtimeModule);
      const prologue = this.code.statements(`${load} ${declarations}`, values, {});
      statements.splice(countDirectives(statements, ts), 0, ...prologue);
    }
    const updated = factory.updateSourceFile(
      file,
      ts.setTextRange(factory.createNodeArray(statements), file.statements),
    );
    // Comments are copied from the text; with `inlineSources` it is what a debugger shows.
    const isShown = plan?.table && this.context.transformation.getCompilerOptions().inlineSources;
    if (!isShown) updated.text = this.masks.text;
    return updated;
  }

  /** Statements of the file; what stood before one that is blank stands before the next. */
  private list(nodes: readonly TS.Statement[]): TS.Statement[] {
    const { ts } = this;
    let from = -1;
    return nodes.flatMap((node) => {
      if (this.isBlank(node)) {
        if (from < 0) from = node.pos;
        return [];
      }
      const visited = this.ts.visitNode(node, this.visit) as TS.Statement | TS.Statement[] | undefined;
      const results = visited === undefined ? [] : Array.isArray(visited) ? visited : [visited];
      if (from >= 0 && results[0]) ts.setCommentRange(results[0], { pos: from, end: node.end });
      from = -1;
      return results;
    });
  }

  /** Children first, then the node's own probes from the innermost to the outermost. */
  private readonly visit = (node: Node): TS.VisitResult<Node | undefined> => {
    const { ts } = this;
    if (!this.isTouched(node)) return node;
    if (this.isBlank(node)) return undefined;
    if (ts.isCallExpression(node)) {
      const marked = this.masks.markedArgument(node, node.getStart(this.file), ts);
      if (marked) return this.unmark(node, marked);
    }
    if (hasLifted(node) && !this.isDecorated(node))
      ts.setSourceMapRange(node, { pos: nextToken(this.masks.text, node.pos), end: node.end });
    let result = [ts.visitEachChild(node, this.visit, this.context.transformation)];
    for (const probe of [...(this.probes.get(node) ?? [])].reverse()) {
      const object =
        probe.placement === "options" ? this.runtimeOptions.get(probe.runtimeOptions.object.start) : undefined;
      result = this.pieces!.write(probe, result, object);
    }
    const enter = this.entered.get(node);
    if (enter) result = this.pieces!.write(enter, result, undefined);
    return result.length === 1 ? result[0]! : result;
  };

  private isTouched({ pos, end }: Node): boolean {
    let [low, high] = [0, this.places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]! < pos) low = middle + 1;
      else high = middle;
    }
    return low < this.places.length && this.places[low]! <= end;
  }

  /** By somebody else: then TypeScript knows itself where what is decorated begins. */
  private isDecorated(node: Node): boolean {
    const { ts } = this;
    return ts.canHaveDecorators(node) && (ts.getDecorators(node)?.length ?? 0) > 0;
  }

  private isBlank(node: Node): boolean {
    return this.masks.covers(node.getStart(this.file), node.end);
  }

  /** `profile(fn)` -> `(fn)` */
  private unmark(call: TS.CallExpression, { argument, bare }: { argument: TS.Expression; bare: boolean }): Node {
    const { ts, factory } = this;
    const configured = ts.isCallExpression(call.expression) ? call.expression.arguments[0] : undefined;
    if (configured) this.runtimeOptions.set(configured.getStart(this.file), configured);
    const fn = ts.visitNode(argument, this.visit) as TS.Expression;
    return bare ? fn : ts.setTextRange(factory.createParenthesizedExpression(fn), call);
  }
}
