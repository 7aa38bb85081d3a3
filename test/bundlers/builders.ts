/** Each bundler with the configuration that its users write: one entry for Node, minified, the runtime inside. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Options } from "../../plugin/core/options.ts";
import { ROOT } from "../support/load-fixture.ts";
import type { Bundlers } from "./packages.ts";

export interface Build {
  /** The project. */
  folder: string;
  /** Below the project. */
  entry: string;
  outDir: string;
  /** `null`: without the plugin. */
  options: Options | null;
  isMinified: boolean;
}

/** @returns the path of the bundle that Node runs */
export type Builder = (bundlers: Bundlers, build: Build) => Promise<string>;

type Plugin = (options: Options) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: what each bundler takes and gives is its own; the tests build with it.
type Any = any;

const EXTENSIONS = [".ts", ".tsx", ".js", ".jsx"];

export const BUILDERS: Record<string, Builder> = {
  async vite(bundlers, build) {
    const { build: run } = await bundlers.load<Any>("vite");
    await run({
      root: build.folder,
      configFile: false,
      logLevel: "error",
      plugins: await pluginsOf("vite", build),
      ssr: { noExternal: true },
      build: {
        ssr: join(build.folder, build.entry),
        outDir: build.outDir,
        minify: build.isMinified,
        sourcemap: true,
        target: "node20",
        rolldownOptions: { output: { entryFileNames: "main.mjs" } },
      },
    });
    return join(build.folder, build.outDir, "main.mjs");
  },

  async rollup(bundlers, build) {
    const { rollup } = await bundlers.load<Any>("rollup");
    const { nodeResolve } = await bundlers.load<Any>("@rollup/plugin-node-resolve");
    const terser = (await bundlers.load<Any>("@rollup/plugin-terser")).default;
    const esbuild = await bundlers.load<Any>("esbuild");
    // What @rollup/plugin-sucrase or rollup-plugin-esbuild do.
    const stripTypes = {
      name: "strip-types",
      transform: async (code: string, id: string) =>
        id.endsWith(".ts") ? esbuild.transform(code, { loader: "ts", sourcemap: "external", sourcefile: id }) : null,
    };
    const bundle = await rollup({
      input: join(build.folder, build.entry),
      plugins: [
        ...(await pluginsOf("rollup", build)),
        nodeResolve({ exportConditions: ["node"], extensions: EXTENSIONS }),
        stripTypes,
      ],
      onwarn: failOn,
    });
    const file = join(build.folder, build.outDir, "main.mjs");
    await bundle.write({
      file,
      format: "es",
      sourcemap: true,
      plugins: build.isMinified ? [terser()] : [],
      inlineDynamicImports: true,
    });
    await bundle.close();
    return file;
  },

  async rolldown(bundlers, build) {
    const { rolldown } = await bundlers.load<Any>("rolldown");
    const bundle = await rolldown({
      input: join(build.folder, build.entry),
      platform: "node",
      plugins: await pluginsOf("rolldown", build),
    });
    const file = join(build.folder, build.outDir, "main.mjs");
    await bundle.write({ file, format: "esm", sourcemap: true, minify: build.isMinified });
    await bundle.close();
    return file;
  },

  async webpack(bundlers, build) {
    const { default: webpack } = await bundlers.load<Any>("webpack");
    const config = webpackConfig(build, await pluginsOf("webpack", build));
    config.module.rules.push({
      test: /\.ts$/,
      loader: join(bundlers.folder, "node_modules/ts-loader/index.js"),
      options: { onlyCompileBundledFiles: true },
    });
    await runWebpack(webpack, config);
    return join(build.folder, build.outDir, "main.mjs");
  },

  async rspack(bundlers, build) {
    const { rspack } = await bundlers.load<Any>("@rspack/core");
    const config = webpackConfig(build, await pluginsOf("rspack", build));
    config.module.rules.push({
      test: /\.ts$/,
      loader: "builtin:swc-loader",
      options: { jsc: { parser: { syntax: "typescript", decorators: true }, target: "es2022" } },
    });
    await runWebpack(rspack, config);
    return join(build.folder, build.outDir, "main.mjs");
  },

  async esbuild(bundlers, build) {
    const { build: run } = await bundlers.load<Any>("esbuild");
    const outfile = join(build.folder, build.outDir, "main.mjs");
    await run({
      absWorkingDir: build.folder,
      entryPoints: [build.entry],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      minify: build.isMinified,
      sourcemap: true,
      logLevel: "error",
      plugins: await pluginsOf("esbuild", build),
    });
    return outfile;
  },

  /** Farm ends the process that calls it when a build fails. */
  async farm(bundlers, build) {
    const config = {
      root: build.folder,
      clearScreen: false,
      compilation: {
        input: { main: `./${build.entry}` },
        output: { path: build.outDir, targetEnv: "node", format: "esm", entryFilename: "[entryName].mjs" },
        minify: build.isMinified,
        sourcemap: true,
        persistentCache: false,
        presetEnv: false,
        mode: "production",
        // Farm 1.7.11 defines `node` as its target, in every file; this puts it back.
        define: { node: "node" },
      },
    };
    const farm = pathToFileURL(bundlers.resolve("@farmfe/core")).href;
    runScript(
      process.execPath,
      build,
      "farm",
      `import farm from ${JSON.stringify(farm)};
      await farm.build({ ...${JSON.stringify(config)}, plugins });`,
    );
    return join(build.folder, build.outDir, "main.mjs");
  },

  /** Bun's plugins run in Bun. */
  async bun(bundlers, build) {
    const config = {
      entrypoints: [build.entry],
      outdir: build.outDir,
      target: "node",
      minify: build.isMinified,
      sourcemap: "linked",
      naming: "main.mjs",
    };
    runScript(
      bundlers.binary("bun"),
      build,
      "bun",
      `const result = await Bun.build({ ...${JSON.stringify(config)}, plugins });
      if (!result.success) throw new AggregateError(result.logs);`,
    );
    return join(build.folder, build.outDir, "main.mjs");
  },
};

