import type TS from "typescript";
import type { Host } from "../core/compile.ts";
import { MprofError } from "../core/messages.ts";
import { checkOptions, type Options } from "../core/options.ts";
import { FileTransformer } from "./compile-files.ts";
import { checkVersion, diagnosticOf, isForNode, type PluginConfig, transformProgram } from "./program.ts";
import type { Ts } from "./reader.ts";

/** What ts-patch calls for an entry with `"transformProgram": true`. */
export type ProgramTransformer = (
  program: TS.Program,
  host: TS.CompilerHost | undefined,
  config: PluginConfig,
  extras: { ts: Ts } | undefined,
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
    transformProgram: (program, compilerHost, config, extras) =>
      extras ? transformProgram(program, compilerHost, config, extras.ts, host) : refuseEntry(config as SourceExtras),
    createTransformer(program, options, ts) {
      checkVersion(ts);
      checkOptions(options);
      const own = { ...host, isForNode: isForNode(program, ts) };
      return new FileTransformer(options, own, ts).createTransformer(program);
    },
  };
}

/** What ts-patch hands to a transformer of source files, third and last. */
interface SourceExtras {
  ts: Ts;
  addDiagnostic(diagnostic: TS.Diagnostic): void;
}

/** An entry without `transformProgram` is a transformer of source files to ts-patch: too late for marks. */
function refuseEntry({ ts, addDiagnostic }: SourceExtras): never {
  const cure = 'Write { "transform": "mprof/typescript", "transformProgram": true } in tsconfig.json.';
  addDiagnostic(
    diagnosticOf(new MprofError("MPROF_OPTION_TYPE", 'the plugin\'s entry needs "transformProgram": true', cure), ts),
  );
  const unchanged: TS.TransformerFactory<TS.SourceFile> = () => (file) => file;
  return unchanged as never;
}
