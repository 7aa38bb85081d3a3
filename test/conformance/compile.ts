import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import ts from "typescript";
import { createBabelPlugin } from "../../plugin/babel/index.ts";
import { type Parse, type ReadFile, readFile } from "../../plugin/babel/read-file.ts";
import { chooseFunctions } from "../../plugin/core/choose-functions.ts";
import { createSettings, ParseError, planFile } from "../../plugin/core/compile.ts";
import { findFunctions } from "../../plugin/core/find-functions.ts";
import { createLiteralForms } from "../../plugin/core/literal-forms.ts";
import type { Warning } from "../../plugin/core/messages.ts";
import type { Options } from "../../plugin/core/options.ts";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { instrument } from "../../plugin/source/instrument.ts";
import { readOrigin } from "../../plugin/source/origin.ts";
import { createParser } from "../../plugin/source/parse.ts";
import { parseWithTypeScript, typescript } from "../support/typescript-back-end.ts";

const require = createRequire(import.meta.url);
const { MPROF_MODE, MPROF_LEAKS } = process.env;
const host = createHost(factsOf, { MPROF_MODE, MPROF_LEAKS });

export interface CompileJob {
  text: string;
  /** Relative to the folder of everything that is compiled; what reports show. */
  path: string;
  isModule: boolean;
  options: Options;
}

export interface CompileResult {
  code: string;
  warnings: Warning[];
  /** The parser takes this text for an error; the engine has the last word. */
  isRejected: boolean;
}

export type CompileBackEnd = (job: CompileJob) => CompileResult;

/** The name of each back-end, and what its tool makes of a text by itself: what that breaks says nothing of us. */
export const BACK_ENDS: Record<string, { compile: CompileBackEnd; print: (job: CompileJob) => string }> = {
  source: { compile: compileText, print: ({ text }) => text },
  babel: { compile: compileByBabel, print: (job) => transformByBabel(job, []) },
  typescript: { compile: compileByTypeScript, print: (job) => printByTypeScript(job) },
};

/** Where tested files are as far as compilers know: in the folder that we run in, a `dist` is our own, and left alone. */
const FOLDER = join(process.cwd(), "tested");

function compileText({ text, path, isModule, options }: CompileJob): CompileResult {
  const warnings: Warning[] = [];
  const onWarning = (warning: Warning) => warnings.push(warning);
  const filename = join(FOLDER, path);
  const packageType = isModule ? ("module" as const) : ("commonjs" as const);
  const result = instrument(text, { ...options, filename, packageType, sourceMap: false, onWarning }, host);
  return { code: result?.code ?? text, warnings, isRejected: isRejected(warnings) };
}

function compileByBabel(job: CompileJob): CompileResult {
  const warnings: Warning[] = [];
  const options: Options = { ...job.options, onWarning: (warning) => warnings.push(warning) };
  try {
    return {
      code: transformByBabel(job, [[createBabelPlugin(host, readOrigin), options]]),
      warnings,
      isRejected: false,
    };
  } catch (error) {
    if ((error as { code?: string }).code !== "BABEL_PARSE_ERROR") throw error;
    return { code: job.text, warnings, isRejected: true };
  }
}

function transformByBabel({ text, path, isModule }: CompileJob, plugins: unknown[]): string {
  const core = require("@babel/core") as typeof Babel;
  const result = core.transformSync(text, {
    configFile: false,
    babelrc: false,
    sourceType: isModule ? "module" : "script",
    filename: join(FOLDER, path),
    compact: false,
    plugins: plugins as never,
    parserOpts: {
      plugins: [
        "explicitResourceManagement",
        "decoratorAutoAccessors",
        "decorators",
        "importReflection",
        "deferredImportEvaluation",
      ] as never,
      allowReturnOutsideFunction: true,
      allowNewTargetOutsideFunction: true,
      createImportExpressions: true,
    },
  });
  return result!.code!;
}

function compileByTypeScript(job: CompileJob): CompileResult {
  const { text, isModule, options } = job;
  const path = typeScriptPath(job);
  if (typescript.rejects?.(text, path)) return { code: text, warnings: [], isRejected: true };
  const { code, warnings } = typescript.compile(text, path, {
    ...options,
    root: FOLDER,
    runtime: isModule ? "import" : options.runtime,
  });
  return { code: code ?? text, warnings, isRejected: isRejected(warnings) };
}

function printByTypeScript(job: CompileJob): string {
  return ts.createPrinter().printFile(parseWithTypeScript(job.text, typeScriptPath(job)));
}

/** TypeScript goes by the file's name. */
function typeScriptPath({ path, isModule }: CompileJob): string {
  return path.replace(/\.[cm]?js$/, isModule ? ".mjs" : ".cjs");
}

function isRejected(warnings: readonly Warning[]): boolean {
  return warnings.some(({ code }) => code === "MPROF_PARSE");
}

/** `null` for what only another parser takes. */
function tryRead(file: { path: string; text: string }, parse: Parse): ReadFile | null {
  try {
    return readFile(file, null, parse);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** How many functions of a text are chosen, and how many of them are left alone, the ones inside them included. */
export function countFunctions({ text, path, isModule, options }: CompileJob): { chosen: number; leftAlone: number } {
  const file = { filename: path, path, text, origin: null };
  const settings = createSettings(options, createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }));
  const reading = tryRead(file, createParser(path, isModule ? "module" : "commonjs"));
  if (!reading) return { chosen: 0, leftAlone: 0 };
  const literals = createLiteralForms(reading.outline.text, [], () => false);
  const { functions } = findFunctions(reading.outline, reading.marks.marks, literals);
  const { chosen } = chooseFunctions(functions, options);
  const { probes } = planFile(reading, file, settings);
  const entered = probes.filter(({ placement }) => placement === "enter" || placement === "enter-concise");
  return { chosen: chosen.length, leftAlone: chosen.length - entered.length };
}
