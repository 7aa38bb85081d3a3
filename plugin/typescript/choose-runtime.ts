import type TS from "typescript";
import { chooseRuntime } from "../core/choose-runtime.ts";
import type { RuntimeForm } from "../core/forms.ts";
import type { Options } from "../core/options.ts";
import type { Ts } from "./reader.ts";

interface EmittedFile {
  file: TS.SourceFile;
  /** Relative to the root. */
  path: string;
  /** The file has `import` or `export`. */
  isModule: boolean;
  packageType: "module" | "commonjs";
}

/**
 * How compiled code reaches the runtime, by what TypeScript makes of the file: an import that it leaves alone in ES
 * modules, `require` in CommonJS, because names that are written after checking are not bound to an import there.
 */
export function chooseRuntimeForm(
  { file, path, isModule, packageType }: EmittedFile,
  options: Options,
  compilerOptions: TS.CompilerOptions,
  program: TS.Program | undefined,
  ts: Ts,
): RuntimeForm {
  const chosen = chooseRuntime(options, { name: path, isModule, packageType });
  const kind = moduleKindOf(file, compilerOptions, program, ts);
  const { ModuleKind } = ts;
  if (chosen === "global") return chosen;
  // A script is not wrapped, and only an ES module can import.
  if (!ts.isExternalModule(file)) return kind === ModuleKind.CommonJS ? "require" : chosen;
  switch (kind) {
    case ModuleKind.AMD:
    case ModuleKind.UMD:
    case ModuleKind.System:
      return "import-equals";
    case ModuleKind.CommonJS:
    case ModuleKind.None:
      return "require";
    default:
      return options.runtime === "require" ? "require" : "import";
  }
}

function moduleKindOf(
  file: TS.SourceFile,
  options: TS.CompilerOptions,
  program: TS.Program | undefined,
  ts: Ts,
): TS.ModuleKind {
  const { ModuleKind } = ts;
  const ofProgram = (
    program as { getEmitModuleFormatOfFile?(file: TS.SourceFile): TS.ModuleKind } | undefined
  )?.getEmitModuleFormatOfFile?.(file);
  if (ofProgram !== undefined) return ofProgram;
  const { module = defaultModule(options, ts) } = options;
  const byFile = module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext;
  return (byFile && file.impliedNodeFormat) || module;
}

function defaultModule({ target }: TS.CompilerOptions, { ModuleKind, ScriptTarget }: Ts): TS.ModuleKind {
  return target !== undefined && target < ScriptTarget.ES2015 ? ModuleKind.CommonJS : ModuleKind.ES2015;
}
