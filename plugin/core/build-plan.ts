import {
  COUNTED_TABLE_VERSION,
  FUNCTION_GENERATOR,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ListingTable,
  type MarkOptions,
  type ModuleTable,
  TABLE_VERSION,
} from "../../contract/module-table.ts";
import { listOf } from "../../contract/values.ts";
import { type ChosenFunction, chooseFunctions } from "./choose-functions.ts";
import type { SourceFile } from "./compile.ts";
import { findEarlyError } from "./early-errors.ts";
import { type Away, type FoundFunction, findFunctions } from "./find-functions.ts";
import { sortProbes } from "./forms.ts";
import { FileValues } from "./known-values.ts";
import { createLiteralForms, type LiteralForms } from "./literal-forms.ts";
import type { Mark } from "./mark.ts";
import type { Marks } from "./marks.ts";
import { createWarning, internalWarning, type MessageCode, type Warning } from "./messages.ts";
import { chooseNames } from "./names.ts";
import { tooDeep } from "./nesting.ts";
import { numberSlots } from "./number-slots.ts";
import type { Options } from "./options.ts";
import type { Expression, FunctionOutline, Outline, Statement } from "./outline.ts";
import type { Plan, Probe } from "./plan.ts";
import { type PlannedFunction, planFunction } from "./plan-function.ts";
import { isForReactCompiler } from "./react-compiler.ts";
import type { SourceText } from "./source-text.ts";
import { isStackOverflow, TOO_DEEP } from "./stack.ts";
import { findUnsupported } from "./unsupported.ts";
import { visitAll } from "./walk.ts";

export interface PlanContext {
  options: Options;
  marks: Marks;
  /** The text as written, with its marks: where warnings point. */
  written: SourceText;
  /** The lines that rows show: of `written`, or of the source it was compiled from. The outline's lines are theirs. */
  lines: readonly string[];
  /** The row that shows a line of `written`; `null` if none does. */
  rowOf(line: number): number | null;
  /** Path of those lines' file, relative to the root, with `/`. */
  file: string;
  /** The file is a plain script: its top level is shared with others. */
  isScript: boolean;
  /** See `SourceFile.holds`. */
  holds: SourceFile["holds"];
  /** JSX is compiled to something other than calls that run where they stand. */
  hasOpaqueJsx(): boolean;
  /** React's compiler is at work. */
  hasReactCompiler(): boolean;
}

/** Outline and options -> Plan: the only place that decides what is written where. */
export function buildPlan<N>(outline: Outline<N>, context: PlanContext): Plan<N> {
  const literals = createLiteralForms(outline.text, listOf(context.options.literal ?? []), context.hasOpaqueJsx);
  const { functions, unused } = findFunctions(outline, context.marks.marks, literals);
  const builder = new PlanBuilder(outline, context, literals);
  builder.found = functions.map(({ name }) => name);
  for (const { offset } of unused) {
    const cure = "Put it directly above a function, a method, a class, or a statement that holds functions.";
    builder.warn("MPROF_MARK_NOT_A_FUNCTION", "a mark stands on something that is no function", cure, offset);
  }
  const { chosen, away } = chooseFunctions(functions, context.options, context.holds);
  builder.tellAway(away);
  const error = chosen.length > 0 ? findEarlyError(outline.body) : null;
  if (error) builder.warn("MPROF_UNSUPPORTED", `the file is left alone: ${error.what}`, "Correct it.", error.offset);
  else builder.add(chosen);
  return builder.plan();
}

const MOST_CHARACTERS = 500;

/** A function with its own probes; its index in the module table is not known before all are planned. */
interface Planned<N> extends ChosenFunction<N>, PlannedFunction<N> {}

class PlanBuilder<N> {
  private readonly outline: Outline<N>;
  private readonly context: PlanContext;
  private readonly literals: LiteralForms;
  private readonly values: FileValues<N>;
  private readonly warnings: Warning[];
  private readonly table: ModuleTable;
  private readonly names: Plan<N>["names"];
  private planned: Planned<N>[] = [];
  found: readonly string[] = [];
  /** Function declarations at the top level. */
  private readonly declared: ReadonlySet<unknown>;
  private labels = 0;
  private overflowed = false;

  constructor(outline: Outline<N>, context: PlanContext, literals: LiteralForms) {
    this.outline = outline;
    this.context = context;
    this.literals = literals;
    this.values = new FileValues(outline);
    this.warnings = [...context.marks.warnings];
    this.table = { version: TABLE_VERSION, file: context.file, listings: [], functions: [] };
    this.names = chooseNames(context.written.text, context.isScript ? context.file : null);
    this.declared = new Set(outline.body.flatMap(declarationsIn));
  }

