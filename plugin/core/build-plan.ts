import {
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ListingTable,
  type MarkOptions,
  type ModuleTable,
  TABLE_VERSION,
} from "../../contract/module-table.ts";
import { type ChosenFunction, chooseFunctions } from "./choose-functions.ts";
import { findEarlyError } from "./early-errors.ts";
import { type FoundFunction, findFunctions } from "./find-functions.ts";
import type { Mark, Marks } from "./marks.ts";
import { createWarning, type MessageCode, type Warning } from "./messages.ts";
import { chooseNames } from "./names.ts";
import type { Options } from "./options.ts";
import type { Expression, Outline } from "./outline.ts";
import { assertPlan, type Plan, type Probe, sortProbes } from "./plan.ts";
import { planFunction } from "./plan-function.ts";
import type { SourceText } from "./source-text.ts";
import { findUnsupported } from "./unsupported.ts";
import { visitAll } from "./walk.ts";

export interface PlanContext {
  options: Options;
  marks: Marks;
  /** The text as written, with its marks: where warnings point. */
  written: SourceText;
  /** The lines that rows show: of `written`, or of the source it was compiled from. The outline's lines are theirs. */
  lines: readonly string[];
  /** The row that shows a line of `written`. */
  rowOf(line: number): number;
  /** Path of those lines' file, relative to the root, with `/`. */
  file: string;
  /** The file is a plain script: its top level is shared with others. */
  isScript: boolean;
}

/** Outline and options -> Plan: the only place that decides what is written where. */
export function buildPlan<N>(outline: Outline<N>, context: PlanContext): Plan<N> {
  const { functions, unused } = findFunctions(outline, context.marks.marks);
  const builder = new PlanBuilder(outline, context);
  for (const { offset } of unused) {
    const cure = "Put it directly above a function, a method, a class, or a statement that holds functions.";
    builder.warn("MPROF_MARK_NOT_A_FUNCTION", "a mark stands on something that is no function", cure, offset);
  }
  const chosen = chooseFunctions(functions, context.options);
  const error = chosen.length > 0 ? findEarlyError(outline.body) : null;
  if (error) builder.warn("MPROF_UNSUPPORTED", `the file is left alone: ${error.what}`, "Correct it.", error.offset);
  else builder.add(chosen);
  return builder.plan();
}

class PlanBuilder<N> {
  private readonly outline: Outline<N>;
  private readonly context: PlanContext;
  private readonly probes: Probe<N>[] = [];
  private readonly warnings: Warning[];
  private readonly table: ModuleTable;
  private readonly listings = new Map<FoundFunction<N>, number>();
  private readonly names: Plan<N>["names"];
  private labels = 0;

  constructor(outline: Outline<N>, context: PlanContext) {
    this.outline = outline;
    this.context = context;
    this.warnings = [...context.marks.warnings];
    this.table = { version: TABLE_VERSION, file: context.file, listings: [], functions: [] };
    this.names = chooseNames(context.written.text, context.isScript ? context.file : null);
  }

  add(chosen: readonly ChosenFunction<N>[]): void {
    const alone = new Set<FoundFunction<N>>();
    const planned = new Set(chosen.map(({ found }) => found.fn));
    const functions: { fn: FoundFunction<N>; k: number }[] = [];
    for (const { found, owner } of chosen) {
      const reason = findUnsupported(found.fn);
      if (reason) {
        alone.add(found);
        const cure = "It runs as written, without rows.";
        this.warn("MPROF_UNSUPPORTED", `${found.name} is left alone: ${reason}`, cure, found.fn.start);
      }
      if (reason || alone.has(owner)) continue;
      if (found === owner) this.addListing(found);
      const suspends = found.fn.async || found.fn.generator;
      const flags = (found === owner ? FUNCTION_OUTER : 0) | (suspends ? FUNCTION_SUSPENDS : 0);
      functions.push({ fn: found, k: this.table.functions.push([this.listings.get(owner)!, flags]) - 1 });
    }
    for (const { fn: found, k } of functions) {
      const [listing] = this.table.functions[k]!;
      planFunction(found.fn, k, {
        emit: (probe) => this.probes.push(probe),
        addInitialiser: () => this.table.functions.push([listing, 0]) - 1,
        isPlannedApart: (fn) => planned.has(fn),
        nextLabel: () => `${this.names.label}${++this.labels}`,
      });
      this.addRuntimeOptions(found, k);
    }
  }

  private addListing(found: FoundFunction<N>): void {
    const { lines, options: general } = { lines: this.context.lines, options: this.context.options };
    const options: MarkOptions = Object.assign({}, ...found.marks.map((mark) => mark.options));
    const first = this.firstRow(found);
    const listing: ListingTable = {
      name: options.name ?? found.name,
      first,
      lines: lines.slice(first - 1, found.fn.endLine),
    };
    if (general.embedSource === false) listing.lines = listing.lines.map(() => "");
    if (Object.keys(options).length > 0) listing.options = options;
    this.listings.set(found, this.table.listings.push(listing) - 1);
  }

  /** The first decorator of the declaration; else the comment that holds the mark; else the statement, member or call. */
  private firstRow({ fn, marks, holder, isMember }: FoundFunction<N>): number {
    // Not the mark of the class around it, nor `profile(f)` somewhere else.
    const isOwn = ({ form, target, offset }: Mark) =>
      target >= holder.start && (form !== "call" || (offset >= holder.start && offset <= fn.start));
    const own = marks.filter((mark) => !mark.noprofile && isOwn(mark));
    const of = (form: string) => {
      const mark = own.find((each) => each.form === form);
      return mark && this.context.rowOf(mark.line);
    };
    const decorator = of("decorator");
    if (decorator !== undefined) return isMember ? Math.min(decorator, holder.line) : decorator;
    return of("comment") ?? of("call") ?? holder.line;
  }

  /** `profile({ stream })(fn)`: the options are evaluated where they stand. */
  private addRuntimeOptions({ marks, named, name, fn }: FoundFunction<N>, k: number): void {
    for (const { runtimeOptions } of marks) {
      if (!runtimeOptions) continue;
      const at = this.expressionAt(runtimeOptions.fn);
      if (!at) continue;
      const probe: Probe<N> = { placement: "options", node: at.node, at, k, runtimeOptions };
      if (named && fn.name === null) probe.name = name;
      this.probes.push(probe);
    }
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
    const probes = sortProbes(this.probes);
    const plan = { table: isEmpty ? null : this.table, probes, names: this.names, warnings: this.warnings };
    assertPlan(plan);
    return plan;
  }
}
