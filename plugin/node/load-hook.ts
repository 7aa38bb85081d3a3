import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Options } from "../core/options.ts";
import { CommonJsNames } from "./commonjs-names.ts";
import { CompilerClient } from "./compiler-client.ts";
import { findUrlFirst, findUrlInstead, pathOfUrl } from "./find-source.ts";
import { type ImportContext, isBareJson, jsonModule } from "./json-module.ts";
import { namespaceOf } from "./named-exports.ts";
import { EXTENSIONS, needsTranspiling } from "./needs-compiling.ts";
import { isPackage, isRuntime, type OwnFiles } from "./own-files.ts";

/** Node 20's hooks for ES modules; they run on a thread of their own and get what they need by `initialize`. */
let own: { runtime: Found; api: Found };
let compiler: CompilerClient;
let names: CommonJsNames;

type Found = { url: string; shortCircuit: true };
type Resolve = (
  specifier: string,
  context: { parentURL?: string },
) => Promise<{ url: string; format?: string; shortCircuit?: boolean }>;
type Load = (
  url: string,
  context: ImportContext,
) => Promise<{ format: string; source?: unknown; shortCircuit?: boolean }>;

export function initialize(data: { options: Options; own: OwnFiles }): void {
  const found = (file: string): Found => ({ url: pathToFileURL(file).href, shortCircuit: true });
  own = { runtime: found(data.own.runtime), api: found(data.own.api) };
  compiler = new CompilerClient(data.options);
  names = new CommonJsNames(new CompilerClient(data.options, "commonjs"));
}

export async function resolve(specifier: string, context: { parentURL?: string }, next: Resolve): ReturnType<Resolve> {
  if (isRuntime(specifier)) return own.runtime;
  try {
    return await next(findUrlFirst(specifier, context.parentURL) ?? specifier, context);
  } catch (error) {
    if (isPackage(specifier)) return own.api;
    const other = findUrlInstead(specifier, context.parentURL, error);
    if (other === null) throw error;
    return next(other, context);
  }
}

export async function load(url: string, context: ImportContext, next: Load): ReturnType<Load> {
  const filename = pathOfUrl(url);
  if (filename === null) return next(url, context);
  if (isBareJson(filename, context)) return jsonModule(filename);
  if (!EXTENSIONS.includes(extname(filename))) return next(url, context);
  const compiled = compiler.compile(filename, readFileSync(filename, "utf8"));
  if (!compiled) return next(url, context);
  if (compiled.format === "module") return { format: "module", source: compiled.code, shortCircuit: true };
  // The patched CommonJS loader takes it from here, and compiles it once more. Node itself would look for the names of its
  // exports in the file as written.
  if (!needsTranspiling(filename)) return { format: "commonjs", source: null, shortCircuit: true };
  return { format: "module", source: namespaceOf(filename, names.of(filename)), shortCircuit: true };
}
