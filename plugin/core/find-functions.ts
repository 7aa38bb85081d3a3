import { partsOf } from "./expressions.ts";
import { type LiteralForms, literalFormOf } from "./literal-forms.ts";
import type { Mark } from "./mark.ts";
import type { ClassOutline, Expression, FunctionOutline, MemberOutline, Outline, Span, Statement } from "./outline.ts";
import { SourceText } from "./source-text.ts";
import { expressionsOf, statementsOf, takesMarks } from "./statements.ts";
import { functionIn, partsOfClass, statementsOfBody } from "./walk.ts";

/**
 * Every function of a file in source order, with what the choice of profiled functions needs: the name it is shown by,
 * what holds it, its marks, and the function around it.
 */
export interface FoundFunction<N> {
  fn: FunctionOutline<N>;
  /** `load`, `Cache.get`, `api.load`, `default`, `(anonymous at 12:4)`. */
  name: string;
  /** Declared, a method, or named by assignment: what `functions: "all"` selects. */
  named: boolean;
  /** The innermost statement, member or property that holds it. */
  holder: Span;
  /** The holder is a class member, whose span begins with its first decorator. */
  isMember: boolean;
  marks: Mark[];
  /** The function around it, transparent ones apart. */
  parent: FoundFunction<N> | null;
  /** Called where it stands at module level, or passed to a module-level call: no listing unless marked. */
  transparent: boolean;
  /** Inside a `with` body, which is left whole. */
  leftWhole: boolean;
  /** Why it, and all inside it, cannot run where it stands; `null` for almost all. */
  away: Away | null;
}

/** A function that runs where nothing of ours exists: whatever marks it has, and those in it, they cannot be honoured. */
export interface Away {
  /** Another compiler moves it above the imports, or its text is sent elsewhere. */
  how: "moved" | "sent";
  /** Where it is handed over; `null` for a text that it is put into. */
  to: string | null;
}

interface Context<N> {
  parent: FoundFunction<N> | null;
  holder: Span;
  isMember: boolean;
  /** Marks of the statement or member that apply to the functions in it. */
  marks: Mark[];
  leftWhole: boolean;
  away: Away | null;
}

/** The name that an expression gets from where it stands. */
interface Hint {
  name: string;
  /** By declaration, assignment or as a member, not through a call or an arm of `?:`. */
  direct: boolean;
}

/** @returns the functions, and the marks that no function took */
export function findFunctions<N>(
  outline: Outline<N>,
  marks: readonly Mark[],
  literals: LiteralForms,
): { functions: FoundFunction<N>[]; unused: Mark[] } {
  const finder = new FunctionFinder<N>(marks, outline.text, literals);
  const holder = { start: 0, end: outline.text.length, line: 1, endLine: 1 };
  const nowhere = { parent: null, isMember: false, marks: [], leftWhole: false, away: null };
  finder.statements(outline.body, { ...nowhere, holder });
  finder.sendNamed(outline.declaredNames);
  const taken = new Set(finder.functions.flatMap((found) => found.marks));
  return { functions: finder.functions, unused: marks.filter((mark) => !taken.has(mark)) };
}

class FunctionFinder<N> {
  readonly functions: FoundFunction<N>[] = [];
  private readonly marksAt = new Map<number, Mark[]>();
  private readonly source: SourceText;
  private readonly literals: LiteralForms;
  /** Names that stand for functions where functions are handed over. */
  private readonly named = new Map<string, Away>();

  constructor(marks: readonly Mark[], text: string, literals: LiteralForms) {
    this.source = new SourceText(text);
    this.literals = literals;
    for (const mark of marks) {
      const others = this.marksAt.get(mark.target);
      if (others) others.push(mark);
      else this.marksAt.set(mark.target, [mark]);
    }
  }

  /** The marks above one of these offsets; each is claimed once, by the outermost. */
  private claim(...offsets: number[]): Mark[] {
    return [...new Set(offsets)].flatMap((offset) => {
      const marks = this.marksAt.get(offset) ?? [];
      this.marksAt.delete(offset);
      return marks;
    });
  }

