/**
 * The way of a file, the same for every back-end: worth reading -> read -> choose and plan, function by function ->
 * written by the back-end. What goes wrong on the way becomes a warning: a build never breaks on us.
 */
import { buildPlan } from "./build-plan.ts";
import { findJsxFlavour, type ProjectFacts } from "./jsx-flavour.ts";
import { createWarning, internalWarning, type MessageCode, type Warning } from "./messages.ts";
import { isInstrumented } from "./names.ts";
import type { Options } from "./options.ts";
import type { Plan } from "./plan.ts";
import { printPlan } from "./print-plan.ts";
import type { Reading } from "./read-file.ts";
import { SourceText } from "./source-text.ts";
import { isStackOverflow } from "./stack.ts";
import { isWorthReading } from "./worth-reading.ts";

/** What the core cannot ask by itself: a back-end gets it from its entry. */
export interface Host {
  /** Working directory. */
  cwd: string;
  /** `type` of the package that a file belongs to. */
  packageTypeOf(filename: string): "module" | "commonjs";
  /** What the project around a file says about itself; asked only where it matters. */
  factsOf(filename: string): ProjectFacts;
  /** Whether a file is what mprof itself is made of. */
  isOwnFile(filename: string): boolean;
  /** What is said once a build, and has been. */
  told: Set<MessageCode>;
  /** Gets each plan, with a table or without. */
  onPlan?(plan: Pick<Plan<unknown>, "found" | "table">): void;
  /** What is built runs in Node: then mode `auto` is the default. */
  isForNode?: boolean;
  /** What the environment says while building. */
  mode?: Options["mode"];
  /** What MPROF_TIME says while building. */
  time?: Options["time"];
  /** What MPROF_LEAKS says while building. */
  survivors?: Options["survivors"];
  /** False if MPROF=0, off or false is set while building. */
  enabled: boolean;
  /** Where warnings go that nobody takes, and what `debug` prints. */
  print(text: string): void;
}

/** The original source of a text that was itself compiled, by its incoming source map. */
export interface Origin {
  /** Path relative to the root, with `/`. */
  file: string;
  lines: readonly string[];
  /** Lines from 1, columns from 0; `null` if the map says nothing of the place. */
  rowOf(line: number, column: number): number | null;
}

/** What a back-end knows about the file at hand. */
export interface SourceFile {
  /** As the tool names it. */
  filename: string;
  /** Relative to the root, with `/`. */
  path: string;
  text: string;
  origin: Origin | null;
  /** Names of the other plug-ins that are at work on it, where the back-end can see them. */
  besides?: readonly string[];
  /** It runs already, and its top level will not run again: whether one of the functions that are chosen is wanted now. */
  holds?: ((chosen: { name: string; start: number; end: number }) => boolean) | undefined;
}

/** The same for all files of a build. */
export interface Settings {
  options: Options;
  host: Host;
  root: string;
}

/** @param given checked already */
export function createSettings(given: Options, host: Host): Settings {
  const byHost = host.mode ?? (host.isForNode ? "auto" : "exact");
  const { mode = byHost, time = host.time, survivors = host.survivors, enabled = true } = given;
  const options = { ...given, mode, time, survivors, enabled: enabled && host.enabled };
  return { options, host, root: given.root ?? host.cwd };
}

/** Whether there can be anything to do for a file: the rest is not even parsed. */
export function isForUs(file: Omit<SourceFile, "origin">, { options, host }: Settings): boolean {
  return isWorthReading(file, options) && !isInstrumented(file.text) && !host.isOwnFile(file.filename);
}

/** The parser's own word on a file; any other error while reading is a mistake of ours. */
export class ParseError extends SyntaxError {
  readonly line: number;
  readonly column: number;

