import type * as B from "@babel/types";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import type { ModuleTable } from "../../contract/module-table.ts";
import { RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import { maskFile, readFile } from "../babel/read-file.ts";
import { chooseRuntime } from "../core/choose-runtime.ts";
import {
  type Compilation,
  compileFile,
  createSettings,
  type Host,
  isForUs,
  type Settings,
  type SourceFile,
  writePlan,
} from "../core/compile.ts";
import { fillIn, prologueFor } from "../core/forms.ts";
import type { Warning } from "../core/messages.ts";
import { checkOptions, type Options } from "../core/options.ts";
import type { Span } from "../core/outline.ts";
import type { Plan } from "../core/plan.ts";
import { isComponent, pathFromRoot } from "../core/worth-reading.ts";
import { applyMasks, applyPlan } from "./apply-plan.ts";
import { placeInModule, readComponent, type Script } from "./component.ts";
import { readOrigin } from "./origin.ts";
import { createParser } from "./parse.ts";

export interface InstrumentOptions extends Options {
  /** Decides the syntax (`.ts`, `.tsx`, `.mjs`, `.vue` …) and, relative to `root`, the path that reports show. */
  filename: string;
  /** `type` of the package that the file belongs to. @default what its package.json says */
  packageType?: "module" | "commonjs";
  /** Whether to make a source map. @default true */
  sourceMap?: boolean;
  /** Begin with `// @ts-nocheck`, for what checks the types of the result: those of what is written in are not declared. */
  noCheck?: boolean;
  /** The file may be compiled anew while the program runs: see `ModuleTable.hot`. @default false */
  hot?: boolean;
  /** The map by which this text was compiled: rows then are those of its original source. */
  inputSourceMap?: EncodedSourceMap | string | null;
}

export interface Instrumented {
  /** The text handed in, if there is nothing but warnings. */
  code: string;
  /** From `code` to the text handed in; `null` if `sourceMap` is false, or nothing was changed. */
  map: EncodedSourceMap | null;
  /** What the prologue tells the runtime; `null` if nothing is profiled and only marks were taken out. */
  table: ModuleTable | null;
  warnings: Warning[];
  /** The file has `import` or `export` syntax. */
  isModule: boolean;
}

const OWN_OPTIONS = ["filename", "packageType", "sourceMap", "noCheck", "hot", "inputSourceMap"];

/** Does the same where there is more of a stack; `undefined` if that cannot be had. */
export type InstrumentDeeply = (code: string, given: InstrumentOptions) => Instrumented | null | undefined;

/**
 * Text in, text and exact map out, for whatever works on text: bundlers, Node's loaders, tools of your own. Types and JSX
 * stay as they are.
 *
 * @returns `null` if there is nothing to do and nothing to say: no mark in the file, and no option that selects a function of it
 * @param deeply for files that are nested too deeply for the stack of this thread
 * @throws MprofError for a wrong option
 */
export function instrument(
  code: string,
  given: InstrumentOptions,
  host: Host,
  deeply: InstrumentDeeply = () => undefined,
): Instrumented | null {
  checkOptions(given, OWN_OPTIONS);
  const settings = createSettings(given, host);
  const { filename } = given;
  const path = pathFromRoot(filename, settings.root);
  if (!isForUs({ filename, path, text: code }, settings)) return null;
  const origin = given.inputSourceMap ? readOrigin(given.inputSourceMap, filename, settings.root) : null;
  const file: SourceFile = { filename, path, text: code, origin };
  return new Instrumenter(file, given, settings, deeply).run();
}

class Instrumenter {
  private readonly file: SourceFile;
  private readonly given: InstrumentOptions;
  private readonly settings: Settings;
  private readonly deeply: InstrumentDeeply;
  private readonly packageType: "module" | "commonjs";
  private scripts: readonly Script[] | null = null;

  constructor(file: SourceFile, given: InstrumentOptions, settings: Settings, deeply: InstrumentDeeply) {
    this.file = file;
    this.deeply = deeply;
    this.given = given;
    this.settings = settings;
    this.packageType = given.packageType ?? settings.host.packageTypeOf(file.filename);
  }

  run(): Instrumented | null {
    const { file, settings } = this;
    const compilation = compileFile(file, settings, () => this.read());
    if (compilation.overflowed) {
      const { mode, time } = settings.options;
      const result = this.deeply(file.text, { ...this.given, mode, time, packageType: this.packageType });
      if (result !== undefined) {
        for (const warning of result?.warnings ?? []) settings.options.onWarning?.(warning);
        return result;
      }
    }
    const { reading, warnings } = compilation;
    const edits = reading
      ? writePlan(file, compilation, (plan) => this.write(plan, compilation))
      : this.withoutDecorators();
    for (const warning of warnings) settings.options.onWarning?.(warning);
    const isModule = reading?.outline.isModule ?? false;
    const table = compilation.plan?.table ?? null;
    if (edits) return { code: edits.toString(), map: this.mapOf(edits), table, warnings, isModule };
    return warnings.length > 0 ? { code: file.text, map: null, table, warnings, isModule } : null;
  }

  private read() {
    const { file, packageType } = this;
    if (!isComponent(file.path))
      return readFile(file, file.origin?.rowOf ?? null, createParser(file.path, packageType));
    const read = readComponent(file);
    this.scripts = read.scripts;
    return read;
  }

  /** A file that we could not read, though it parses: marks above functions are no JavaScript. */
  private withoutDecorators(): MagicString | null {
    const { file, packageType } = this;
    try {
      const masked = maskFile(file.text, createParser(file.path, packageType));
      if (!masked) return null;
      const edits = new MagicString(file.text);
      applyMasks(edits, masked.decorators, null);
      return edits;
    } catch {
      return null;
    }
  }

  /** @returns `null` if there is nothing to change */
  private write(plan: Plan<B.Node> | null, { reading }: Compilation<B.Node>): MagicString | null {
    const { marks, outline } = reading!;
    if (!plan?.table && marks.masks.length === 0) return null;
    const { given, packageType } = this;
    const edits = new MagicString(this.file.text);
    applyMasks(edits, marks.masks, plan);
    if (!plan?.table) return edits;
    if (given.hot) plan.table.hot = true;
    applyPlan(edits, plan);
    const runtime = chooseRuntime(given, { name: this.file.path, isModule: outline.isModule, packageType });
    const { load, declarations, values } = prologueFor(plan, runtime, given.runtimeModule ?? RUNTIME_MODULE);
    const prologue = `${fillIn(`${load} ${declarations}`.trim(), values, plan.table)} `;
    this.writePrologue(edits, prologue, outline.body[0]!.start);
    if (given.noCheck) silenceChecks(edits, outline.body);
    return edits;
  }

  private writePrologue(edits: MagicString, prologue: string, first: number): void {
    if (!this.scripts) {
      edits.prependRight(first, prologue);
      return;
    }
    const { offset, before, after } = placeInModule(this.file, this.scripts);
    edits.appendLeft(offset, `${before}${prologue}${after}`);
  }

  private mapOf(edits: MagicString): EncodedSourceMap | null {
    if (this.given.sourceMap === false) return null;
    const map = edits.generateMap({ source: this.file.filename, includeContent: true, hires: "boundary" });
    return map as EncodedSourceMap;
  }
}

/** A blank line between two statements is given up for the new one: what ignores maps shows the right lines below it. */
function silenceChecks(edits: MagicString, statements: readonly Span[]): void {
  const hashbang = /^#!.*\r?\n/.exec(edits.original)?.[0].length ?? 0;
  edits.prependRight(hashbang, "// @ts-nocheck\n");
  for (let i = 1; i < statements.length; i++) {
    const end = statements[i - 1]!.end;
    const blank = /\n[ \t]*\r?\n/.exec(edits.original.slice(end, statements[i]!.start));
    if (blank) {
      edits.remove(end + blank.index, end + blank.index + 1);
      return;
    }
  }
}
