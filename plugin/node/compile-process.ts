/**
 * The compiler as a process of its own: the profiled process never loads a parser, so that its memory is the program's.
 * Reads a request from standard input, answers on standard output. A file brings along what it imports, so that one
 * request serves a whole program.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Options } from "../core/options.ts";
import { type CompiledFile, compileFile } from "./compile-file.ts";
import { DEEP_STACK_MB } from "./deep-stack.ts";
import { EXTENSIONS, needsCompiling } from "./needs-compiling.ts";
import { otherSpellings } from "./resolve-source.ts";

export interface CompileRequest {
  filename: string;
  options: Options;
}

/** By file name. */
export type CompileAnswer = Record<string, CompiledFile>;

/** More than this many files are left to the next request. */
const FILES_AT_ONCE = 500;

const IMPORTS = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["'](\.{1,2}\/[^"']+)["']/g;

function answer({ filename, options }: CompileRequest): CompileAnswer {
  const compiled: CompileAnswer = {};
  const waiting = [filename];
  const seen = new Set(waiting);
  for (let file = waiting.shift(); file !== undefined && seen.size <= FILES_AT_ONCE; file = waiting.shift()) {
    const text = readFileSync(file, "utf8");
    const result = needsCompiling(file, text, options) ? compileFile(file, text, options) : null;
    if (result) compiled[file] = result;
    for (const imported of importsOf(file, text)) {
      if (seen.has(imported)) continue;
      seen.add(imported);
      waiting.push(imported);
    }
  }
  return compiled;
}

/** The files that a text names; a specifier that only looks like one, or leads nowhere, is no loss. */
function importsOf(filename: string, text: string): string[] {
  return [...text.matchAll(IMPORTS)].flatMap(([, specifier]) => {
    const path = resolve(dirname(filename), specifier!);
    const found = [path, ...otherSpellings(path)].find((each) => EXTENSIONS.includes(extname(each)) && isFile(each));
    return found ?? [];
  });
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** What Babel cannot compile on a process's stack it can on a thread's. */
function answerDeeply(request: CompileRequest): void {
  const limits = { stackSizeMb: DEEP_STACK_MB };
  new Worker(__filename, { workerData: request, resourceLimits: limits, execArgv: [] }).on("message", write);
}

function write(compiled: CompileAnswer): void {
  process.stdout.write(JSON.stringify(compiled));
}

if (isMainThread) {
  const request: CompileRequest = JSON.parse(readFileSync(0, "utf8"));
  const compiled = answer(request);
  const isTooDeep = Object.values(compiled).some(({ error }) => error?.isOverflow);
  if (isTooDeep) answerDeeply(request);
  else write(compiled);
} else parentPort!.postMessage(answer(workerData));
