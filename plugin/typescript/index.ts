import type TS from "typescript";
import type { Host } from "../core/compile.ts";
import { checkOptions, type Options } from "../core/options.ts";
import { FileCompiler } from "./compile-files.ts";
import { checkVersion, type PluginConfig, transformProgram } from "./program.ts";
import type { Ts } from "./read-outline.ts";

/** What ts-patch calls for an entry with `"transformProgram": true`. */
export type ProgramTransformer = (
  program: TS.Program,
  host: TS.CompilerHost | undefined,
  config: PluginConfig,
  extras: { ts: Ts },
) => TS.Program;

export type CreateTransformer = (
  program: TS.Program | undefined,
  options: Options,
  ts: Ts,
) => TS.TransformerFactory<TS.SourceFile>;

/** The transformer for ts-patch, and the factory for those who emit a program themselves. */
export function createTypeScriptPlugin(host: Host): {
  transformProgram: ProgramTransformer;
  createTransformer: CreateTransformer;
} {
  return {
    transformProgram: (program, compilerHost, config, { ts }) =>
      transformProgram(program, compilerHost, config, ts, host),
    createTransformer(program, options, ts) {
      checkVersion(ts);
      checkOptions(options);
      return new FileCompiler(options, host, ts).createTransformer(program);
    },
  };
}
