import { pathToFileURL } from "node:url";
import { type EncodedSourceMap, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { ModuleTable } from "../../contract/module-table.ts";
import { OPTIONS } from "../../contract/options.ts";
import type { FunctionPlace } from "../../contract/runtime-module.ts";
import { type Host, ParseError } from "../core/compile.ts";
import { createWarning, type Warning } from "../core/messages.ts";
import type { Options } from "../core/options.ts";
import { findToken, SourceText } from "../core/source-text.ts";
import { pathFromRoot } from "../core/worth-reading.ts";
import type { Instrumented, InstrumentOptions } from "../source/instrument.ts";
import { encodeMap, leadOn } from "./compose-maps.ts";
import { instrumentOnDeepStack } from "./deep-stack.ts";
import { mendDynamicImports } from "./dynamic-import.ts";
import { createHost, packageTypeOf } from "./host.ts";
import { type InputMap, readInputMap } from "./input-map.ts";
import { isWorthProbing, type ModuleFormat, needsTranspiling } from "./needs-compiling.ts";
import { type Project, projectOf } from "./project.ts";
import { factsOf } from "./project-facts.ts";
import { START_FOLDER } from "./start-folder.ts";
import { TopLevelAwaitError, type Transpiled, type TranspileRequest, transpile } from "./transpile.ts";

/** What holds for all files of a process. */
export interface CompileSettings {
  options: Options;
  /** Maps carry the text of the files: debuggers and coverage reports show it. */
  withText: boolean;
}

/** What Node gets instead of a file: its code, or the error that loading it throws. */
export interface CompiledFile {
  /** `null` if the file is Node's own business. */
  code: string | null;
  format: ModuleFormat;
  /** Why there is none; the code is empty then. */
  error?: { name: string; message: string; line: number; column: number };
  /** Marks and functions that could not be honoured; a file may be compiled for nothing but these. */
  warnings: string[];
  /** The functions with probes. */
  functions: FunctionPlace[];
  /** The names of all its functions, where options select by name. */
  names: readonly string[];
  /** Configurations that had a say. */
  readBesides: string[];
}

/**
 * Compiles a file on its way into Node: probes by the text back-end; then types, JSX and module form by esbuild.
 *
 * @param as what a file that is transpiled should become
 * @returns `null` if the file is Node's own business, and there is nothing to say of it
 */
export function compileFile(
  filename: string,
  text: string,
  { options, withText }: CompileSettings,
  as: ModuleFormat,
): Promise<CompiledFile | null> {
  const compilation = new FileCompilation(filename, text, options, withText);
  return needsTranspiling(filename) ? compilation.transpiled(as) : compilation.instrumented();
}

class FileCompilation {
  private readonly filename: string;
  private readonly text: string;
  private readonly options: Options;
  private readonly withText: boolean;
  private warnings: Warning[] = [];
  private names: readonly string[] = [];
  private functions: FunctionPlace[] = [];

  constructor(filename: string, text: string, options: Options, withText: boolean) {
    this.filename = filename;
    this.text = text;
    this.options = options;
    this.withText = withText;
  }

  async instrumented(): Promise<CompiledFile | null> {
    const { filename, text } = this;
    const input = readInputMap(filename, text);
    const result = await this.probe({ inputSourceMap: input?.map });
    if (!result) return this.names.length > 0 ? this.result(null, "commonjs") : null;
    const isModule = filename.endsWith(".mjs") || packageTypeOf(filename) === "module" || result.isModule;
    const format = isModule && !filename.endsWith(".cjs") ? "module" : "commonjs";
    const map = result.map && input ? ledOn(result.map, input) : result.map;
    return this.result(map ? withMap(result.code, map) : result.code, format, input?.files);
  }

  async transpiled(as: ModuleFormat): Promise<CompiledFile> {
    try {
      const project = projectOf(this.filename);
      try {
        return await this.transpiledFor(project, as);
      } catch (error) {
        if (!(error instanceof TopLevelAwaitError) || /\.c[jt]sx?$/.test(this.filename)) throw error;
        this.warnings = [];
        return await this.transpiledFor(project, "module");
      }
    } catch (error) {
      // Of a file that does not parse, the error says it all.
      this.warnings = this.warnings.filter(({ code }) => code !== "MPROF_PARSE");
      this.functions = [];
      return { ...this.result("", as), error: this.describe(error as Error) };
    }
  }

  private describe(error: Error): CompiledFile["error"] {
    const { name, message } = error;
    if (!(error instanceof ParseError)) return { name, message, line: 1, column: 1 };
    const { line, column } = error;
    return { name: "SyntaxError", message: `${message}\n${frameOf(this.text, line, column)}`, line, column };
  }

  private result(code: string | null, format: ModuleFormat, readBesides: string[] = []): CompiledFile {
    const { names, functions } = this;
    return { code, format, warnings: this.warnings.map(({ message }) => message), names, functions, readBesides };
  }

  /** Parsers take time to load, and most files have no mark. */
  private async probe(known: Pick<InstrumentOptions, "packageType" | "inputSourceMap">): Promise<Instrumented | null> {
    const { filename, text, options } = this;
    if (!isWorthProbing(filename, text, options)) return null;
    const { instrument } = await import("../source/instrument.ts");
    const host: Host = {
      ...createHost(factsOf),
      onPlan: ({ found, table }) => {
        if (options.func !== undefined) this.names = found;
        this.functions = placesIn(table);
      },
    };
    const onWarning = (warning: Warning) => void this.warnings.push(warning);
    return instrument(text, { ...options, ...known, filename, onWarning }, host, instrumentOnDeepStack);
  }

  private async transpiledFor(project: Project | null, format: ModuleFormat): Promise<CompiledFile> {
    const { code, map } = await this.transpile(project, format);
    const sources = [pathToFileURL(this.filename).href];
    const written: EncodedSourceMap = { version: 3, sources, names: [], mappings: map.mappings };
    // Stack traces need no text, and in the profiled process it would take memory.
    if (this.withText) written.sourcesContent = [this.text];
    return this.result(withMap(code, written), format, project?.files);
  }

  /** @returns the map leads to the file as written */
  private async transpile(project: Project | null, format: ModuleFormat): Promise<Transpiled> {
    const { filename, text } = this;
    const probed = await this.probe({ packageType: format });
    const inner = probed?.map ? new TraceMap(probed.map) : null;
    const request: TranspileRequest = {
      code: probed?.code ?? text,
      filename,
      format,
      compilerOptions: project?.compilerOptions ?? {},
    };
    try {
      const transpiled = await mendDynamicImports(await this.transpiler(request, project));
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

  private async transpiler(request: TranspileRequest, project: Project | null): Promise<Transpiled> {
    if (process.env[OPTIONS.tsc.variable.name] === "1") {
      const { transpileWithTypeScript } = await import("./transpile-with-typescript.ts");
      return transpileWithTypeScript(request);
    }
    this.checkMetadata(request, project);
    return transpile(request);
  }

  /** esbuild knows no types, so that what is injected by them would be undefined. */
  private checkMetadata({ code, compilerOptions }: TranspileRequest, project: Project | null): void {
    if (!compilerOptions.emitDecoratorMetadata || findToken(code, "@", 0) === null) return;
    const { filename, options } = this;
    const root = options.root ?? START_FOLDER;
    const what = "emitDecoratorMetadata is not honoured: what is injected by its type will be undefined";
    const cure = "Run it with --tsc, if the project has TypeScript 5 or 6, or build it: tspc, mprof build.";
    const place = { file: pathFromRoot(project?.path ?? filename, root), line: 1, column: 1 };
    this.warnings.push(createWarning("MPROF_METADATA", what, cure, place));
  }
}

/** The lines around a place, with a sign below it. */
function frameOf(text: string, line: number, column: number): string {
  const { lines } = new SourceText(text);
  const from = Math.max(1, line - 2);
  const width = String(line + 1).length;
  return lines
    .slice(from - 1, line + 1)
    .flatMap((each, i) => {
      const shown = `${from + i === line ? ">" : " "} ${String(from + i).padStart(width)} | ${each}`;
      return from + i === line ? [shown, `  ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`] : [shown];
    })
    .join("\n");
}

function placesIn(table: ModuleTable | null): FunctionPlace[] {
  return table?.listings.map(({ name, first }) => [table.file, name, first]) ?? [];
}

/** An error in what was compiled, where it is in the file. */
function placedBy(map: TraceMap, error: ParseError): ParseError {
  const { line, column } = originalPositionFor(map, { line: error.line, column: error.column - 1 });
  if (line === null) return error;
  const ErrorOf = error instanceof TopLevelAwaitError ? TopLevelAwaitError : ParseError;
  return new ErrorOf(error.message, line, column + 1);
}

/** To what the file was compiled from. */
function ledOn(map: EncodedSourceMap, { map: input, original }: InputMap): EncodedSourceMap {
  const traced = new TraceMap(input);
  const { names, file } = map;
  const sources = [pathToFileURL(original).href];
  return encodeMap(
    leadOn(map, () => traced),
    { sources, names, file, sourcesContent: input.sourcesContent },
  );
}

function withMap(code: string, map: EncodedSourceMap): string {
  const text = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${text}`;
}
