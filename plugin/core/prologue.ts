import type { ModuleTable } from "../../contract/module-table.ts";
import { RUNTIME_GLOBAL, RUNTIME_MODULE, TABLE_EXPORT } from "../../contract/runtime-module.ts";
import type { Options } from "./options.ts";
import type { Names } from "./plan.ts";

export type RuntimeKind = "import" | "require" | "global";

/**
 * How compiled code reaches the runtime: the option; else `import` where there is module syntax or a module's extension,
 * else by the package's type. Plain scripts only by option.
 */
export function chooseRuntime(
  options: Options,
  file: { name: string; isModule: boolean; packageType: "module" | "commonjs" },
): RuntimeKind {
  if (options.runtime) return options.runtime;
  if (file.isModule || /\.m[jt]s$/.test(file.name)) return "import";
  return /\.c[jt]s$/.test(file.name) || file.packageType !== "module" ? "require" : "import";
}

/** The prologue as text: one line of declarations, so that a script's completion value stays what it was. */
export function printPrologue(table: ModuleTable, names: Names, kind: RuntimeKind, module = RUNTIME_MODULE): string {
  const { handle, module: getter } = names;
  const load = `${tableFunction(names, kind, module)}(${JSON.stringify(table)})`;
  const lazily = `var ${handle}; function ${getter}() { return ${handle} || (${handle} = ${load}); } `;
  if (kind !== "import") return lazily;
  return `import { ${TABLE_EXPORT} as ${names.table} } from ${JSON.stringify(module)}; ${lazily}`;
}

function tableFunction(names: Names, kind: RuntimeKind, module: string): string {
  if (kind === "import") return names.table;
  return kind === "require"
    ? `require(${JSON.stringify(module)}).${TABLE_EXPORT}`
    : `globalThis.${RUNTIME_GLOBAL}.${TABLE_EXPORT}`;
}
