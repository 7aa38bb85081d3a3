import type * as B from "@babel/types";
import type MagicString from "magic-string";
import type { Names, Plan, Probe } from "../core/plan.ts";
import { blankOut, type Range } from "../core/source-text.ts";

/**
 * Plan -> edits of the source text. Nothing is printed anew, so every token that survives keeps its place and the map
 * is exact by construction; no newline is ever inserted, so unmapped stack traces keep their lines.
 *
 * Probes come outermost first: what stands before a node is appended in that order, what stands behind it is put in
 * front of what is there already.
 */
export function applyPlan(edits: MagicString, plan: Plan<B.Node>): void {
  const writer = new Writer(edits, plan.names);
  for (const probe of plan.probes) writer.write(probe);
}

/** Overwrites marks by blanks, but for calls whose options are evaluated where they stand. */
export function applyMasks(edits: MagicString, masks: readonly Range[], probes: readonly Probe<B.Node>[]): void {
  const kept = probes.flatMap(({ runtimeOptions }) => runtimeOptions?.call ?? []);
  for (const { start, end } of masks) {
    if (start === end || kept.some((call) => start >= call.start && end <= call.end)) continue;
    edits.update(start, end, blankOut(edits.original.slice(start, end), [{ start: 0, end: end - start }]));
  }
}

class Writer {
  private readonly edits: MagicString;
  private readonly text: string;
  private readonly names: Names;
  private readonly mp: string;

  constructor(edits: MagicString, names: Names) {
    this.edits = edits;
    this.text = edits.original;
    this.names = names;
    this.mp = names.activation;
  }

  write(probe: Probe<B.Node>): void {
    const { placement, node, line, k } = probe;
    const { mp } = this;
    switch (placement) {
      case "enter":
        return this.enter(probe);
      case "before":
        return this.around(probe, `${probe.braces ? "{ " : ""}${mp}.line(${line}); `, probe.braces ? " }" : "");
      case "leave":
        this.edits.prependLeft(node.end!, ` using ${this.names.leave} = ${mp}.onLeave();`);
        return;
      case "continue":
        this.edits.update(node.start!, node.end!, `break ${probe.label};`);
        return;
      case "head":
      case "head-back":
        this.edits.appendRight(this.headOf(node), ` ${mp}.${placement === "head" ? "line" : "back"}(${line});`);
        return;
      case "catch":
        return this.catch(node as B.CatchClause, line!);
      case "while-round":
        return this.whileRound(node as B.WhileStatement, line!);
      case "update":
        return this.update(probe, node as B.ForStatement);
      case "round":
        return this.round(probe, node as B.ForOfStatement);
      case "await-round":
        return this.awaitRound(probe, node as B.ForOfStatement);
      case "test":
        return this.around(probe, `${mp}.line(${line}), `, "");
      case "options":
        return this.options(probe);
      case "suspend":
        return this.value(node, `${mp}.suspend(`);
      case "suspend-nothing":
        this.edits.prependLeft(node.end!, ` ${mp}.suspend()`);
        return;
      case "at":
        if (probe.callee) this.around({ at: probe.callee as Range }, "(", ")");
        return this.value(node, `${mp}.at(${line}, `);
      case "link":
      case "operand":
        return this.around(probe, `(${mp}.line(${line}), `, ")");
      case "back":
        return this.value(node, `${mp}.back(${line}, `);
      case "initialiser": {
        const open = `(() => { const ${mp} = ${this.names.module}().enter(${k}); try { ${mp}.line(${line}); return (`;
        return this.around(probe, open, `); } finally { ${mp}.exit(); } })()`);
      }
      case "resume":
        return this.value(node, `${mp}.resume(`);
    }
  }

  private around({ at }: { at: Range }, before: string, after: string): void {
    this.edits.appendRight(at.start, before);
    if (after) this.edits.prependLeft(at.end, after);
  }

  /** As an argument: the parentheses round a comma expression are outside of it. */
  private value(node: B.Node, call: string): void {
    const isList = node.type === "SequenceExpression";
    // `yield/x/`, `await[x]`
    const space = /[\p{ID_Continue}$]/u.test(this.text[node.start! - 1] ?? "") ? " " : "";
    this.around({ at: node as Range }, space + call + (isList ? "(" : ""), isList ? "))" : ")");
  }

  private enter(probe: Probe<B.Node>): void {
    const { mp } = this;
    const fn = probe.node as B.Function | B.StaticBlock;
    const open = `const ${mp} = ${this.names.module}().enter(${probe.k}); try { `;
    const close = ` } finally { ${mp}.exit(); } `;
    if (fn.type === "ArrowFunctionExpression" && fn.body.type !== "BlockStatement") {
      const arrow = this.arrowOf(fn);
      this.edits.appendLeft(arrow, ` { ${open}${mp}.line(${probe.line}); return (`);
      this.edits.prependLeft(fn.end!, `);${close}}`);
      return;
    }
    const block = fn.type === "StaticBlock" ? fn : (fn.body as B.BlockStatement);
    const start = block.type === "StaticBlock" ? this.text.indexOf("{", block.start!) : block.start!;
    const first = block.body[0];
    const hasDirectives = block.type === "BlockStatement" && block.directives.length > 0;
    if (!first) {
      const last = block.type === "BlockStatement" ? block.directives.at(-1) : undefined;
      this.edits.appendLeft(last?.end ?? start + 1, `${last ? ";" : ""} ${open}${close}`);
      return;
    }
    const position = hasDirectives ? first.start! : start + 1;
    this.edits.appendLeft(position, hasDirectives ? open : ` ${open.trimEnd()}`);
    this.move(probe.moved as B.FunctionDeclaration[], position);
    this.edits.prependLeft(block.end! - 1, close);
  }

