/**
 * What the plugin adds to a build: user CPU time of `vite build` of three.js (its core, some 50,000 lines) with the plugin
 * and no marks over the same without the plugin, and with every function profiled against two plugins that count coverage.
 * Interleaved, so that what else the machine does falls on all alike.
 *
 * MPROF_TEST_ALL=1 node dist/esm/bench/bundlers.js [pairs] [rounds against the others]
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fetchPackages } from "../test/support/fetch-package.ts";
import { ROOT } from "../test/support/load-fixture.ts";
import { intervalOfMedian, median } from "./statistics.ts";

const PACKAGES = {
  "@babel/core": "7.29.13",
  "babel-plugin-istanbul": "8.0.2",
  three: "0.180.0",
  vite: "8.3.8",
  "vite-plugin-istanbul": "9.0.1",
};
const BAR_IDLE = 1.02;
const BAR_ALL = 0.5;

const plugin = JSON.stringify(pathToFileURL(join(ROOT, "dist/esm/plugin/unplugin/vite.js")).href);
const VARIANTS = {
  plain: "",
  idle: `(await import(${plugin})).default(),`,
  all: `(await import(${plugin})).default({ functions: "all" }),`,
  "vite-plugin-istanbul": `(await import("vite-plugin-istanbul")).default({ forceBuildInstrument: true, cwd: import.meta.dirname }),`,
  "babel-plugin-istanbul": `{
    name: "coverage",
    enforce: "pre",
    async transform(code, id) {
      if (!id.includes("/src/")) return null;
      const { transformAsync } = await import("@babel/core");
      const settings = { filename: id, plugins: ["istanbul"], cwd: import.meta.dirname, sourceMaps: true, configFile: false, babelrc: false, compact: false };
      const { code: result, map } = await transformAsync(code, settings);
      return { code: result, map };
    },
  },`,
};
type Variant = keyof typeof VARIANTS;

const [pairs = "31", rounds = "5"] = process.argv.slice(2);
const folder = fetchPackages("bench", PACKAGES);
if (folder === null) process.exit(1);
const project = mkdtempSync(join(folder, "project-"));
try {
  cpSync(join(folder, "node_modules/three/src"), join(project, "src"), { recursive: true });
  for (const [name, plugins] of Object.entries(VARIANTS)) writeFileSync(join(project, `${name}.mjs`), script(plugins));
  console.log(`three.js, ${countLines(join(project, "src"))} lines, user CPU time of vite build`);
  compareIdle();
  compareAll();
} finally {
  rmSync(project, { recursive: true, force: true });
}

function compareIdle(): void {
  const seconds = measure(["plain", "idle"], Number(pairs));
  const ratios = seconds.idle!.map((time, round) => time / seconds.plain![round]!);
  const [low, high] = intervalOfMedian(ratios);
  const verdict = low <= BAR_IDLE ? "held" : "missed";
  console.log(
    `  plugin, no marks: ${median(seconds.idle!).toFixed(3)} s, plain ${median(seconds.plain!).toFixed(3)} s, ${pairs} pairs: ` +
      `ratio ${median(ratios).toFixed(3)}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, bar ${BAR_IDLE} ${verdict}`,
  );
}

function compareAll(): void {
  const others: Variant[] = ["vite-plugin-istanbul", "babel-plugin-istanbul"];
  const seconds = measure(["all", ...others], Number(rounds));
  console.log(`  functions: "all": ${median(seconds.all!).toFixed(2)} s, median of ${rounds} interleaved builds`);
  for (const other of others) {
    const ratio = median(seconds.all!) / median(seconds[other]!);
    const verdict = ratio <= BAR_ALL ? "held" : "missed";
    console.log(
      `  ${other}: ${median(seconds[other]!).toFixed(2)} s, ratio ${ratio.toFixed(2)}, bar ${BAR_ALL} ${verdict}`,
    );
  }
}

function measure(variants: readonly Variant[], count: number): Partial<Record<Variant, number[]>> {
  const seconds: Partial<Record<Variant, number[]>> = {};
  for (const variant of variants) build(variant);
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const variant = variants[(round + turn) % variants.length]!;
      seconds[variant] = [...(seconds[variant] ?? []), build(variant)];
    }
  }
  return seconds;
}

/** @returns user CPU time in seconds, all of the process, from its start */
function build(variant: Variant): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, `${variant}.mjs`)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed: ${variant}\n${stderr}`);
  return Number(stdout) / 1e6;
}

function script(plugins: string): string {
  return `import { build } from "vite";
await build({
  root: import.meta.dirname, configFile: false, logLevel: "silent", plugins: [${plugins}],
  build: { sourcemap: true, write: false, rolldownOptions: { input: "src/Three.js", preserveEntrySignatures: "strict", external: ["mprof/runtime"] } },
});
console.log(process.cpuUsage().user);
`;
}

function countLines(path: string): number {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .reduce((sum, name) => sum + readFileSync(join(path, name), "utf8").split("\n").length, 0);
}