  statements(statements: readonly Statement<N>[], context: Context<N>): void {
    for (const statement of statements) this.statement(statement, context);
  }

  /** @param exported the context of the `export` that a declaration stands in: its holder and marks are the declaration's */
  private statement(statement: Statement<N>, outer: Context<N>, exported: Context<N> | null = null): void {
    const context = exported ?? this.contextOf(statement, outer);
    switch (statement.kind) {
      case "export":
        if (statement.declaration) this.statement(statement.declaration, outer, context);
        if (statement.expression) this.expression(statement.expression, context, { name: "default", direct: true });
        return;
      case "function":
        return this.fn(statement.fn, context, { name: statement.fn.name ?? "default", direct: true });
      case "class":
        return this.cls(statement.cls, context, statement.cls.name ?? "default");
      case "variable":
        for (const { name, pattern, init } of statement.declarators) {
          if (init) this.expression(init, context, name === null ? null : { name, direct: true });
          if (pattern) this.expression(pattern, context, null);
        }
        return;
      default:
        for (const expression of expressionsOf(statement)) this.expression(expression, context, null);
        this.statements(statementsOf(statement), { ...context, marks: [] });
    }
  }

  private contextOf(statement: Statement<N>, outer: Context<N>): Context<N> {
    const declaration = statement.kind === "export" ? statement.declaration : statement;
    const offsets = [statement.start];
    if (declaration) offsets.push(declaration.start);
    // A mark may stand below somebody else's decorator.
    if (declaration?.kind === "class") offsets.push(declaration.cls.keyStart);
    return {
      parent: outer.parent,
      holder: statement,
      isMember: false,
      marks: takesMarks(statement) ? this.claim(...offsets) : [],
      leftWhole: outer.leftWhole || statement.kind === "with",
      away: outer.away,
    };
  }

  private expression(expression: Expression<N>, context: Context<N>, hint: Hint | null): void {
    const indirect = hint && { ...hint, direct: false };
    switch (expression.kind) {
      case "function":
        return this.fn(expression.fn, this.withMarksAt(expression, context), hint);
      case "class":
        return this.cls(
          expression.cls,
          this.withMarksAt(expression, context),
          expression.cls.name ?? hint?.name ?? null,
        );
      case "pass":
        return this.expression(expression.argument, context, hint);
      case "assign":
        this.expression(expression.target, context, null);
        return this.expression(
          expression.value,
          context,
          expression.name ? { name: expression.name, direct: true } : hint,
        );
      case "object":
        for (const property of expression.properties) {
          const { name, key, value, start } = property;
          const own = this.claim(start);
          const inner = { ...context, holder: property, isMember: false, marks: own.length > 0 ? own : context.marks };
          if (key) this.expression(key, context, null);
          const prefix = hint?.direct ? `${hint.name}.` : "";
          this.expression(value, inner, name === null ? null : { name: prefix + name, direct: true });
        }
        return;
      case "call":
        return this.call(expression, context, indirect);
      case "template":
        for (const hole of expression.holes) this.expression(hole, this.asText(hole, context), indirect);
        return;
      case "binary": {
        const [next] = expression.rest;
        for (const { operand, logical } of [{ operand: expression.first, logical: next!.logical }, ...expression.rest])
          this.expression(operand, logical ? context : this.asText(operand, context), indirect);
        return;
      }
      default:
        for (const part of partsOf(expression)) this.expression(part, context, indirect);
    }
  }

