import Module from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { addHook } from "pirates";
import type { Options } from "../core/options.ts";
import { CompilerClient } from "./compiler-client.ts";
import { findFirst, findInstead } from "./find-source.ts";
import { EXTENSIONS } from "./needs-compiling.ts";
import { isPackage, isRuntime, type OwnFiles } from "./own-files.ts";

/** Told to the thread of the hooks as it starts. */
const HOOKS = "mprof:hooks";

type Importer = { filename?: string | null } | null | undefined;
type ResolveFilename = (request: string, importer: Importer, ...rest: unknown[]) => string;

/** Node 20: the CommonJS loader is patched here, the ES module loader's hooks run on a thread of their own. */
export function installAsyncHooks(options: Options, own: OwnFiles): void {
  const compiler = new CompilerClient(options, "commonjs");
  const compile = (code: string, filename: string) => compiler.compile(filename, code)?.code ?? code;
  addHook(compile, { exts: EXTENSIONS, ignoreNodeModules: false });
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, importer, ...rest) {
    if (isRuntime(request)) return own.runtime;
    const from = importer?.filename ?? null;
    try {
      return resolve.call(this, findFirst(request, from) ?? request, importer, ...rest);
    } catch (error) {
      if (isPackage(request)) return own.api;
      const other = findInstead(request, from, error);
      if (other === null) throw error;
      return resolve.call(this, other, importer, ...rest);
    }
  };
  const hooks = pathToFileURL(join(__dirname, "load-hook.js"));
  setEnvironmentData(HOOKS, true);
  withoutErrorListeners(() => Module.register(hooks, { data: { options, own } }));
  setEnvironmentData(HOOKS, undefined);
}

/** It loads what `--require` names, too, and nothing of the program. */
export function isHooksThread(): boolean {
  return getEnvironmentData(HOOKS) === true;
}

/**
 * The thread of the hooks has its output piped into that of the process. With a listener there `console.log` leaves it to that
 * one to hear of errors, which then end the program: it would no longer outlive a reader that has gone.
 */
function withoutErrorListeners(work: () => void): void {
  const streams = [process.stdout, process.stderr];
  const before = streams.map((stream) => stream.listeners("error"));
  work();
  streams.forEach((stream, i) => {
    for (const listener of stream.listeners("error")) {
      if (!before[i]!.includes(listener)) stream.off("error", listener as () => void);
    }
  });
}
