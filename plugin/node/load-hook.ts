import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Options } from "../core/options.ts";
import { CompilerClient } from "./compiler-client.ts";
import { EXTENSIONS } from "./needs-compiling.ts";
import { isPackage, isRuntime, type OwnFiles, otherSpellings } from "./resolve-source.ts";

/** Node 20's hooks for ES modules; they run on a thread of their own and get what they need by `initialize`. */
let own: { runtime: Found; api: Found };
let compiler: CompilerClient;

type Found = { url: string; shortCircuit: true };
type Resolve = (
  specifier: string,
  context: object,
) => Promise<{ url: string; format?: string; shortCircuit?: boolean }>;
type Load = (url: string, context: object) => Promise<{ format: string; source?: unknown; shortCircuit?: boolean }>;

export function initialize(data: { options: Options; own: OwnFiles }): void {
  const found = (file: string): Found => ({ url: pathToFileURL(file).href, shortCircuit: true });
  own = { runtime: found(data.own.runtime), api: found(data.own.api) };
  compiler = new CompilerClient(data.options);
}

export async function resolve(specifier: string, context: object, next: Resolve): ReturnType<Resolve> {
  if (isRuntime(specifier)) return own.runtime;
  try {
    return await next(specifier, context);
  } catch (error) {
    if (isPackage(specifier)) return own.api;
    for (const other of otherSpellings(specifier)) {
      try {
        return await next(other, context);
      } catch {}
    }
    throw error;
  }
}

export async function load(url: string, context: object, next: Load): ReturnType<Load> {
  const filename = url.startsWith("file:") ? fileURLToPath(url) : "";
  if (!EXTENSIONS.includes(extname(filename))) return next(url, context);
  const compiled = compiler.compile(filename, readFileSync(filename, "utf8"));
  if (!compiled) return next(url, context);
  // The patched CommonJS loader takes it from here, and compiles it once more.
  if (compiled.format === "commonjs") return { format: "commonjs", source: null, shortCircuit: true };
  return { format: "module", source: compiled.code, shortCircuit: true };
}