  /** A function that a module-level call calls or is given is transparent: its body counts as module level. */
  private call(call: Expression<N, "call">, context: Context<N>, hint: Hint | null): void {
    const called = call.callee?.kind === "member" ? call.callee.object : call.callee;
    const how = literalFormOf(call, this.literals)?.functions;
    const to =
      how && call.callee ? `${this.source.text.slice(call.start, call.callee.end).replace(/\s+/g, " ")}()` : "";
    for (const part of partsOf(call)) {
      const isCallee = part === call.callee;
      const fn = functionIn(isCallee ? called! : part);
      const inner = how && !isCallee ? { ...context, away: context.away ?? { how, to } } : context;
      if (how && !isCallee && part.kind === "name") {
        this.named.set(this.source.text.slice(part.start, part.end), { how, to });
      }
      const isText = fn !== null && isCallee && call.callee?.kind === "member" && this.isToString(call.callee);
      // A name of its own is as good as one by assignment, wherever the function is handed to.
      const isTransparent = context.parent === null && call.form !== "import" && (isCallee || fn?.name == null);
      if (fn && isText) this.fn(fn, this.asText(called!, this.withMarksAt(fn, inner)), hint);
      else if (fn && isTransparent) this.fn(fn, this.withMarksAt(fn, inner), hint, true);
      else this.expression(part, inner, hint);
    }
  }

  /** A function that becomes a text: `${function f() {…}}`, `"(" + function () {…} + ")()"`. */
  private asText(part: Expression<N>, context: Context<N>): Context<N> {
    return functionIn(part) ? { ...context, away: context.away ?? { how: "sent", to: null } } : context;
  }

  /** Functions that are handed over by a name, if the file says without doubt whose it is; with all that is in them. */
  sendNamed(declaredNames: ReadonlyMap<string, number>): void {
    for (const found of this.functions) {
      const named = declaredNames.get(found.name) === 1 ? this.named.get(found.name) : undefined;
      found.away ??= named ?? found.parent?.away ?? null;
    }
  }

  /** `(function f() {…}).toString()` */
  private isToString({ object, end }: Expression<N, "member">): boolean {
    return /\.\s*toString$/.test(this.source.text.slice(object.end, end));
  }

  private withMarksAt(span: Span, context: Context<N>): Context<N> {
    const own = this.claim(span.start);
    return own.length === 0 ? context : { ...context, marks: [...own, ...context.marks] };
  }

  private cls(cls: ClassOutline<N>, context: Context<N>, name: string | null): void {
    for (const part of partsOfClass(cls)) this.expression(part, { ...context, marks: [] }, null);
    for (const member of cls.members) this.member(member, context, name ? `${name}.` : "");
  }

  private member(member: MemberOutline<N>, context: Context<N>, prefix: string): void {
    const own = this.claim(member.start, member.keyStart);
    const inner = { ...context, holder: member, isMember: true, marks: [...own, ...context.marks] };
    const name = prefix + (member.fn?.form === "staticBlock" ? "static" : (member.name ?? "[computed]"));
    if (member.fn?.form === "staticBlock" && inner.marks.length === 0)
      this.statements(statementsOfBody(member.fn), inner);
    else if (member.fn) this.fn(member.fn, inner, { name, direct: true });
    if (!member.initialiser) return;
    // A class's own mark takes only fields that are functions; a field's mark takes all functions in it.
    const isFunction = functionIn(member.initialiser) !== null;
    this.expression(member.initialiser, isFunction ? inner : { ...inner, marks: own }, { name, direct: true });
  }

  private fn(fn: FunctionOutline<N>, context: Context<N>, hint: Hint | null, transparent = false): void {
    const { line, column } = this.source.placeOf(fn.start);
    const found: FoundFunction<N> = {
      fn,
      name: fn.name ?? hint?.name ?? `(anonymous at ${line}:${column})`,
      named: fn.name !== null || hint?.direct === true,
      holder: context.holder,
      isMember: context.isMember,
      marks: [...context.marks, ...this.claim(fn.start)],
      parent: context.parent,
      transparent: false,
      leftWhole: context.leftWhole,
      away: context.away,
    };
    found.transparent = transparent && found.marks.length === 0;
    this.functions.push(found);
    const inner = { ...context, marks: [], parent: found.transparent ? context.parent : found };
    for (const parameter of fn.parameters) this.expression(parameter, inner, null);
    if (fn.body.kind === "concise") this.expression(fn.body.expression, inner, null);
    else this.statements(fn.body.statements, inner);
  }
}
