import type { Warning } from "../core/messages.ts";
import type { Options } from "../core/options.ts";
import { instrument } from "../source/instrument.ts";
import type { ModuleFormat } from "./babel-pass.ts";
import { createHost, packageTypeOf } from "./host.ts";

/** What Node gets instead of the file. */
export interface CompiledFile {
  code: string;
  format: ModuleFormat;
}

/** Extensions that the hooks look at. */
export const EXTENSIONS = [".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"];

/**
 * Compiles files on their way into Node: probes into plain JavaScript; probes, types and JSX by Babel.
 *
 * @returns `null` if the file is Node's own business
 */
export function compileFile(filename: string, text: string, options: Options): CompiledFile | null {
  const reported = { ...options, onWarning };
  if (needsBabel(filename)) return compileTypes(filename, text, reported);
  const result = instrument(text, { ...reported, filename }, createHost());
  if (!result) return null;
  const map = Buffer.from(JSON.stringify(result.map)).toString("base64");
  const code = `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}`;
  const isModule = filename.endsWith(".mjs") || packageTypeOf(filename) === "module" || result.isModule;
  return { code, format: isModule && !filename.endsWith(".cjs") ? "module" : "commonjs" };
}

/** Whether the file has syntax that Node itself does not take. */
function needsBabel(filename: string): boolean {
  return /\.([cm]?tsx?|jsx)$/.test(filename) && !/[\\/]node_modules[\\/]/.test(filename);
}

function compileTypes(filename: string, text: string, options: Options): CompiledFile {
  // The register hook is CommonJS, so that Babel is loaded only when a file needs it.
  const { compileWithBabel } = require("./babel-pass.js") as typeof import("./babel-pass.ts");
  try {
    return compileWithBabel(text, filename, options);
  } catch (error) {
    throw asSyntaxError(error as Error);
  }
}

/** Babel's message has the file, the place and the lines around it; its stack is about us. */
function asSyntaxError(error: Error & { code?: string }): Error {
  if (error.code !== "BABEL_PARSE_ERROR" && error.code !== "BABEL_TRANSFORM_ERROR") return error;
  const clean = new SyntaxError(error.message);
  clean.stack = `SyntaxError: ${error.message}`;
  return clean;
}

function onWarning({ message }: Warning): void {
  process.stderr.write(`${message}\n`);
}
