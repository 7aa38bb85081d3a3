import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import type { ModuleTable } from "../../contract/module-table.ts";
import { type ReadFile, readFile } from "../babel/read-file.ts";
import { type Host, planFile } from "../core/compile.ts";
import { createWarning, type Warning } from "../core/messages.ts";
import { isInstrumented } from "../core/names.ts";
import { checkOptions, type Options } from "../core/options.ts";
import type { Span } from "../core/outline.ts";
import { chooseRuntime, printPrologue } from "../core/prologue.ts";
import { isComponent, isWorthReading, pathFromRoot } from "../core/worth-reading.ts";
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
  code: string;
  /** From `code` to the text handed in; `null` if `sourceMap` is false. */
  map: EncodedSourceMap | null;
  /** What the prologue tells the runtime; `null` if nothing is profiled and only marks were taken out. */
  table: ModuleTable | null;
  warnings: Warning[];
  /** The file has `import` or `export` syntax. */
  isModule: boolean;
}

const OWN_OPTIONS = ["filename", "packageType", "sourceMap", "noCheck", "hot", "inputSourceMap"];

/**
 * Text in, text and exact map out, for whatever works on text: bundlers, Node's loaders, tools of your own. Types and JSX
 * stay as they are.
 *
 * @returns `null` if there is nothing to do: no mark in the file, and no option that selects a function of it
 * @throws MprofError for a wrong option
 */
export function instrument(code: string, given: InstrumentOptions, host: Host): Instrumented | null {
  checkOptions(given, OWN_OPTIONS);
  const options = { ...given, enabled: (given.enabled ?? true) && host.enabled };
  const { filename } = options;
  const root = options.root ?? host.cwd;
  const path = pathFromRoot(filename, root);
  if (!isWorthReading({ path, text: code }, options) || isInstrumented(code)) return null;

  const packageType = options.packageType ?? host.packageTypeOf(filename);
  const origin = options.inputSourceMap ? readOrigin(options.inputSourceMap, filename, root) : null;
  const source = { path, text: code, origin };
  let read: Pick<ReadFile, "outline" | "marks"> & { scripts?: Script[] };
  try {
    read = isComponent(path) ? readComponent(source) : readFile(source, createParser(path, packageType));
  } catch (error) {
    options.onWarning?.(parseWarning(error, path));
    return null;
  }

  const { outline, marks } = read;
  const plan = options.enabled ? planFile(outline, marks, source, options) : null;
  const warnings = plan?.warnings ?? [];
  for (const warning of warnings) options.onWarning?.(warning);
  if (!plan?.table && marks.masks.length === 0) return null;
  const edits = new MagicString(code);
  applyMasks(edits, marks.masks, plan?.probes ?? []);
  if (plan?.table) {
    if (options.hot) plan.table.hot = true;
    applyPlan(edits, plan);
    const runtime = chooseRuntime(options, { name: path, isModule: outline.isModule, packageType });
    const prologue = printPrologue(plan.table, plan.names, runtime, options.runtimeModule);
    writePrologue(edits, prologue, read.scripts ? placeInModule(source, read.scripts) : outline.body[0]!.start);
  }
  if (plan?.table && options.noCheck) silenceChecks(edits, outline.body);
  const map =
    options.sourceMap === false
      ? null
      : edits.generateMap({ source: filename, includeContent: true, hires: "boundary" });
  return {
    code: edits.toString(),
    map: map as EncodedSourceMap | null,
    table: plan?.table ?? null,
    warnings,
    isModule: outline.isModule,
  };
}

function writePrologue(edits: MagicString, prologue: string, at: number | ReturnType<typeof placeInModule>): void {
  if (typeof at === "number") edits.prependRight(at, prologue);
  else edits.appendLeft(at.offset, `${at.before}${prologue}${at.after}`);
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

function parseWarning(error: unknown, file: string): Warning {
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
  const what = `the file does not parse and is left as it is: ${message.split("\n")[0]}`;
  const cure = "Mend the syntax; what runs the file reports it too.";
  return createWarning("MPROF_PARSE", what, cure, { file, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 });
}