/** Runs a build in a process of its own, with `plugins` at hand. */
function runScript(command: string, { folder, options }: Build, plugin: string, text: string): void {
  const entry = pathToFileURL(join(ROOT, `dist/esm/plugin/unplugin/${plugin}.js`)).href;
  const given = options && { root: folder, ...options };
  const script = join(folder, `build-${plugin}.mjs`);
  writeFileSync(
    script,
    `import mprof from ${JSON.stringify(entry)};
    const plugins = ${given === null ? "[]" : `[mprof(${JSON.stringify(given)})]`};
    ${text}`,
  );
  execFileSync(command, [script], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

async function pluginsOf(name: string, { options, folder }: Build): Promise<unknown[]> {
  if (options === null) return [];
  const { default: plugin } = (await import(`../../plugin/unplugin/${name}.js`)) as { default: Plugin };
  return [plugin({ root: folder, ...options })];
}

function failOn({ message }: { message: string }): never {
  throw new Error(message);
}

function webpackConfig({ folder, entry, outDir, isMinified }: Build, plugins: unknown[]): Any {
  return {
    context: folder,
    entry: `./${entry}`,
    mode: isMinified ? "production" : "development",
    target: "node20",
    devtool: "source-map",
    experiments: { outputModule: true },
    output: { path: join(folder, outDir), filename: "main.mjs", library: { type: "module" }, chunkFormat: "module" },
    resolve: { extensions: EXTENSIONS, extensionAlias: { ".js": [".ts", ".js"] } },
    module: { rules: [] },
    performance: { hints: false },
    plugins,
  };
}

function runWebpack(webpack: Any, config: Any): Promise<void> {
  return new Promise((resolve, reject) => {
    const compiler = webpack(config);
    compiler.run((error: Error | null, stats: Any) => {
      compiler.close(() => {
        if (error) return reject(error);
        const { errors, warnings } = stats.toJson({ errors: true, warnings: true, all: false });
        const problems = [...errors, ...warnings].map(({ message }) => message);
        if (problems.length > 0) return reject(new Error(problems.join("\n")));
        resolve();
      });
    });
  });
}
