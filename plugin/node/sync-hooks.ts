import { readFileSync } from "node:fs";
import Module from "node:module";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Options } from "../core/options.ts";
import { CompilerClient } from "./compiler-client.ts";
import { EXTENSIONS } from "./needs-compiling.ts";
import { isPackage, isRuntime, type OwnFiles, otherSpellings } from "./resolve-source.ts";

type Resolve = (specifier: string, context: object) => { url: string; shortCircuit?: boolean };
type Load = (url: string, context: object) => { format: string; source?: unknown; shortCircuit?: boolean };

interface Hooks {
  resolve(specifier: string, context: object, next: Resolve): ReturnType<Resolve>;
  load(url: string, context: object, next: Load): ReturnType<Load>;
}

/** Node 22.15 and later: one pair of hooks, on this thread, for `import` and `require` alike. */
export function installSyncHooks(options: Options, { runtime, api }: OwnFiles): void {
  const { registerHooks } = Module as unknown as { registerHooks(hooks: Hooks): void };
  const own = (file: string) => ({ url: pathToFileURL(file).href, shortCircuit: true });
  const compiler = new CompilerClient(options);
  registerHooks({
    resolve(specifier, context, next) {
      if (isRuntime(specifier)) return own(runtime);
      try {
        return next(specifier, context);
      } catch (error) {
        if (isPackage(specifier)) return own(api);
        for (const other of otherSpellings(specifier)) {
          try {
            return next(other, context);
          } catch {}
        }
        throw error;
      }
    },
    load(url, context, next) {
      if (!url.startsWith("file:")) return next(url, context);
      const filename = fileURLToPath(url);
      if (!EXTENSIONS.includes(extname(filename))) return next(url, context);
      const compiled = compiler.compile(filename, readFileSync(filename, "utf8"));
      return compiled ? { format: compiled.format, source: compiled.code, shortCircuit: true } : next(url, context);
    },
  });
}
