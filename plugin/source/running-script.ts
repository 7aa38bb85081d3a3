/**
 * A script that runs already: probes for functions of it that were written when it was loaded. Its top level does not run
 * again, so there is no prologue; what probes call are globals, whose names are given back.
 */
import type * as B from "@babel/types";
import MagicString from "magic-string";
import { FUNCTION_SUSPENDS, type ListingTable, type ModuleTable, SLOT_NONE } from "../../contract/module-table.ts";
import { readFile } from "../babel/read-file.ts";
import { compileFile, createSettings, type Host, type Settings, type SourceFile } from "../core/compile.ts";
import type { Warning } from "../core/messages.ts";
import { isInstrumented } from "../core/names.ts";
import { includesFile, type Options } from "../core/options.ts";
import type { Plan, Probe } from "../core/plan.ts";
import type { Reading } from "../core/read-file.ts";
import { SourceText } from "../core/source-text.ts";
import { applyPlan } from "./apply-plan.ts";
import { hasClassOfFields } from "./has-class-of-fields.ts";
import { createParser } from "./parse.ts";
import { type RunningFunction, RunningSources, type RunningText, type Source } from "./running-sources.ts";

/** What probes of one source call: globals to be there as long as they are. */
export interface ProbeNames {
  /** Gives the module's handle. */
  module: string;
  /** Follows values. */
  keep: string;
  /** The counters of each listing, in the order of the table. */
  counters: string[];
}

/** The functions of one source. */
export interface WrittenPart {
  table: ModuleTable;
  names: ProbeNames;
}

/** A statement, for those who cannot write probes. */
export interface RunningStatement {
  /** Line of the source. */
  row: number;
  /** In the text. */
  start: Place;
  end: Place;
}

/** As the engine counts: from 0. */
export interface Place {
  lineNumber: number;
  columnNumber: number;
}

/** A function, and what it would have probes at. */
export interface OutlinedFunction {
  listing: Pick<ListingTable, "name" | "first" | "lines">;
  file: string;
  /** It, or a function in it, is async or a generator: its calls can be put aside. */
  suspends: boolean;
  /** It holds other functions. */
  makesFunctions: boolean;
  statements: RunningStatement[];
  /** Rows with probes, lines of the source. */
  rows: number[];
}

export interface Written {
  code: string;
  parts: WrittenPart[];
  /** Why functions are left alone. */
  warnings: Warning[];
}

/** Lines longer than this on average are for machines. */
const LONGEST_READABLE = 400;