  /** Declarations become `var g = function …;` at the start of the body. */
  private move(declarations: readonly B.FunctionDeclaration[], position: number): void {
    let index = position;
    for (const { id, start, end } of declarations) {
      this.edits.appendRight(start!, `var ${id!.name} = `);
      this.edits.update(id!.start!, id!.end!, " ");
      this.edits.prependLeft(end!, ";");
      if (start === index) index = end!;
      else this.edits.move(start!, end!, index);
    }
  }

  /** Where the first statement of a catch block, a finalizer or a case goes. */
  private headOf(node: B.Node): number {
    if (node.type === "CatchClause") return node.body.start! + 1;
    if (node.type !== "SwitchCase") return node.start! + 1;
    return this.find(":", node.test?.end ?? node.start! + "default".length) + 1;
  }

  private catch({ param, body }: B.CatchClause, line: number): void {
    const { error } = this.names;
    const [start, end] = [param!.start!, param!.typeAnnotation?.end ?? param!.end!];
    const inside = body.start! + 1;
    this.edits.appendLeft(start, error);
    this.edits.appendRight(start, ` ${this.mp}.line(${line}); let `);
    this.edits.prependLeft(end, ` = ${error}; {`);
    this.edits.move(start, end, inside);
    // Of an empty body the moved parameter is all there is before its end.
    this.edits.prependRight(body.end! - 1, "} ");
  }

  private whileRound(node: B.WhileStatement, line: number): void {
    const open = this.find("(", node.start! + "while".length);
    this.edits.update(node.start!, node.start! + "while".length, "for");
    this.edits.appendLeft(open + 1, "; ");
    this.edits.prependLeft(this.headEnd(node, node.test.end!), `; ${this.mp}.line(${line})`);
  }

  private update({ before, after }: Probe<B.Node>, node: B.ForStatement): void {
    const call = (written: typeof before) => (written ? `${this.mp}.${written.method}(${written.line})` : "");
    const { update } = node;
    if (!update) {
      this.edits.appendLeft(this.headEnd(node, (node.test ?? node.init)?.end ?? node.start!), ` ${call(before)}`);
      return;
    }
    this.around({ at: update as Range }, before ? `${call(before)}, ` : "", after ? `, ${call(after)}` : "");
  }

  private round({ label, line }: Probe<B.Node>, { body }: B.ForOfStatement): void {
    const call = `${this.mp}.line(${line}); `;
    if (label) return this.around({ at: body as Range }, `{ ${label}: { `, ` } ${call}}`);
    const last = body.type === "BlockStatement" ? body.body.at(-1) : body;
    const separated = `${last && this.text[last.end! - 1] !== ";" ? "; " : ""}${call}`;
    if (body.type === "BlockStatement") this.edits.prependLeft(body.end! - 1, separated);
    else this.around({ at: body as Range }, "{ ", ` ${separated}}`);
  }

  private awaitRound({ label, line }: Probe<B.Node>, { right, body }: B.ForOfStatement): void {
    const { mp } = this;
    this.value(right, `${mp}.suspend(`);
    const open = `{ ${mp}.resume(); try { ${label ? `${label}: ` : ""}{ `;
    this.around({ at: body as Range }, open, ` } ${mp}.line(${line}); } finally { ${mp}.suspend(); } }`);
  }

  private options({ k, name, runtimeOptions }: Probe<B.Node>): void {
    const { call, object, fn } = runtimeOptions!;
    this.edits.update(call.start, object.start, `${this.names.module}().options(${k}, `);
    this.edits.update(object.end, fn.start, ", ");
    this.edits.update(fn.end, call.end, name === undefined ? ")" : `, ${JSON.stringify(name)})`);
  }

  // ---- tokens that the tree has no position for ----

  /** The end of `=>`. */
  private arrowOf(fn: B.ArrowFunctionExpression): number {
    const from = fn.returnType?.end ?? fn.params.at(-1)?.end ?? fn.typeParameters?.end ?? fn.start!;
    return this.find("=>", from) + 2;
  }

  /** The parenthesis that closes the head of a loop. */
  private headEnd({ body }: B.ForStatement | B.WhileStatement, from: number): number {
    let end = -1;
    for (let at = this.find(")", from); at >= 0 && at < body.start!; at = this.find(")", at + 1)) end = at;
    return end;
  }

  /** Offset of `token` at or after `from`, past comments; -1 if there is none. */
  private find(token: string, from: number): number {
    const pattern = new RegExp(`//[^\\n\\r\\u2028\\u2029]*|/\\*[sS]*?\\*/|${token.replace(/[()]/g, "\\$&")}`, "g");
    pattern.lastIndex = from;
    for (let match = pattern.exec(this.text); match; match = pattern.exec(this.text)) {
      if (match[0] === token) return match.index;
    }
    return -1;
  }
}
