import type { ModuleTable } from "../../contract/module-table.ts";
import type { FunctionPlace } from "../../contract/runtime-module.ts";
import type { Host } from "../core/compile.ts";
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
  /** `null` if the file is Node's own business. */
  code: string | null;
  format: ModuleFormat;
  /** A syntax error, or a stack that is too small; the code is empty then. */
  error?: { message: string; line: number; column: number; isOverflow: boolean };
  /** Marks and functions that could not be honoured; a file may be compiled for nothing but these. */
  warnings: string[];
  /** The functions with probes. */
  functions: FunctionPlace[];
  /** The names of all its functions, where options select by name. */
  names: readonly string[];
}

/**
 * Compiles a file on its way into Node: probes into plain JavaScript; probes, types and JSX by Babel.
 *
 * @returns `null` if the file is Node's own business, and there is nothing to say of it
 */
export function compileFile(filename: string, text: string, given: Options): CompiledFile | null {
  const warnings: string[] = [];
  const options: Options = { ...given, onWarning: ({ message }) => warnings.push(message) };
  let names: readonly string[] = [];
  let table: ModuleTable | null = null;
  const host: Host = {
    ...createHost(factsOf),
    onPlan(plan) {
      if (given.func !== undefined) names = plan.found;
      table = plan.table;
    },
  };
  const told = (planned: ModuleTable | null) => ({ warnings, names, functions: placesIn(planned) });
  if (needsBabel(filename)) {
    try {
      const compiled = compileWithBabel(text, filename, options, host);
      return { ...compiled, ...told(table) };
    } catch (error) {
      const { message, loc } = error as Error & { loc?: { line: number; column: number } };
      return {
        code: "",
        format: "commonjs",
        error: { message, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1, isOverflow: isStackOverflow(error) },
        ...told(null),
      };
    }
  }
  const result = instrument(text, { ...options, filename }, host, instrumentOnDeepStack);
  const said = told(result?.table ?? null);
  if (!result) return names.length > 0 ? { code: null, format: "commonjs", ...said } : null;
  const format = formatOf(filename, result.isModule);
  if (result.code === text) return { code: text, format, ...said };
  const map = Buffer.from(JSON.stringify(result.map)).toString("base64");
  return { code: `${result.code}\n//# sourceMappingURL=data:application/json;base64,${map}`, format, ...said };
}

function placesIn(table: ModuleTable | null): FunctionPlace[] {
  return table?.listings.map(({ name, first }) => [table.file, name, first]) ?? [];
}

function formatOf(filename: string, isModule: boolean): ModuleFormat {
  if (filename.endsWith(".cjs")) return "commonjs";
  return filename.endsWith(".mjs") || packageTypeOf(filename) === "module" || isModule ? "module" : "commonjs";
}