const CALL = /[\w$]+(?=\s*\()/g;

export class RunningScript {
  /** Chosen by the options, in source order. */
  readonly functions: RunningFunction[] = [];
  /** The names of all its functions. */
  found: readonly string[] = [];
  /** Why it cannot be read. */
  readonly warnings: Warning[] = [];
  /** It was built with probes. */
  readonly isProfiled: boolean;
  /** Nobody can read its lines, and no map leads to others. */
  readonly isMinified: boolean;
  private readonly script: RunningText;
  private readonly settings: Settings;
  private readonly written: SourceText;
  private readonly sources: RunningSources;
  private readonly parse;

  /** @param options which functions; `include` is of sources. `runtime`, `mode` are ours */
  constructor(script: RunningText, options: Options, host: Host) {
    this.script = script;
    this.settings = createSettings({ ...options, include: undefined, runtime: "global", mode: "auto" }, host);
    this.written = new SourceText(script.text);
    this.sources = new RunningSources(script, this.settings.root);
    this.isProfiled = isInstrumented(script.text);
    this.isMinified = script.map === null && script.text.length > LONGEST_READABLE * this.written.lines.length;
    const parse = createParser(script.filename, script.isModule ? "module" : "commonjs");
    const trees = new Map<string, B.File>();
    this.parse = (text: string, settings?: { tokens: boolean }) => {
      const tree = settings?.tokens ? parse(text, settings) : (trees.get(text) ?? parse(text));
      if (!settings?.tokens) trees.set(text, tree);
      return tree;
    };
    if (!this.isProfiled) this.choose(options);
  }

  private choose(options: Options): void {
    const chosen: { name: string; start: number; end: number }[] = [];
    const file = this.fileOf(null, (each) => {
      chosen.push(each);
      return false;
    });
    const settings: Settings = {
      ...this.settings,
      host: {
        ...this.settings.host,
        onPlan: ({ found }) => {
          this.found = found;
        },
      },
    };
    const { warnings } = compileFile(file, settings, () => this.read(null));
    this.warnings.push(...warnings.filter(({ code }) => code === "MPROF_PARSE" || code === "MPROF_INTERNAL"));
    for (const { name, start, end } of chosen) {
      const { source, line } = this.sources.at(this.written.placeOf(start));
      if (!includesFile(source.path, options)) continue;
      const fn = { name, start, end, file: source.path, line };
      source.functions.push(fn);
      this.functions.push(fn);
    }
  }

  /** Paths, relative to the root, of sources with chosen functions whose text the map does not have. */
  missing(): string[] {
    return this.sources.all.filter(({ lines, functions }) => !lines && functions.length > 0).map(({ path }) => path);
  }

  /** The text of a source, by its path. */
  addContent(path: string, content: string): void {
    this.sources.addContent(path, content);
  }

  /** The text with probes in those of the chosen functions that are wanted. */
  write(wanted: (fn: RunningFunction) => boolean): Written {
    const edits = new MagicString(this.script.text);
    const written: Written = { code: this.script.text, parts: [], warnings: [] };
    for (const source of this.sources.all) {
      const starts = new Set(source.functions.filter(wanted).map(({ start }) => start));
      if (starts.size === 0) continue;
      const file = this.fileOf(source, ({ start }) => starts.has(start));
      const { plan, warnings } = compileFile(file, this.settings, () => this.read(source));
      written.warnings.push(...warnings);
      if (!plan?.table) continue;
      applyPlan(edits, plan, true);
      written.parts.push(partOf(plan, plan.table));
    }
    written.code = edits.toString();
    return written;
  }

  /** A function of it makes classes that have fields and no constructor. */
  get makesClassesOfFields(): boolean {
    return hasClassOfFields(this.parse(this.script.text).program, false);
  }

  /** The innermost of the chosen functions round a place. */
  functionAt({ lineNumber, columnNumber }: Place): RunningFunction | undefined {
    const offset = this.written.offsetOf(lineNumber + 1) + columnNumber;
    // Those that are inside others come later.
    return this.functions.findLast(({ start, end }) => start <= offset && offset < end);
  }

  /** Of the chosen functions, those that one calls by their names. */
  calledIn({ start, end }: RunningFunction): RunningFunction[] {
    const called = new Set(Array.from(this.script.text.slice(start, end).matchAll(CALL), ([name]) => name));
    return this.functions.filter((fn) => fn.start !== start && called.has(fn.name.slice(fn.name.lastIndexOf(".") + 1)));
  }

  /** @returns undefined if it is left alone */
  outline(fn: RunningFunction): OutlinedFunction | undefined {
    const source = this.sources.all.find(({ functions }) => functions.includes(fn));
    const file = this.fileOf(source ?? null, ({ start }) => start === fn.start);
    const { plan } = compileFile(file, this.settings, () => this.read(source ?? null));
    const [listing] = plan?.table?.listings ?? [];
    if (!plan?.table || !listing) return undefined;
    const kinds = listing.slots?.kinds ?? "";
    return {
      listing: { name: listing.name, first: listing.first, lines: listing.lines },
      file: plan.table.file,
      suspends: plan.table.functions.some(([, flags]) => (flags & FUNCTION_SUSPENDS) !== 0),
      makesFunctions: plan.table.functions.length > 1,
      statements: plan.probes.flatMap((probe) => this.statementOf(probe)),
      rows: listing.lines.flatMap((_, row) => (kinds[row] !== SLOT_NONE ? [listing.first + row] : [])),
    };
  }

  private statementOf(probe: Probe<B.Node>): RunningStatement[] {
    if (probe.placement !== "before" && probe.placement !== "enter-concise") return [];
    const { start, end } = probe.placement === "before" ? probe.at : probe.inside;
    return [{ row: probe.line, start: this.placeOf(start), end: this.placeOf(end) }];
  }

  private placeOf(offset: number): Place {
    const { line, column } = this.written.placeOf(offset);
    return { lineNumber: line - 1, columnNumber: column - 1 };
  }

  private fileOf(source: Source | null, holds: NonNullable<SourceFile["holds"]>): SourceFile {
    const { script, sources } = this;
    const origin = source && sources.originOf(source);
    return { filename: script.filename, path: sources.path, text: script.text, origin, holds };
  }

  private read(source: Source | null): Reading<B.Node> {
    if (source?.reading) return source.reading;
    const { text } = this.script;
    const rowOf = (source && this.sources.originOf(source)?.rowOf) ?? null;
    const { outline } = readFile({ text, path: this.sources.path }, rowOf, this.parse);
    // Marks are for builds: what they stand for was decided when it was compiled.
    const reading: Reading<B.Node> = { outline, marks: { marks: [], masks: [], warnings: [] } };
    if (source) source.reading = reading;
    return reading;
  }
}

function partOf({ names }: Plan<B.Node>, table: ModuleTable): WrittenPart {
  const counters = table.listings.map((_, index) => `${names.counters}${index}`);
  return { table, names: { module: names.module, keep: names.keep, counters } };
}
