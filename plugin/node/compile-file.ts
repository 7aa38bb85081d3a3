import type { Options } from "../core/options.ts";
import { isStackOverflow } from "../core/stack.ts";
import { instrument } from "../source/instrument.ts";
import { compileWithBabel, type ModuleFormat } from "./babel-pass.ts";
import { instrumentOnDeepStack } from "./deep-stack.ts";
import { createHost, packageTypeOf } from "./host.ts";
import { needsBabel } from "./needs-compiling.ts";
import { factsOf } from "./project-facts.ts";

/** What Node gets instead of a file: its code, or the error that loading it throws. */
export interface CompiledFile {
  code: string;
  format: ModuleFormat;
  /** A syntax error, or a stack that is too small; the code is empty then. */
  error?: { message: string; line: number; column: number; isOverflow: boolean };
  /** Marks and functions that could not be honoured; a file may be compiled for nothing but these. */
  warnings: string[];
}

/**
 * Compiles a file on its way into Node: probes into plain JavaScript; probes, types and JSX by Babel.
 *
 * @returns `null` if the file is Node's own business
 */
export function compileFile(filename: string, text: string, given: Options): CompiledFile | null {
  const warnings: string[] = [];
  const options: Options = { ...given, onWarning: ({ message }) => warnings.push(message) };
  if (needsBabel(filename)) {
    try {
      return { ...compileWithBabel(text, filename, options), warnings };
    } catch (error) {
      const { message, loc } = error as Error & { loc?: { line: number; column: number } };
      return {
        code: "",
        format: "commonjs",
        error: { message, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1, isOverflow: isStackOverflow(error) },
        warnings,
      };
    }
  }
  const result = instrument(text, { ...options, filename }, createHost(factsOf), instrumentOnDeepStack);
  if (!result) return null;
  if (result.code === text) return { code: text, format: formatOf(filename, result.isModule), warnings };
  const map = Buffer.from(JSON.stringify(result.map)).toString("base64");
  const code = `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}`;
  return { code, format: formatOf(filename, result.isModule), warnings };
}

function formatOf(filename: string, isModule: boolean): ModuleFormat {
  if (filename.endsWith(".cjs")) return "commonjs";
  return filename.endsWith(".mjs") || packageTypeOf(filename) === "module" || isModule ? "module" : "commonjs";
}
