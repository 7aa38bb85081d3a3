/**
 * What the transformer adds to a build: user CPU time of `tspc -p` with the plugin and no marks, and with every function
 * profiled, over the same without the plugin. Interleaved, so that what else the machine does falls on all alike.
 *
 * node dist/esm/bench/typescript.js <tsconfig.json> [pairs]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { intervalOfMedian, median } from "./statistics.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const entry = { transform: join(root, "dist/cjs/plugin/node/typescript.js"), transformProgram: true };
const VARIANTS = { plain: [], idle: [entry], all: [{ ...entry, functions: "all" }] };
/** The lower end of the interval must lie under it. */
const BARS = { idle: 1.03, all: 1.25 };

type Variant = keyof typeof VARIANTS;

const [config, pairs = "31"] = process.argv.slice(2);
if (config === undefined) throw new Error("which project? node dist/esm/bench/typescript.js <tsconfig.json> [pairs]");
const project = resolve(config);
const tspc = createRequire(import.meta.url).resolve("ts-patch/bin/tspc.js");
const scratch = mkdtempSync(join(tmpdir(), "mprof-bench-"));
// The compiler runs in the process that is measured, so its own clock has everything.
const meter = join(scratch, "meter.cjs");
const reading = join(scratch, "reading");
writeFileSync(
  meter,
  `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(reading)}, String(process.cpuUsage().user)));`,
);

const configs = new Map<Variant, string>();
for (const [name, plugins] of Object.entries(VARIANTS)) {
  const path = join(dirname(project), `tsconfig.mprof-bench-${name}.json`);
  const compilerOptions = {
    plugins,
    outDir: join(scratch, name),
    noEmitOnError: false,
    composite: false,
    incremental: false,
  };
  writeFileSync(path, JSON.stringify({ extends: project, compilerOptions }));
  configs.set(name as Variant, path);
}

try {
  const seconds: Record<Variant, number[]> = { plain: [], idle: [], all: [] };
  const variants = Object.keys(VARIANTS) as Variant[];
  for (const variant of variants) build(variant);
  for (let round = 0; round < Number(pairs); round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const variant = variants[(round + turn) % variants.length]!;
      seconds[variant].push(build(variant));
    }
    const times = variants.map((variant) => `${variant} ${seconds[variant].at(-1)!.toFixed(2)}`);
    console.error(`round ${round + 1}: ${times.join(", ")}`);
  }
  console.log(`user CPU time of tspc -p, medians of ${pairs} interleaved builds`);
  console.log(`  plain                 ${median(seconds.plain).toFixed(2)} s`);
  for (const name of ["idle", "all"] as const) {
    const ratios = seconds[name].map((time, round) => time / seconds.plain[round]!);
    const [low, high] = intervalOfMedian(ratios);
    const words = name === "idle" ? "plugin, no marks     " : 'functions: "all"     ';
    const verdict = low < BARS[name] ? "held" : "missed";
    console.log(
      `  ${words} ${median(seconds[name]).toFixed(2)} s   ratio ${median(ratios).toFixed(3)}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, bar ${BARS[name]} ${verdict}`,
    );
  }
} finally {
  for (const path of configs.values()) rmSync(path, { force: true });
  rmSync(scratch, { recursive: true, force: true });
}

/** @returns user CPU time in seconds */
function build(variant: Variant): number {
  const { status, stderr } = spawnSync(process.execPath, ["--require", meter, tspc, "-p", configs.get(variant)!], {
    encoding: "utf8",
  });
  if (status === null || stderr !== "") throw new Error(`tspc failed: ${stderr}`);
  return Number(readFileSync(reading, "utf8")) / 1e6;
}
