import { type ParserOptions, type ParserPlugin, parse as parseText } from "@babel/parser";
import type * as B from "@babel/types";
import type { Parse } from "../babel/read-file.ts";
import { ParseError } from "../core/compile.ts";

const ALWAYS: ParserPlugin[] = [
  "explicitResourceManagement",
  "decoratorAutoAccessors",
  "importReflection",
  "deferredImportEvaluation",
];

/**
 * A parser for a file by its name: types in `.ts`, `.mts`, `.cts`, JSX in `.jsx`, `.tsx` and plain JavaScript. Nothing is
 * stripped: the text keeps its types, its JSX and other people's decorators.
 */
export function createParser(filename: string, packageType: "module" | "commonjs"): Parse {
  const isTypeScript = /\.[cm]?tsx?$/.test(filename);
  const plugins: ParserPlugin[] = isTypeScript ? [...ALWAYS, "typescript"] : [...ALWAYS];
  if (!/\.[cm]?ts$/.test(filename)) plugins.push("jsx");
  const sourceType = sourceTypeOf(filename, packageType);
  const base: ParserOptions = { sourceType, allowUndeclaredExports: true, attachComment: false };
  // A CommonJS body is a function's; `commonjs` says so by itself.
  if (sourceType !== "commonjs")
    Object.assign(base, { allowReturnOutsideFunction: true, allowNewTargetOutsideFunction: true });
  return (text, settings) => {
    const tree = (decorators: ParserPlugin) =>
      parseText(text, { ...base, ...settings, plugins: [...plugins, decorators] }) as unknown as B.File;
    try {
      return tree(isTypeScript ? "decorators-legacy" : "decorators");
    } catch (error) {
      // Parameter decorators are legacy only; `export @dec class` is standard only.
      if (!text.includes("@")) throw parseErrorOf(error);
    }
    try {
      return tree(isTypeScript ? "decorators" : "decorators-legacy");
    } catch (error) {
      throw parseErrorOf(error);
    }
  };
}

/** The parser's word on the text; anything else that is thrown is no error of syntax. */
function parseErrorOf(error: unknown): unknown {
  const { message, loc } = error as { message?: string; loc?: { line: number; column: number } };
  return error instanceof SyntaxError && message && loc ? new ParseError(message, loc.line, loc.column + 1) : error;
}

function sourceTypeOf(filename: string, packageType: "module" | "commonjs"): ParserOptions["sourceType"] {
  if (filename.endsWith(".cjs")) return "commonjs";
  // A `.cts` is written with `import` and `export` and becomes CommonJS; it may be a script, too.
  if (filename.endsWith(".cts")) return "unambiguous";
  return /\.m[jt]s$/.test(filename) || packageType === "module" ? "module" : "unambiguous";
}
