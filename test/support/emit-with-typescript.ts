import { join } from "node:path";
import ts from "typescript";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { createTypeScriptPlugin } from "../../plugin/typescript/index.ts";
import type { PluginConfig } from "../../plugin/typescript/program.ts";

export interface Emitted {
  /** By name, relative to the project. */
  files: Record<string, string>;
  /** `error TS1206: Decorators are not valid here.` */
  diagnostics: string[];
}

const PROJECT = "/project";
const DEFAULTS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ["lib.es2022.d.ts"],
  skipLibCheck: true,
  types: [],
  rootDir: PROJECT,
};
const plugin = createTypeScriptPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }));
/** Library files are parsed once. */
const libraries = new Map<string, ts.SourceFile | undefined>();

/**
 * A project in memory, built as ts-patch builds it: the program goes through the plugin before anyone asks it anything.
 *
 * @param compilerOptions with `noLib` nothing is checked
 * @param config the plugin's entry in tsconfig.json; `null` builds without it
 * @param compiler another TypeScript; library files are shared, so only with `noLib`
 */
export function emitWithTypeScript(
  sources: Record<string, string>,
  compilerOptions: ts.CompilerOptions,
  config: PluginConfig | null = {},
  compiler: typeof ts = ts,
): Emitted {
  const options = { ...DEFAULTS, ...compilerOptions };
  const host = createMemoryHost(sources, options, compiler);
  const rootNames = Object.keys(sources).flatMap((name) => (name.endsWith(".json") ? [] : [join(PROJECT, name)]));
  let program = compiler.createProgram({ rootNames, options, host });
  if (config) program = plugin.transformProgram(program, host, { root: PROJECT, ...config }, { ts: compiler });
  const files: Record<string, string> = {};
  const problems = options.noLib ? [] : compiler.getPreEmitDiagnostics(program);
  const { diagnostics } = program.emit(undefined, (name, text) => {
    files[name.slice(PROJECT.length + 1)] = text;
  });
  return { files, diagnostics: [...problems, ...diagnostics].map(print) };
}

function createMemoryHost(
  sources: Record<string, string>,
  options: ts.CompilerOptions,
  compiler: typeof ts,
): ts.CompilerHost {
  const host = compiler.createCompilerHost(options);
  const textOf = (name: string) => sources[name.slice(PROJECT.length + 1)];
  return {
    ...host,
    getCurrentDirectory: () => PROJECT,
    directoryExists: () => true,
    fileExists: (name) => textOf(name) !== undefined || host.fileExists(name),
    readFile: (name) => textOf(name) ?? host.readFile(name),
    getSourceFile(name, settings, ...rest) {
      const text = textOf(name);
      if (text !== undefined) return compiler.createSourceFile(name, text, settings);
      if (!libraries.has(name)) libraries.set(name, host.getSourceFile(name, settings, ...rest));
      return libraries.get(name);
    },
  };
}

function print({ category, code, messageText }: ts.Diagnostic): string {
  return `${ts.DiagnosticCategory[category].toLowerCase()} TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
