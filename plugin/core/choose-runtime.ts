import type { RuntimeForm } from "./forms.ts";
import type { Options } from "./options.ts";

/**
 * How compiled code reaches the runtime: the option; else `import` where there is module syntax or a module's extension,
 * else by the package's type. Plain scripts only by option.
 */
export function chooseRuntime(
  options: Options,
  file: { name: string; isModule: boolean; packageType: "module" | "commonjs" },
): Exclude<RuntimeForm, "import-equals"> {
  if (options.runtime) return options.runtime;
  if (file.isModule || /\.m[jt]s$/.test(file.name)) return "import";
  return /\.c[jt]s$/.test(file.name) || file.packageType !== "module" ? "require" : "import";
}