  /** Functions that are handed to what moves them, or sends their text away. */
  tellAway(away: readonly FoundFunction<N>[]): void {
    const told = new Set<Away | null>();
    for (const { away: where, name, fn } of away) {
      if (where === null || told.has(where)) continue;
      told.add(where);
      const isMoved = where.how === "moved";
      const sent = where.to === null ? "becomes a text" : `is handed to ${where.to} as text`;
      const what = isMoved ? `is moved above the imports by ${where.to}` : sent;
      const cure = isMoved
        ? "Put it elsewhere and call it from there to profile it; /* @noprofile */ before it says that this is meant."
        : "No profiler is where it runs; /* @noprofile */ before it says that this is meant.";
      this.warn("MPROF_LEFT_ALONE", `${name} is left alone: it ${what}`, cure, fn.start);
    }
  }

  add(chosen: readonly ChosenFunction<N>[]): void {
    const alone = new Set<FoundFunction<N>>();
    const apart = new Set(chosen.map(({ found }) => found.fn));
    for (const { found, owner } of chosen) {
      const planned = this.planOf(found, owner, apart);
      if (!planned) alone.add(found);
      else if (!alone.has(owner)) this.planned.push({ found, owner, ...planned });
    }
    this.dropTooDeep();
    this.number();
  }

  /** One guard per function: what goes wrong in ours costs its rows, and nothing else. */
  private planOf(
    found: FoundFunction<N>,
    owner: FoundFunction<N>,
    apart: ReadonlySet<unknown>,
  ): PlannedFunction<N> | null {
    try {
      const reason = findUnsupported(found.fn, this.literals);
      if (reason) {
        this.leaveAlone(found, reason);
        return null;
      }
      const isComponent = isForReactCompiler(found) && this.context.hasReactCompiler();
      if (isComponent) this.tellReactCompiler(found);
      const { literals, outline } = this;
      const { probes, counted } = planFunction(found.fn, {
        literals,
        optOut: isComponent,
        isPlannedApart: (fn) => apart.has(fn),
        nextLabel: () => `${this.names.label}${++this.labels}`,
        known: this.values.in(found.fn),
        isTimed: this.context.options.time === true && this.isCounted(owner),
        counted: this.isCounted(owner) ? { isEarly: found === owner && this.isEarly(found) } : null,
        follows: this.context.options.survivors === true,
        isVariable: (name) => outline.declaredNames.has(name),
      });
      return { probes: [...probes, ...this.runtimeOptions(found)], counted };
    } catch (error) {
      if (isStackOverflow(error)) {
        this.leaveAlone(found, TOO_DEEP);
        return null;
      }
      const place = { file: this.context.file, ...this.context.written.placeOf(found.fn.start) };
      this.warnings.push(internalWarning(error, `${found.name} is left alone`, place));
      return null;
    }
  }

  /** Figures of single calls, and readings after a collection, need activations. */
  private isCounted({ marks }: FoundFunction<N>): boolean {
    const { mode } = this.context.options;
    const needsCalls = marks.some(
      ({ options = {}, runtimeOptions }) =>
        options.gc || options.report === "call" || options.backend === "all" || runtimeOptions,
    );
    return mode === "auto" && !needsCalls;
  }

