import Module from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { addHook } from "pirates";
import type { Options } from "../core/options.ts";
import { CompilerClient } from "./compiler-client.ts";
import { EXTENSIONS } from "./needs-compiling.ts";
import { isPackage, isRuntime, type OwnFiles, otherSpellings } from "./resolve-source.ts";

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

/** Node 20: the CommonJS loader is patched here, the ES module loader's hooks run on a thread of their own. */
export function installAsyncHooks(options: Options, own: OwnFiles): void {
  const compiler = new CompilerClient(options);
  const compile = (code: string, filename: string) => compiler.compile(filename, code)?.code ?? code;
  addHook(compile, { exts: EXTENSIONS, ignoreNodeModules: false });
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    if (isRuntime(request)) return own.runtime;
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      if (isPackage(request)) return own.api;
      for (const other of otherSpellings(request)) {
        try {
          return resolve.call(this, other, ...rest);
        } catch {}
      }
      throw error;
    }
  };
  const hooks = pathToFileURL(join(__dirname, "load-hook.js"));
  Module.register(hooks, { data: { options, own } });
}
