/** Each bundler, as it splits a program into chunks and assets. */
import { join } from "node:path";
import type { Options } from "../../plugin/core/options.ts";
import type { Bundlers } from "../bundlers/packages.ts";
import { type Built, buildWithVite, type Mode, readBuilt } from "./programs.ts";

export interface Split {
  folder: string;
  mode: Mode;
  /** Below the folder. */
  entry: string;
  isForBrowsers: boolean;
  options?: Options;
  /** Rollup: whether mprof's plug-in is told last, and what @rollup/plugin-commonjs is told. */
  isLast?: boolean;
  commonjs?: object;
}

/** Builds `main.mjs` (or `main.cjs`) and what belongs to it. */
export type Splitter = (packages: Bundlers, split: Split) => Promise<Built>;

// biome-ignore lint/suspicious/noExplicitAny: what each bundler takes and gives is its own; the tests build with it.
type Any = any;

export const SPLITTERS: Record<string, Splitter> = {
  vite: (packages, split) => buildWithVite(packages, { ...split, plugins: () => [] }),
  "vite-7": (packages, split) => buildWithVite(packages, { ...split, plugins: () => [], vite: "vite-7" }),

  async rollup(packages, split) {
    const { rollup } = await packages.load<Any>("rollup");
    const { nodeResolve } = await packages.load<Any>("@rollup/plugin-node-resolve");
    const { default: commonjs } = await packages.load<Any>("@rollup/plugin-commonjs");
    const warnings: string[] = [];
    const mprof = await pluginsOf("rollup", split);
    const others = [nodeResolve({ exportConditions: ["node"] }), commonjs(split.commonjs)];
    const bundle = await rollup({
      input: { main: join(split.folder, split.entry) },
      plugins: split.isLast ? [...others, ...mprof] : [...mprof, ...others],
      onwarn: ({ message }: { message: string }) => warnings.push(message),
    });
    const dir = outDirOf("rollup", split);
    await bundle.write({ dir, format: "es", entryFileNames: "[name].mjs", chunkFileNames: "[name].js" });
    await bundle.close();
    return { ...readBuilt(dir), warnings };
  },

  async esbuild(packages, split) {
    const { build } = await packages.load<Any>("esbuild");
    const outdir = outDirOf("esbuild", split);
    const { warnings } = await build({
      absWorkingDir: split.folder,
      entryPoints: { main: split.entry },
      outdir,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      outExtension: { ".js": ".mjs" },
      chunkNames: "[name]",
      logLevel: "silent",
      plugins: await pluginsOf("esbuild", split),
    });
    return { ...readBuilt(outdir), warnings: warnings.map(({ text }: { text: string }) => text) };
  },

  async webpack(packages, split) {
    const { default: webpack } = await packages.load<Any>("webpack");
    return runWebpack(webpack, "webpack", split);
  },

  async rspack(packages, split) {
    const { rspack } = await packages.load<Any>("@rspack/core");
    return runWebpack(rspack, "rspack", split);
  },
};

function outDirOf(name: string, { folder, mode, entry }: Split): string {
  return join(folder, "out", `${name}-${entry.replaceAll(/\W/g, "-")}-${mode}`);
}

async function pluginsOf(name: string, { mode, folder, options }: Split): Promise<unknown[]> {
  if (mode === "plain") return [];
  const { default: plugin } = await import(`../../plugin/unplugin/${name}.js`);
  return [plugin({ root: folder, functions: mode, ...options })];
}

async function runWebpack(webpack: Any, name: string, split: Split): Promise<Built> {
  const path = outDirOf(name, split);
  const compiler = webpack({
    context: split.folder,
    entry: { main: `./${split.entry}` },
    mode: "development",
    devtool: false,
    target: split.isForBrowsers ? "web" : "node20",
    output: { path, filename: "[name].cjs", chunkFilename: "[name].cjs", publicPath: "" },
    plugins: await pluginsOf(name, split),
  });
  const stats: Any = await new Promise((resolve, reject) => {
    compiler.run((error: Error | null, result: unknown) => (error ? reject(error) : resolve(result)));
  });
  await new Promise((resolve) => compiler.close(resolve));
  const { errors, warnings } = stats.toJson({ errors: true, warnings: true, all: false });
  if (errors.length > 0) throw new Error(errors.map(({ message }: { message: string }) => message).join("\n"));
  return { ...readBuilt(path), warnings: warnings.map(({ message }: { message: string }) => message) };
}