  /** Lines and columns start at 1. */
  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export interface Compilation<N> {
  /** `null` if the file could not be read. */
  reading: Reading<N> | null;
  /** `null` if mprof is off, or nothing is profiled. */
  plan: Plan<N> | null;
  warnings: Warning[];
  /** The file, or a function of it, was left alone because the stack of this thread is too small. */
  overflowed: boolean;
}

/** Reads a file and plans its probes. @param read by the back-end's own parser; what it throws is told, not thrown */
export function compileFile<N>(file: SourceFile, settings: Settings, read: () => Reading<N>): Compilation<N> {
  const compilation: Compilation<N> = { reading: null, plan: null, warnings: [], overflowed: false };
  try {
    compilation.reading = read();
  } catch (error) {
    compilation.warnings.push(readingWarning(error, file.path));
    compilation.overflowed = isStackOverflow(error);
    return compilation;
  }
  try {
    if (settings.options.enabled === false) return compilation;
    const plan = planFile(compilation.reading, file, settings);
    compilation.warnings.push(...plan.warnings.filter(({ code }) => isNews(code, settings.host)));
    compilation.overflowed = plan.overflowed;
    settings.host.onPlan?.(plan);
    if (plan.table) compilation.plan = plan;
    if (settings.options.debug === "plan" && plan.table) settings.host.print(printPlan(plan, file.text, file.path));
  } catch (error) {
    compilation.warnings.push(readingWarning(error, file.path));
    compilation.overflowed = isStackOverflow(error);
  }
  return compilation;
}

/** Some things are about the build rather than about a place, and are said once. */
function isNews(code: MessageCode, { told }: Host): boolean {
  if (code !== "MPROF_REACT_COMPILER") return true;
  const isFirst = !told.has(code);
  told.add(code);
  return isFirst;
}

/** Carries out a plan; if that goes wrong, there is none, and the file is written without. */
export function writePlan<N, T>(file: SourceFile, compilation: Compilation<N>, write: (plan: Plan<N> | null) => T): T {
  try {
    return write(compilation.plan);
  } catch (error) {
    if (!compilation.plan) throw error;
    compilation.plan = null;
    compilation.warnings.push(internalWarning(error, "the file is left alone", atStart(file.path)));
    return write(null);
  }
}

/** Says each warning to whoever takes them, or on the host's own way. */
export function tellWarnings(warnings: readonly Warning[], { options, host }: Settings): void {
  for (const warning of warnings) {
    if (options.onWarning) options.onWarning(warning);
    else host.print(warning.message);
  }
}

/** The plan of a file whose marks are known. The outline is of the source without marks. */
export function planFile<N>({ outline, marks }: Reading<N>, file: SourceFile, settings: Settings): Plan<N> {
  const written = new SourceText(file.text);
  const { origin, filename, besides, holds } = file;
  const { options, host } = settings;
  return buildPlan(outline, {
    options,
    marks,
    written,
    lines: origin?.lines ?? written.lines,
    rowOf: (line) => (origin ? origin.rowOf(line, 0) : line),
    file: origin?.file ?? file.path,
    isScript: options.runtime === "global",
    holds,
    hasOpaqueJsx: () => findJsxFlavour(options, outline, () => host.factsOf(filename)).isOpaque,
    // In Babel it goes by the name that it was made under.
    hasReactCompiler: () =>
      besides?.some((name) => /^react-(compiler|forget)$/.test(name)) ??
      host.factsOf(filename).dependencies.includes("babel-plugin-react-compiler"),
  });
}

function readingWarning(error: unknown, file: string): Warning {
  if (error instanceof ParseError) {
    const what = `the file does not parse and is left as it is: ${error.message.split("\n")[0]}`;
    const cure = "Mend the syntax; what runs the file reports it too.";
    return createWarning("MPROF_PARSE", what, cure, { file, line: error.line, column: error.column });
  }
  if (isStackOverflow(error)) {
    const cure = "Run the build with a larger stack: node --stack-size=4000.";
    return createWarning("MPROF_UNSUPPORTED", "the file is left alone: it is nested too deeply", cure, atStart(file));
  }
  return internalWarning(error, "the file is left alone", atStart(file));
}

function atStart(file: string) {
  return { file, line: 1, column: 1 };
}
