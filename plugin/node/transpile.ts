import { basename, dirname, extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { EncodedSourceMap } from "@jridgewell/trace-mapping";
import { type Message, type TransformFailure, type TransformOptions, transform } from "esbuild";
import { ParseError } from "../core/compile.ts";
import type { ModuleFormat } from "./needs-compiling.ts";
import type { CompilerOptions } from "./project.ts";

/** What is left to do when the probes are written: types, JSX, syntax newer than this Node, module form. */
export interface TranspileRequest {
  code: string;
  filename: string;
  format: ModuleFormat;
  compilerOptions: CompilerOptions;
}

export interface Transpiled {
  code: string;
  /** From `code` to the code handed in. */
  map: EncodedSourceMap;
}

/** `await` outside functions: only ES modules have it. */
export class TopLevelAwaitError extends ParseError {}

/**
 * By esbuild, as tsx does it.
 *
 * @throws ParseError with the place in the code handed in
 * @throws TopLevelAwaitError where CommonJS is asked for
 */
export async function transpile(request: TranspileRequest): Promise<Transpiled> {
  const options = optionsFor(request);
  try {
    const plain = await transform(request.code, options);
    const map: EncodedSourceMap = JSON.parse(plain.map);
    if (!changesNames(plain.code, map)) return { code: plain.code, map };
    const named = await transform(request.code, { ...options, keepNames: true });
    return { code: named.code, map: JSON.parse(named.map) };
  } catch (error) {
    throw errorOf(error as TransformFailure);
  }
}

const LOADERS = { ".js": "js", ".mjs": "js", ".cjs": "js", ".jsx": "jsx", ".tsx": "tsx" } as const;

function optionsFor({ code, filename, format, compilerOptions }: TranspileRequest) {
  const loader = (LOADERS as Record<string, TransformOptions["loader"]>)[extname(filename)] ?? "ts";
  const isCommonJs = format === "commonjs";
  // Node takes no JSX, whoever was to compile it.
  const jsx = /^(preserve|react-native)$/i.test(compilerOptions.jsx ?? "") ? "react-jsx" : compilerOptions.jsx;
  return {
    loader,
    format: isCommonJs ? "cjs" : "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    charset: "utf8",
    sourcefile: basename(filename),
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
    tsconfigRaw: { compilerOptions: { ...compilerOptions, jsx } as object },
    // A file may declare the names that Node's wrapper has, as ES modules do with `__filename`.
    ...(isCommonJs ? { banner: "(()=>{", footer: "})()" } : {}),
    ...(isCommonJs && /\bimport\s*\.\s*meta\b/.test(code) ? { define: { "import.meta": metaOf(filename) } } : {}),
  } satisfies TransformOptions;
}

function metaOf(filename: string): string {
  return JSON.stringify({ dirname: dirname(filename), filename, url: pathToFileURL(filename).href });
}

/**
 * Whether a function is called by another name than in the source. `keepNames` gives each function its name by a call
 * wherever it is made, which takes memory on its line; so it is only used where it is needed.
 */
function changesNames(code: string, { names, mappings }: EncodedSourceMap): boolean {
  if (/\b(?:class|function\*?) \w+_default\b|\b\w+_default = |\bclass _\w/.test(code)) return true;
  // A map has names where the source has other ones.
  if (names.length === 0 || mappings === "") return false;
  return names.some((name) => {
    const renamed = `${escaped(name)}\\d+`;
    return new RegExp(`\\b(?:class|function\\*?)\\s+${renamed}\\b|\\b${renamed}\\s*=[^=>]`).test(code);
  });
}

function escaped(name: string): string {
  return name.replace(/\$/g, "\\$");
}

function errorOf(failure: TransformFailure): unknown {
  const [first] = (failure.errors ?? []) as Message[];
  if (!first) return failure;
  const { line = 1, column = 0 } = first.location ?? {};
  const ErrorOf = /^Top-level await .*"cjs"/.test(first.text) ? TopLevelAwaitError : ParseError;
  return new ErrorOf(first.text, line, column + 1);
}
