import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Options } from "../core/options.ts";
import { note } from "./activity.ts";
import type { CompiledFile } from "./compile-file.ts";
import type { CompileAnswer, CompileRequest } from "./compile-process.ts";
import { needsCompiling } from "./needs-compiling.ts";
import { sayOnce } from "./say-once.ts";

/** Babel recurses as deep as a program nests. Half of what a process has elsewhere; on Windows it has one megabyte in all. */
const LARGER_STACK = process.platform === "win32" ? [] : ["--stack-size=3900"];

/** The profiled process's side of the compiler (compile-process.ts). */
export class CompilerClient {
  private readonly options: Options;
  /** Compiled along with another file, and not loaded yet. */
  private readonly ready = new Map<string, CompiledFile>();

  constructor(options: Options) {
    this.options = options;
  }

  /**
   * @returns what Node gets instead of the file; `null` if it is Node's own business
   * @throws SyntaxError with the place and the lines around it
   */
  compile(filename: string, text: string): (CompiledFile & { code: string }) | null {
    if (!needsCompiling(filename, text, this.options)) return null;
    const compiled = this.take(filename) ?? this.request(filename);
    if (!compiled) return null;
    const { code, functions, names, warnings } = compiled;
    for (const warning of warnings) sayOnce(warning);
    if (functions.length + names.length + warnings.length > 0) note({ loaded: { path: filename, functions, names } });
    // The words at the end of the line keep Node from printing this line of ours above the message.
    if (compiled.error) throw syntaxError(filename, compiled.error); // node-do-not-add-exception-line
    return code === null ? null : { ...compiled, code };
  }

  private take(filename: string): CompiledFile | undefined {
    const compiled = this.ready.get(filename);
    this.ready.delete(filename);
    return compiled;
  }

  private request(filename: string): CompiledFile | undefined {
    const request: CompileRequest = { filename, options: this.options };
    const env = { ...process.env };
    delete env.NODE_OPTIONS;
    const args = [...LARGER_STACK, join(__dirname, "compile-process.js")];
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      input: JSON.stringify(request),
      encoding: "utf8",
      env,
      maxBuffer: Number.POSITIVE_INFINITY,
    });
    if (error || status !== 0) throw error ?? new Error(`[mprof] the compiler failed on ${filename}\n${stderr}`);
    for (const [name, compiled] of Object.entries(JSON.parse(stdout) as CompileAnswer)) this.ready.set(name, compiled);
    return this.take(filename);
  }
}

function syntaxError(filename: string, { message, line, column }: NonNullable<CompiledFile["error"]>): SyntaxError {
  const error = new SyntaxError(message);
  // The rest of the stack is about us.
  error.stack = `SyntaxError: ${message}\n    at ${filename}:${line}:${column}`;
  return error;
}
