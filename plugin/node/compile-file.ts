import { pathToFileURL } from "node:url";
import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { OPTIONS } from "../../contract/options.ts";
import { ParseError } from "../core/compile.ts";
import { createWarning, type Warning } from "../core/messages.ts";
import type { Options } from "../core/options.ts";
import { findToken } from "../core/source-text.ts";
import { pathFromRoot } from "../core/worth-reading.ts";
import type { Instrumented } from "../source/instrument.ts";
import { encodeMap, leadOn } from "./compose-maps.ts";
import { instrumentOnDeepStack } from "./deep-stack.ts";
import { mendDynamicImports } from "./dynamic-import.ts";
import { createHost, packageTypeOf } from "./host.ts";
import { isWorthProbing, type ModuleFormat, needsTranspiling } from "./needs-compiling.ts";
import { type Project, projectOf } from "./project.ts";
import { factsOf } from "./project-facts.ts";
import { TopLevelAwaitError, type Transpiled, type TranspileRequest, transpile } from "./transpile.ts";

/** What Node gets instead of a file: its code, or the error that loading it throws. */
export interface CompiledFile {
  code: string;
  format: ModuleFormat;
  /** Why there is none; the code is empty then. */
  error?: { name: string; message: string; line: number; column: number };
  /** Marks and functions that could not be honoured; a file may be compiled for nothing but these. */
  warnings: string[];
  /** Configurations that had a say. */
  readBesides: string[];
}

/**
 * Compiles a file on its way into Node: probes by the text back-end; then types, JSX and module form by esbuild.
 *
 * @param as what a file that is transpiled should become
 * @returns `null` if the file is Node's own business
 */
export async function compileFile(
  filename: string,
  text: string,
  given: Options,
  as: ModuleFormat,
): Promise<CompiledFile | null> {
  const warnings: Warning[] = [];
  const options: Options = { ...given, onWarning: (warning) => warnings.push(warning) };
  if (!needsTranspiling(filename)) return compileJavaScript(filename, text, options, warnings);
  try {
    return await new Transpilation(filename, text, options, warnings).as(as);
  } catch (error) {
    // Of a file that does not parse, the error says it all.
    const told = messagesOf(warnings.filter(({ code }) => code !== "MPROF_PARSE"));
    const { name, message, line = 1, column = 1 } = error as Partial<ParseError> & Error;
    return { code: "", format: as, error: { name, message, line, column }, warnings: told, readBesides: [] };
  }
}

/** Parsers take time to load, and most files have no mark. */
async function probe(
  text: string,
  options: Options & { filename: string; packageType?: ModuleFormat },
): Promise<Instrumented | null> {
  const { instrument } = await import("../source/instrument.ts");
  return instrument(text, options, createHost(factsOf), instrumentOnDeepStack);
}

async function compileJavaScript(
  filename: string,
  text: string,
  options: Options,
  warnings: Warning[],
): Promise<CompiledFile | null> {
  const result = await probe(text, { ...options, filename });
  if (!result) return null;
  const isModule = filename.endsWith(".mjs") || packageTypeOf(filename) === "module" || result.isModule;
  const format = isModule && !filename.endsWith(".cjs") ? "module" : "commonjs";
  const code = result.map ? withMap(result.code, result.map) : result.code;
  return { code, format, warnings: messagesOf(warnings), readBesides: [] };
}

class Transpilation {
  private readonly filename: string;
  private readonly text: string;
  private readonly options: Options;
  private readonly warnings: Warning[];
  private readonly project: Project | null;

  constructor(filename: string, text: string, options: Options, warnings: Warning[]) {
    this.filename = filename;
    this.text = text;
    this.options = options;
    this.warnings = warnings;
    this.project = projectOf(filename);
  }

  async as(format: ModuleFormat): Promise<CompiledFile> {
    try {
      return await this.compile(format);
    } catch (error) {
      if (!(error instanceof TopLevelAwaitError) || /\.c[jt]sx?$/.test(this.filename)) throw error;
      this.warnings.length = 0;
      return await this.compile("module");
    }
  }

  private async compile(format: ModuleFormat): Promise<CompiledFile> {
    const { filename, text, options, project } = this;
    const isProbed = isWorthProbing(filename, text, options);
    const probed = isProbed ? await probe(text, { ...options, filename, packageType: format }) : null;
    const { code, map } = await this.transpile(probed, format);
    // The map has no text: a stack trace needs none, and what shows lines reads the file.
    const { mappings } = map;
    const written: EncodedSourceMap = { version: 3, sources: [pathToFileURL(filename).href], names: [], mappings };
    return { code: withMap(code, written), format, warnings: messagesOf(this.warnings), readBesides: project?.files ?? [] };
  }

  /** @returns the map leads to the file as written */
  private async transpile(probed: Instrumented | null, format: ModuleFormat): Promise<Transpiled> {
    const { filename, text, project } = this;
    const inner = probed?.map ? new TraceMap(probed.map) : null;
    const request: TranspileRequest = {
      code: probed?.code ?? text,
      filename,
      format,
      compilerOptions: project?.compilerOptions ?? {},
    };
    try {
      const transpiled = await mendDynamicImports(await this.transpiler(request));
      if (!inner) return transpiled;
      return {
        code: transpiled.code,
        map: encodeMap(
          leadOn(transpiled.map, () => inner),
          transpiled.map,
        ),
      };
    } catch (error) {
      throw inner && error instanceof ParseError ? placedBy(inner, error) : error;
    }
  }

  private async transpiler(request: TranspileRequest): Promise<Transpiled> {
    if (process.env[OPTIONS.tsc.variable.name] === "1") {
      const { transpileWithTypeScript } = await import("./transpile-with-typescript.ts");
      return transpileWithTypeScript(request);
    }
    this.checkMetadata(request);
    return transpile(request);
  }

  /** esbuild knows no types, so that what is injected by them would be undefined. */
  private checkMetadata({ code, compilerOptions }: TranspileRequest): void {
    if (!compilerOptions.emitDecoratorMetadata || findToken(code, "@", 0) === null) return;
    const { project, filename, options } = this;
    const root = options.root ?? process.cwd();
    const what = "emitDecoratorMetadata is not honoured: what is injected by its type will be undefined";
    const cure = "Run it with --tsc, if the project has TypeScript 5 or 6, or build it: tspc, mprof build.";
    const place = { file: pathFromRoot(project?.path ?? filename, root), line: 1, column: 1 };
    this.warnings.push(createWarning("MPROF_METADATA", what, cure, place));
  }
}

function messagesOf(warnings: readonly Warning[]): string[] {
  return warnings.map(({ message }) => message);
}

/** An error in what was compiled, where it is in the file. */
function placedBy(map: TraceMap, error: ParseError): ParseError {
  const { line, column } = originalPositionFor(map, { line: error.line, column: error.column - 1 });
  if (line === null) return error;
  const ErrorOf = error instanceof TopLevelAwaitError ? TopLevelAwaitError : ParseError;
  return new ErrorOf(error.message, line, column + 1);
}

function withMap(code: string, map: EncodedSourceMap): string {
  const text = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${text}`;
}
