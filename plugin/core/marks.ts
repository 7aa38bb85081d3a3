import { optionsAt } from "../../contract/options.ts";
import { type CommentMark, readCommentMarks } from "./comment-marks.ts";
import type { Mark } from "./mark.ts";
import { type ReadOptions, readCommentOptions, readLiteralOptions } from "./mark-options.ts";
import type { Decorator } from "./mask-decorators.ts";
import { createWarning, type MessageCode, type Warning } from "./messages.ts";
import type { Expression, FunctionOutline, Outline, Statement } from "./outline.ts";
import { OwnNames } from "./own-names.ts";
import {
  findToken,
  hasBlankLine,
  lastToken,
  nextToken,
  openingParenthesis,
  type Range,
  readToken,
  SourceText,
} from "./source-text.ts";
import { takesMarks } from "./statements.ts";
import { visitAll } from "./walk.ts";

export interface Marks {
  marks: Mark[];
  /** What to overwrite by blanks, so that the source without marks is left; decorators included. */
  masks: Range[];
  warnings: Warning[];
}

/** Reads the text of a mark's options, `{ precision: 4 }`; `null` if it is no expression. */
export type ParseOptions = (text: string) => { expression: Expression<unknown>; text: string } | null;

/**
 * Finds the marks of a file.
 *
 * @param outline of the text with decorators masked
 * @param original the text as written
 */
export function findMarks<N>(
  outline: Outline<N>,
  decorators: readonly Decorator[],
  original: string,
  file: string,
  parseOptions: ParseOptions,
): Marks {
  const finder = new MarkFinder(outline, original, file);
  // Somebody's own decorator of that name, even once: the syntax above functions cannot be ours in this file.
  if (decorators.every(({ start }) => finder.isOwnDecorator(start))) {
    for (const decorator of decorators) finder.addDecorator(decorator, parseOptions);
  }
  const calls: Expression<N, "call">[] = [];
  visitAll(outline.body, {
    function: (fn) => finder.addDirectives(fn),
    statement: (statement) => finder.remember(statement),
    expression: (expression) => {
      if (expression.kind === "call") calls.push(expression);
    },
  });
  finder.addComments(decorators, parseOptions);
  for (const call of calls) finder.addCall(call);
  finder.addImports();
  return { marks: finder.marks, masks: finder.masks, warnings: finder.warnings };
}

class MarkFinder<N> {
  readonly marks: Mark[] = [];
  readonly masks: Range[] = [];
  readonly warnings: Warning[] = [];
  private readonly outline: Outline<N>;
  private readonly source: SourceText;
  private readonly file: string;
  /** Callees that were read as marks, by start; what else refers to an imported `profile` keeps the import. */
  private readonly consumed = new Set<number>();
  private readonly statements = new Set<Expression<N>>();
  private readonly declared = new Map<string, { start: number }>();
  /** Starts of what a mark can stand above. */
  private readonly holders = new Set<number>();
  private readonly names: OwnNames<N>;

  constructor(outline: Outline<N>, original: string, file: string) {
    this.outline = outline;
    this.source = new SourceText(original);
    this.file = file;
    this.names = new OwnNames(outline);
  }

  /** Whether the name of the decorator at `offset` is ours there. */
  isOwnDecorator(offset: number): boolean {
    return this.names.isOurs(readToken(this.source.text, offset + 1).text, offset);
  }

  addDecorator(decorator: Decorator, parseOptions: ParseOptions): void {
    this.masks.push(decorator);
    const { options: range, noprofile, target, start: offset } = decorator;
    const written = range ? this.source.text.slice(range.start, range.end) : "";
    const { options, problems } = this.readObject(written, parseOptions);
    for (const problem of problems) this.warnOption(problem, offset);
    this.add({ form: "decorator", noprofile, target, offset, options });
  }

  addComments(decorators: readonly Decorator[], parseOptions: ParseOptions): void {
    for (const comment of this.outline.comments) {
      if (!comment.text.includes("profile")) continue;
      const start = this.source.text.indexOf(comment.text, comment.start);
      for (const mark of readCommentMarks(comment.text)) {
        const target = this.targetAfter(comment.end, decorators);
        if (target >= 0) this.addComment(mark, start + mark.start, start + mark.end, target, parseOptions);
      }
    }
  }

