import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { UnpluginOptions } from "unplugin";
import { PAGE_MODULE, RUNTIME_MODULE } from "../../contract/runtime-module.ts";
import type { Options } from "../core/options.ts";
import { DECORATOR_TEXT } from "../core/worth-reading.ts";

/** A file without its marks, or `null` if it has none. */
type WithoutMarks = (code: string, id: string) => Promise<string | null>;

interface ScanBuild {
  onLoad(
    where: { filter: RegExp },
    load: (file: { path: string }) => Promise<{ contents: string; loader: string } | undefined>,
  ): void;
}

const SOURCE = /\.[cm]?[jt]sx?$/;

/**
 * What Vite does beside the plugins of a configuration. Its dev server starts with a scan for dependencies that parses the
 * sources, to which decorators above functions are syntax errors, and which does not see the runtime that will be imported:
 * it would be found while the page loads, and load it again. Web workers are built with plugins of their own.
 */
export function configureVite(
  inWorkers: Pick<UnpluginOptions, "name" | "enforce" | "transform">,
  withoutMarks: WithoutMarks,
  { enabled = true, runtimeModule = RUNTIME_MODULE }: Options,
): NonNullable<UnpluginOptions["vite"]> {
  const forRolldown = {
    name: "mprof:scan",
    transform: {
      filter: { id: SOURCE, code: DECORATOR_TEXT },
      handler: async (code: string, id: string) => (await withoutMarks(code, id)) ?? undefined,
    },
  };
  // Vite 7 and earlier scan by esbuild.
  const forEsbuild = {
    name: "mprof:scan",
    setup(build: ScanBuild) {
      build.onLoad({ filter: SOURCE }, async ({ path }) => {
        if (path.includes("node_modules")) return undefined;
        const contents = await withoutMarks(await readFile(path, "utf8"), path);
        if (contents === null) return undefined;
        return { contents, loader: extname(path).replace(/^\.[cm]?/, "") };
      });
    },
  };
  return {
    config() {
      const { meta } = (this ?? {}) as unknown as { meta?: { rolldownVersion?: string } };
      const scan = meta?.rolldownVersion
        ? { rolldownOptions: { plugins: [forRolldown] } }
        : { esbuildOptions: { plugins: [forEsbuild as never] } };
      const ours = runtimeModule === RUNTIME_MODULE ? [RUNTIME_MODULE, PAGE_MODULE] : [runtimeModule];
      return {
        optimizeDeps: { include: enabled ? ours : [], ...scan },
        worker: { plugins: () => [inWorkers as never] },
      };
    },
  };
}
