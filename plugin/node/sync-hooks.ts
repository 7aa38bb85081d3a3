import { readFileSync } from "node:fs";
import Module from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Options } from "../core/options.ts";
import { CompilerClient } from "./compiler-client.ts";
import { findFirst, findInstead, findUrlFirst, findUrlInstead, pathOfUrl } from "./find-source.ts";
import { type ImportContext, isBareJson, jsonModule } from "./json-module.ts";
import { namespaceOf } from "./named-exports.ts";
import { EXTENSIONS } from "./needs-compiling.ts";
import { isPackage, isRuntime, type OwnFiles } from "./own-files.ts";

interface Context extends ImportContext {
  parentURL?: string;
  conditions?: readonly string[];
}
type Resolve = (specifier: string, context: Context) => { url: string; shortCircuit?: boolean };
type Load = (url: string, context: Context) => { format: string; source?: unknown; shortCircuit?: boolean };

interface Hooks {
  resolve(specifier: string, context: Context, next: Resolve): ReturnType<Resolve>;
  load(url: string, context: Context, next: Load): ReturnType<Load>;
}

/** Node 22.15 and later: one pair of hooks, on this thread, for `import` and `require` alike. */
export function installSyncHooks(options: Options, { runtime, api }: OwnFiles): void {
  const { registerHooks } = Module as unknown as { registerHooks(hooks: Hooks): void };
  const own = (file: string) => ({ url: pathToFileURL(file).href, shortCircuit: true });
  const compiler = new CompilerClient(options);
  registerHooks({
    resolve(specifier, context, next) {
      if (isRuntime(specifier)) return own(runtime);
      const { parentURL } = context;
      const first = isRequire(context)
        ? findFirst(specifier, pathOfUrl(parentURL))
        : findUrlFirst(specifier, parentURL);
      try {
        return next(first ?? specifier, context);
      } catch (error) {
        if (isPackage(specifier)) return own(api);
        const other = isRequire(context)
          ? findInstead(specifier, pathOfUrl(parentURL), error)
          : findUrlInstead(specifier, parentURL, error);
        if (other === null) throw error;
        return next(other, context);
      }
    },
    load(url, context, next) {
      const filename = pathOfUrl(url);
      if (filename === null) return next(url, context);
      if ((filename === runtime || filename === api) && !isRequire(context)) return ownModule(filename);
      if (isBareJson(filename, context) && !isRequire(context)) return jsonModule(filename);
      if (!EXTENSIONS.includes(extname(filename))) return next(url, context);
      const compiled = compiler.compile(filename, readFileSync(filename, "utf8"));
      return compiled ? { format: compiled.format, source: compiled.code, shortCircuit: true } : next(url, context);
    },
  });
}

/** Asked by `require`, whose specifiers are no URLs. */
function isRequire({ conditions = [] }: Context): boolean {
  return conditions.includes("require") && !conditions.includes("import");
}

/**
 * Node would look for the names of the exports in the text, and be hot enough from it that V8 optimises the search while the
 * program's first row runs: 1 to 3 MiB there that are not the row's (Node 22).
 */
function ownModule(filename: string): ReturnType<Load> {
  const names = Object.keys(require(filename));
  return { format: "module", source: namespaceOf(filename, names), shortCircuit: true };
}
