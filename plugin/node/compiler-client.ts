import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { OPTIONS } from "../../contract/options.ts";
import type { Options } from "../core/options.ts";
import { note } from "./activity.ts";
import type { CompiledFile, CompileSettings } from "./compile-file.ts";
import type { CompileAnswer, CompileRequest } from "./compile-process.ts";
import { CompiledCache } from "./compiled-cache.ts";
import { formatOf, type ModuleFormat, needsCompiling } from "./needs-compiling.ts";
import { sayOnce } from "./say-once.ts";
import { START_FOLDER } from "./start-folder.ts";

/** Parsers recurse as deep as a program nests. Half of what a process has elsewhere; on Windows it has one megabyte in all. */
const LARGER_STACK = process.platform === "win32" ? [] : ["--stack-size=3900"];

/** The profiled process's side of the compiler (compile-process.ts). */
export class CompilerClient {
  private readonly settings: CompileSettings;
  private readonly as: ModuleFormat | undefined;
  private readonly cache: CompiledCache;
  /** Compiled along with another file, and not loaded yet. */
  private readonly ready = new Map<string, CompiledFile | null>();

  /** @param as what every file that is transpiled has to become; else each becomes what its name and package say */
  constructor(options: Options, as?: ModuleFormat) {
    this.settings = { options, withText: isShown(process) };
    this.as = as;
    this.cache = new CompiledCache(this.settings);
  }

  /**
   * @returns what Node gets instead of the file; `null` if it is Node's own business
   * @throws SyntaxError with the place; MprofError where a compiler is missing
   */
  compile(filename: string, text: string): (CompiledFile & { code: string }) | null {
    if (!needsCompiling(filename, text, this.settings.options)) return null;
    const as = this.as ?? formatOf(filename);
    if (!this.ready.has(filename)) {
      const found = this.cache.find({ filename, text, as });
      if (found === undefined) this.request(filename);
      else this.ready.set(filename, found);
    }
    const compiled = this.ready.get(filename) ?? null;
    this.ready.delete(filename);
    if (!compiled) return null;
    const { code, functions, names, warnings } = compiled;
    for (const warning of warnings) sayOnce(warning);
    const isHeardOf = compiled.error !== undefined || functions.length + names.length + warnings.length > 0;
    if (isHeardOf) note({ loaded: { path: filename, functions, names } });
    // The words at the end of the line keep Node from printing this line of ours above the message.
    if (compiled.error) throw errorOf(filename, compiled.error); // node-do-not-add-exception-line
    return code === null ? null : { ...compiled, code };
  }

  /** Puts the file, and what it imports, where `compile` takes it. */
  private request(filename: string): void {
    const request: CompileRequest = { filename, settings: this.settings, as: this.as };
    // It may have been removed; then the compiler is told where it was.
    const cwd = existsSync(START_FOLDER) ? START_FOLDER : dirname(filename);
    if (cwd !== START_FOLDER) request.settings.options.root ??= START_FOLDER;
    const env = { ...process.env };
    delete env.NODE_OPTIONS;
    const args = [...LARGER_STACK, join(__dirname, "compile-process.js")];
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      input: JSON.stringify(request),
      encoding: "utf8",
      cwd,
      env,
      maxBuffer: Number.POSITIVE_INFINITY,
    });
    if (error || status !== 0) throw error ?? new Error(`[mprof] the compiler failed on ${filename}\n${stderr}`);
    for (const [name, compiled] of Object.entries(JSON.parse(stdout) as CompileAnswer)) this.ready.set(name, compiled);
  }
}

/** Whether somebody may look at the program's text: a debugger, or a coverage report. */
function isShown({ execArgv, env }: NodeJS.Process): boolean {
  const flags = [...execArgv, env.NODE_OPTIONS ?? ""].join(" ");
  return flags.includes("--inspect") || Boolean(env.NODE_V8_COVERAGE ?? env[OPTIONS.maxMem.variable.name]);
}

function errorOf(filename: string, { name, message, line, column }: NonNullable<CompiledFile["error"]>): Error {
  const isSyntax = name === "SyntaxError";
  const error = isSyntax ? new SyntaxError(message) : new Error(message);
  // The rest of the stack is about us.
  error.stack = `${isSyntax ? "SyntaxError: " : ""}${message}\n    at ${filename}:${line}:${column}`;
  return error;
}