  /** A function that is declared, or one in it, can be called by a module that imports this one and runs before it. */
  private isEarly(found: FoundFunction<N>): boolean {
    const { isModule, imports, text } = this.outline;
    if (this.context.holds) return false;
    // Nothing that it imports can import it.
    const others = text.replace(/\b(?:from|import)\s*["']node:[^"']*["']/g, "");
    const isLeaf = imports.every(({ from }) => from.startsWith("node:")) && !/\b(?:from|import)\s*["']/.test(others);
    if (!isModule || isLeaf) return false;
    for (let each: FoundFunction<N> | null = found; each; each = each.parent) {
      if (each.parent === null && this.declared.has(each.fn)) return true;
    }
    return false;
  }

  private leaveAlone({ name, fn }: FoundFunction<N>, reason: string): void {
    this.overflowed ||= reason === TOO_DEEP;
    const cure = "It runs as written, without rows.";
    this.warn("MPROF_UNSUPPORTED", `${name} is left alone: ${reason}`, cure, fn.start);
  }

  private tellReactCompiler({ name, fn }: FoundFunction<N>): void {
    const what = `React's compiler does not memoise components that are profiled, as ${name}`;
    const cure = "Their figures are those of components without memoisation; said once a build.";
    this.warn("MPROF_REACT_COMPILER", what, cure, fn.start);
  }

  /** What is written nests, too: a function that the engine might not parse any more stays as it is. */
  private dropTooDeep(): void {
    const deep = tooDeep(this.planned.map(({ probes }) => probes));
    const alone = new Set([...deep].map((index) => this.planned[index]!.found));
    for (const found of alone) {
      // Of those in each other the outermost is worth a word.
      if (!found.parent || !alone.has(found.parent)) this.leaveAlone(found, "it is nested too deeply");
    }
    this.planned = this.planned.filter(({ found, owner }) => !alone.has(found) && !alone.has(owner));
  }

  /** Functions first, in source order; then initialisers, which are activations of their own. */
  private number(): void {
    const listings = new Map<FoundFunction<N>, number>();
    const indices = this.planned.map(({ found, owner }) => {
      if (found === owner) listings.set(found, this.addListing(found));
      const suspends = found.fn.async || found.fn.generator;
      const flags =
        (found === owner ? FUNCTION_OUTER : 0) |
        (suspends ? FUNCTION_SUSPENDS : 0) |
        (found.fn.generator ? FUNCTION_GENERATOR : 0);
      return this.table.functions.push([listings.get(owner)!, flags]) - 1;
    });
    for (const [owner, listing] of listings) {
      if (!this.isCounted(owner)) continue;
      const functions = this.planned.filter((each) => each.owner === owner);
      const table = this.table.listings[listing]!;
      table.slots = numberSlots(functions, table.first, table.lines.length);
      this.table.version = COUNTED_TABLE_VERSION;
      if (this.context.options.time) table.slots.timed = true;
      for (const { probes } of functions) for (const probe of probes) probe.listing = listing;
    }
    this.planned.forEach(({ owner, probes }, index) => {
      for (const probe of probes) {
        if (probe.placement === "initialiser") probe.k = this.table.functions.push([listings.get(owner)!, 0]) - 1;
        else if ("k" in probe) probe.k = indices[index]!;
        else if (probe.placement === "keep") probe.of = listings.get(owner)!;
      }
    });
  }

  private addListing(found: FoundFunction<N>): number {
    const { lines, options: general } = this.context;
    const options: MarkOptions = Object.assign({}, ...found.marks.map((mark) => mark.options));
    const first = this.firstRow(found);
    const listing: ListingTable = {
      name: options.name ?? found.name,
      first,
      lines: lines.slice(first - 1, found.fn.endLine).map(shortened),
    };
    if (general.embedSource === false) listing.lines = listing.lines.map(() => "");
    if (Object.keys(options).length > 0) listing.options = options;
    return this.table.listings.push(listing) - 1;
  }

  /** The first decorator of the declaration; else the comment that holds the mark; else the statement, member or call. */
  private firstRow({ fn, marks, holder, isMember }: FoundFunction<N>): number {
    // Not the mark of the class around it, nor `profile(f)` somewhere else.
    const isOwn = ({ form, target, offset }: Mark) =>
      target >= holder.start && (form !== "call" || (offset >= holder.start && offset <= fn.start));
    const own = marks.filter((mark) => !mark.noprofile && isOwn(mark));
    const of = (form: string) => {
      const mark = own.find((each) => each.form === form);
      return mark && (this.context.rowOf(mark.line) ?? holder.line);
    };
    const decorator = of("decorator");
    if (decorator !== undefined) return isMember ? Math.min(decorator, holder.line) : decorator;
    return of("comment") ?? of("call") ?? holder.line;
  }

  /** `profile({ stream })(fn)`: the options are evaluated where they stand. */
  private runtimeOptions({ marks, named, name, fn }: FoundFunction<N>): Probe<N>[] {
    return marks.flatMap(({ runtimeOptions }) => {
      const at = runtimeOptions && this.expressionAt(runtimeOptions.fn);
      if (!at) return [];
      const ownName = named && fn.name === null ? name : null;
      return [{ placement: "options", node: at.node, at, k: 0, runtimeOptions, name: ownName }];
    });
  }

  private expressionAt({ start, end }: { start: number; end: number }): Expression<N> | null {
    let found: Expression<N> | null = null;
    visitAll(this.outline.body, {
      expression: (expression) => {
        if (expression.start === start && expression.end === end) found ??= expression;
      },
    });
    return found;
  }

  warn(code: MessageCode, what: string, cure: string, offset: number): void {
    const place = { file: this.context.file, ...this.context.written.placeOf(offset) };
    this.warnings.push(createWarning(code, what, cure, place));
  }

  plan(): Plan<N> {
    const isEmpty = this.table.functions.length === 0;
    const probes = sortProbes(this.planned.flatMap((each) => each.probes));
    const { table, names, warnings, found, overflowed } = this;
    return { table: isEmpty ? null : table, probes, names, warnings, found, overflowed };
  }
}

/** A function of its own, or of an `export`. */
function declarationsIn<N>(statement: Statement<N>): FunctionOutline<N>[] {
  if (statement.kind === "export" && statement.declaration) return declarationsIn(statement.declaration);
  return statement.kind === "function" ? [statement.fn] : [];
}

/** Of a line that nobody reads to its end, such as a whole minified file, the beginning: each function on it has a copy. */
function shortened(line: string): string {
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}\u2026` : line;
}
