/**
 * The compiler as a process of its own: the profiled process never loads a parser, so that its memory is the program's.
 * Reads a request from standard input, answers on standard output. A file brings along what it imports, so that one
 * request serves a whole program.
 */
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { extname } from "node:path";
import { type CompiledFile, type CompileSettings, compileFile } from "./compile-file.ts";
import { CompiledCache } from "./compiled-cache.ts";
import { findSource } from "./find-source.ts";
import { EXTENSIONS, formatOf, isInPackage, type ModuleFormat, needsCompiling } from "./needs-compiling.ts";

export interface CompileRequest {
  filename: string;
  /** What every file that is transpiled has to become; else each becomes what its name and package say. */
  as?: ModuleFormat;
  settings: CompileSettings;
}

/** By file name; `null` for a file that is Node's own business. */
export type CompileAnswer = Record<string, CompiledFile | null>;

/** More than this many files are left to the next request. */
const FILES_AT_ONCE = 500;

const IMPORTS = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["']([^"'\n]+)["']/g;

async function answer({ filename, settings, as }: CompileRequest): Promise<CompileAnswer> {
  const cache = new CompiledCache(settings);
  const compiled: CompileAnswer = {};
  const seen = new Set([filename]);
  const compile = async (file: string): Promise<void> => {
    const wanted = { filename: file, text: readFileSync(file, "utf8"), as: as ?? formatOf(file) };
    const known = needsCompiling(file, wanted.text, settings.options) ? cache.find(wanted) : null;
    const compiling = known === undefined ? compileFile(file, wanted.text, settings, wanted.as) : null;
    const imported = importsOf(file, wanted.text).filter((each) => !seen.has(each));
    for (const each of imported) seen.add(each);
    const rest = seen.size > FILES_AT_ONCE ? [] : imported.map(compile);
    if (compiling) {
      compiled[file] = await compiling;
      cache.keep(wanted, compiled[file]);
    } else if (file === filename) {
      // Another process was faster.
      compiled[file] = known ?? null;
    }
    await Promise.all(rest);
  };
  await compile(filename);
  cache.prune();
  return compiled;
}

/** The files that a text names; a specifier that only looks like one, or leads nowhere, is no loss. */
function importsOf(filename: string, text: string): string[] {
  return [...text.matchAll(IMPORTS)].flatMap(([, specifier]) => {
    if (isBuiltin(specifier!)) return [];
    const found = findSource(specifier!, filename);
    return found && EXTENSIONS.includes(extname(found)) && !isInPackage(found) ? found : [];
  });
}

const request: CompileRequest = JSON.parse(readFileSync(0, "utf8"));
answer(request).then((compiled) => {
  // esbuild's service would keep the process for as long as it takes to notice.
  process.stdout.write(JSON.stringify(compiled), () => process.exit());
});