  private addComment(mark: CommentMark, start: number, end: number, target: number, parseOptions: ParseOptions): void {
    const { kind, text } = mark.rest;
    if (kind === "words") {
      // Above anything else it is prose.
      if (!this.holders.has(target)) return;
      const cure = "Write // @profile alone, with key=value pairs, or with a remark after a dash: // @profile - why.";
      this.warn("MPROF_MARK_OPTION", `what stands behind a mark is no option: ${text.slice(0, 40)}`, cure, start);
      return;
    }
    const read = kind === "object" ? this.readObject(text, parseOptions) : readCommentOptions(text);
    for (const problem of read.problems) this.warnOption(problem, start);
    this.masks.push({ start, end });
    this.add({ form: "comment", noprofile: mark.noprofile, target, offset: start, options: read.options });
  }

  /** The text between the parentheses of a mark. */
  private readObject(written: string, parseOptions: ParseOptions): Pick<ReadOptions, "options" | "problems"> {
    if (written.trim() === "") return { options: {}, problems: [] };
    const read = parseOptions(written);
    if (read) return readLiteralOptions(read.expression, read.text);
    return { options: {}, problems: [`options that are no object literal: ${written.trim()}`] };
  }

  /** Start of the token after `offset` if no blank line lies between, else -1. Decorators of ours are no tokens. */
  private targetAfter(offset: number, decorators: readonly Decorator[]): number {
    const { text } = this.source;
    let end = offset;
    for (;;) {
      const target = nextToken(text, end);
      if (hasBlankLine(text.slice(end, target))) return -1;
      const decorator = decorators.find(({ start }) => start === target);
      if (!decorator) return target;
      end = decorator.end;
    }
  }

  addDirectives(fn: FunctionOutline<N>): void {
    this.holders.add(fn.start);
    for (const { value, start, end } of fn.directives) {
      if (value !== "use profile" && value !== "use noprofile") continue;
      this.masks.push({ start, end });
      this.add({
        form: "directive",
        noprofile: value === "use noprofile",
        target: fn.start,
        offset: start,
        options: {},
      });
    }
  }

  /** Keeps what calls of `profile` may refer to, and which expressions are statements of their own. */
  remember(statement: Statement<N>): void {
    if (takesMarks(statement)) this.holders.add(statement.start);
    if (statement.kind === "expression") this.statements.add(statement.expression);
    if (statement.kind === "function" && statement.fn.name) this.declared.set(statement.fn.name, statement.fn);
    if (statement.kind === "class" && statement.cls.name) this.declared.set(statement.cls.name, statement);
    if (statement.kind !== "variable") return;
    for (const { name, init } of statement.declarators) {
      const target = name && init && this.functionOf(init);
      if (target) this.declared.set(name, target);
    }
  }

  addCall(call: Expression<N, "call">): void {
    if (call.form !== "call" || call.chained || !call.callee) return;
    const { callee } = call;
    const configured = callee.kind === "call" && callee.callee && this.markName(callee.callee) !== null;
    const marker = configured ? callee.callee! : callee;
    const name = this.markName(marker);
    const [argument] = call.args;
    if (name === null || this.consumed.has(marker.start) || call.args.length !== 1 || argument!.kind === "spread")
      return;
    // `profile(options)` not called where it stands: nothing to see, it passes through at run time.
    if (!configured && argument!.kind === "object") return;
    this.consumed.add(marker.start);
    const target = this.functionOf(argument!);
    if (!target) {
      const code = isPlainValue(argument!) ? "MPROF_MARK_NOT_A_FUNCTION" : "MPROF_MARK_UNKNOWN_FUNCTION";
      const value = this.outline.text.slice(argument!.start, argument!.end).slice(0, 40);
      const cure = "Put the mark where the function is written: a comment line // @profile above it.";
      this.warn(
        code,
        `${name}(…) of ${code === "MPROF_MARK_NOT_A_FUNCTION" ? "something that is no function" : "a function that the compiler cannot see"}: ${value}`,
        cure,
        call.start,
      );
      return;
    }
    const object = configured ? callee.args[0] : undefined;
    const read = object && readLiteralOptions(object, this.outline.text);
    const isRuntime = read?.dynamic === true;
    if (read && !isRuntime) for (const problem of read.problems) this.warnOption(problem, object!.start);
    this.add({
      form: "call",
      noprofile: name === "noprofile",
      target: target.start,
      offset: call.start,
      options: isRuntime ? {} : (read?.options ?? {}),
      runtimeOptions: isRuntime ? { call, object: object!, fn: argument! } : null,
    });
    this.blankCall(call, callee, argument!);
  }

