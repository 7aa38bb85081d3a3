import type { Mark } from "./marks.ts";
import type { ClassOutline, Expression, FunctionOutline, MemberOutline, Outline, Span, Statement } from "./outline.ts";
import { SourceText } from "./source-text.ts";
import { expressionsOf, partsOf, partsOfClass, statementsOf, statementsOfBody } from "./walk.ts";

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
}

interface Context<N> {
  parent: FoundFunction<N> | null;
  holder: Span;
  isMember: boolean;
  /** Marks of the statement or member that apply to the functions in it. */
  marks: Mark[];
  leftWhole: boolean;
}

/** The name that an expression gets from where it stands. */
interface Hint {
  name: string;
  /** By declaration, assignment or as a member, not through a call or an arm of `?:`. */
  direct: boolean;
}

/** A mark above one of these applies to the functions in it; above any other it is a mistake. */
const HOLDS_FUNCTIONS = new Set(["function", "class", "variable", "expression", "return", "export"]);

/** @returns the functions, and the marks that no function took */
export function findFunctions<N>(
  outline: Outline<N>,
  marks: readonly Mark[],
): { functions: FoundFunction<N>[]; unused: Mark[] } {
  const finder = new FunctionFinder<N>(marks, outline.text);
  const whole = { start: 0, end: outline.text.length, line: 1, endLine: 1 };
  finder.statements(outline.body, { parent: null, holder: whole, isMember: false, marks: [], leftWhole: false });
  const taken = new Set(finder.functions.flatMap((found) => found.marks));
  return { functions: finder.functions, unused: marks.filter((mark) => !taken.has(mark)) };
}

class FunctionFinder<N> {
  readonly functions: FoundFunction<N>[] = [];
  private readonly marksAt = new Map<number, Mark[]>();
  private readonly source: SourceText;

  constructor(marks: readonly Mark[], text: string) {
    this.source = new SourceText(text);
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
    const offsets = [statement.start];
    if (statement.kind === "export" && statement.declaration) offsets.push(statement.declaration.start);
    return {
      parent: outer.parent,
      holder: statement,
      isMember: false,
      marks: HOLDS_FUNCTIONS.has(statement.kind) ? this.claim(...offsets) : [],
      leftWhole: outer.leftWhole || statement.kind === "with",
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
      default:
        for (const part of partsOf(expression)) this.expression(part, context, indirect);
    }
  }

  /** A function that a module-level call calls or is given is transparent: its body counts as module level. */
  private call(call: Expression<N> & { kind: "call" }, context: Context<N>, hint: Hint | null): void {
    const called = call.callee?.kind === "member" ? call.callee.object : call.callee;
    for (const part of partsOf(call)) {
      const fn =
        context.parent === null && call.form !== "import" ? functionIn(part === call.callee ? called! : part) : null;
      if (fn) this.fn(fn, this.withMarksAt(fn, context), hint, true);
      else this.expression(part, context, hint);
    }
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
    };
    found.transparent = transparent && found.marks.length === 0;
    this.functions.push(found);
    const inner = { ...context, marks: [], parent: found.transparent ? context.parent : found };
    for (const parameter of fn.parameters) this.expression(parameter, inner, null);
    if (fn.body.kind === "concise") this.expression(fn.body.expression, inner, null);
    else this.statements(fn.body.statements, inner);
  }
}

/** The function that an expression is, looking through type assertions. */
export function functionIn<N>(expression: Expression<N>): FunctionOutline<N> | null {
  if (expression.kind === "pass") return functionIn(expression.argument);
  return expression.kind === "function" ? expression.fn : null;
}
