import { createRequire } from "node:module";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import type TS from "typescript";
import { MprofError } from "../../contract/errors.ts";
import { ParseError } from "../core/compile.ts";
import { checkVersion } from "../typescript/program.ts";
import type { Transpiled, TranspileRequest } from "./transpile.ts";

/**
 * By the project's own TypeScript, file by file, for what esbuild does not write: the types of `emitDecoratorMetadata`.
 *
 * @throws ParseError with the place in the code handed in
 * @throws MprofError if the project has no TypeScript that can do it
 */
export function transpileWithTypeScript({ code, filename, format, compilerOptions }: TranspileRequest): Transpiled {
  const ts = typescriptOf(filename);
  const isCommonJs = format === "commonjs";
  const read = ts.convertCompilerOptionsFromJson({ ...compilerOptions, plugins: [] }, "").options;
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(code, {
    fileName: filename,
    reportDiagnostics: true,
    compilerOptions: {
      ...read,
      target: read.target ?? ts.ScriptTarget.ES2022,
      jsx: read.jsx === undefined || read.jsx === ts.JsxEmit.Preserve ? ts.JsxEmit.ReactJSX : read.jsx,
      module: isCommonJs ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
      moduleResolution: undefined,
      moduleDetection: isCommonJs ? ts.ModuleDetectionKind.Auto : ts.ModuleDetectionKind.Force,
      esModuleInterop: read.esModuleInterop ?? true,
      sourceMap: true,
      inlineSourceMap: false,
      inlineSources: false,
      sourceRoot: undefined,
      outDir: undefined,
      outFile: undefined,
      declaration: false,
      declarationMap: false,
      composite: false,
      incremental: false,
      noEmit: false,
      emitDeclarationOnly: false,
    },
  });
  // Those without a file are about options, which whoever checks the types reports.
  const error = diagnostics?.find(({ category, file }) => file && category === ts.DiagnosticCategory.Error);
  if (error) throw parseErrorOf(error, ts);
  return { code: withoutMapComment(outputText), map: JSON.parse(sourceMapText!) as EncodedSourceMap };
}

let loaded: typeof TS | undefined;

function typescriptOf(filename: string): typeof TS {
  loaded ??= load(filename);
  return loaded;
}

function load(filename: string): typeof TS {
  const cure = "Install TypeScript 5 or 6 in the project, or leave --tsc out: esbuild compiles types then.";
  let found: typeof TS;
  try {
    found = createRequire(filename)("typescript");
  } catch {
    throw new MprofError("MPROF_TYPESCRIPT_VERSION", `--tsc: no typescript is found from ${filename}`, cure);
  }
  checkVersion(found);
  return found;
}

function parseErrorOf({ file, start, messageText }: TS.Diagnostic, ts: typeof TS): ParseError {
  const message = ts.flattenDiagnosticMessageText(messageText, "\n");
  if (!file || start === undefined) return new ParseError(message, 1, 1);
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return new ParseError(message, line + 1, character + 1);
}

function withoutMapComment(text: string): string {
  return text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
}