  /** `profile(x)` becomes `(x)`; at the start of a statement `x`, so that it does not continue the line above. */
  private blankCall(call: Expression<N>, callee: Expression<N>, argument: Expression<N>): void {
    const isStatement = this.statements.has(call);
    if (isStatement && argument.kind !== "name") {
      this.consumed.delete(call.start);
      return;
    }
    const { text } = this.outline;
    const open = openingParenthesis(text, callee.end);
    if (isStatement) {
      const last = lastToken(text, "(", { start: open, end: argument.start })!;
      this.masks.push({ start: call.start, end: last.end }, { start: argument.end, end: call.end });
      return;
    }
    this.masks.push({ start: call.start, end: open });
    // `(fn,)` would be no expression.
    let next = readToken(text, argument.end);
    while (next.text === ")" && next.end < call.end) next = readToken(text, next.end);
    if (next.text === ",") this.masks.push(next);
  }

  /** `profile`, `noprofile`, or `null` for a callee that is no mark. */
  private markName(callee: Expression<N>): "profile" | "noprofile" | null {
    const written = this.outline.text.slice(callee.start, callee.end);
    if (callee.kind === "name") return this.names.markAt(written, null, callee.start);
    if (callee.kind !== "member" || callee.property || callee.object.kind !== "name") return null;
    const { text } = this.outline;
    const object = text.slice(callee.object.start, callee.object.end);
    const dot = findToken(text, ".", callee.object.end);
    return dot && this.names.markAt(object, readToken(text, dot.end).text, callee.start);
  }

  /** The function that an argument is, or that it names if the file says so without doubt. */
  private functionOf(argument: Expression<N>): { start: number } | null {
    if (argument.kind === "function") return argument.fn;
    if (argument.kind === "class") return argument.cls;
    if (argument.kind === "pass") return this.functionOf(argument.argument);
    if (argument.kind !== "name") return null;
    const name = this.outline.text.slice(argument.start, argument.end);
    return this.outline.declaredNames.get(name) === 1 ? (this.declared.get(name) ?? null) : null;
  }

  /** Imports that only marks used are blanked; where `profile` is passed on, the import stays and a warning says so. */
  addImports(): void {
    if (this.marks.length > 0) this.masks.push(...new Set(this.names.unusedImports(this.consumed)));
    for (const { name, offset } of this.names.aliases(this.consumed)) {
      const cure = "Marks are followed only by the name that is imported: call or decorate with it directly.";
      this.warn("MPROF_MARK_ALIAS", `"${name}" is passed on`, cure, offset);
    }
  }

  private add(mark: Pick<Mark, "form" | "noprofile" | "target" | "offset" | "options"> & Partial<Mark>): void {
    this.marks.push({ line: this.source.placeOf(mark.offset).line, runtimeOptions: null, ...mark });
  }

  private warnOption(problem: string, offset: number): void {
    const names = optionsAt("mark").map(({ name }) => name);
    const cure = `A mark takes ${names.join(", ")} as literals; the rest goes through profile({ … })(fn).`;
    this.warn("MPROF_MARK_OPTION", problem, cure, offset);
  }

  private warn(code: MessageCode, what: string, cure: string, offset: number): void {
    this.warnings.push(createWarning(code, what, cure, { file: this.file, ...this.source.placeOf(offset) }));
  }
}

function isPlainValue<N>(expression: Expression<N>): boolean {
  return ["constant", "array", "object", "template"].includes(expression.kind);
}
