/**
 * The workloads in folders of their own, as each variant needs them: as they are, compiled by us, compiled by Istanbul.
 * Beneath this package, so that `mprof/runtime` is found.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { instrument } from "../plugin/node/source.ts";
import { fetchPackages } from "../test/support/fetch-package.ts";
import { ROOT } from "../test/support/load-fixture.ts";

/** Pinned; fetched into `.cache/packages`. */
const PACKAGES = { "@babel/core": "7.29.13", acorn: "8.15.0", "babel-plugin-istanbul": "8.0.2" };

/** By name: how much of its work a process does in mode `exact`, where a line costs a hundred times as much. */
export const WORKLOADS: Readonly<Record<string, number>> = {
  matrix: 0.01,
  json: 0.05,
  allocation: 0.01,
  calls: 0.01,
  tree: 0.01,
  awaits: 0.01,
  strings: 0.02,
  maps: 0.01,
  generators: 0.01,
  classes: 0.01,
  tokenizer: 0.01,
  acorn: 0.2,
  server: 0.05,
};

export interface WorkloadFiles {
  folder: string;
  /** The folder of each form. */
  plain: string;
  ours: string;
  istanbul: string;
  /** What the run leaves behind: profiles, coverage. */
  scrap: string;
  remove(): void;
}

export function prepareWorkloads(): WorkloadFiles {
  // Who runs a benchmark wants what it compares with.
  process.env.MPROF_TEST_ALL = "1";
  const fetched = fetchPackages("bench-overhead", PACKAGES)!;
  const folder = mkdtempSync(join(ROOT, ".cache", "bench-"));
  const [plain, ours, istanbul, scrap] = ["plain", "ours", "istanbul", "scrap"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  cpSync(join(ROOT, "bench", "workloads"), plain, { recursive: true });
  mkdirSync(join(plain, "packages"));
  const acorn = join(fetched, "node_modules", "acorn", "dist", "acorn.mjs");
  cpSync(acorn, join(plain, "packages", "acorn.js"));
  cpSync(acorn, join(plain, "packages", "acorn.txt"));
  for (const each of [ours, istanbul]) cpSync(plain, each, { recursive: true });
  mkdirSync(scrap);
  rewrite(ours, (code, filename) => instrument(code, { filename, functions: "all", mode: "auto" })?.code ?? code);
  const requireFetched = createRequire(join(fetched, "package.json"));
  const babel = requireFetched("@babel/core");
  const plugins = [[requireFetched.resolve("babel-plugin-istanbul"), { cwd: istanbul }]];
  rewrite(istanbul, (code, filename) => {
    const settings = { filename, cwd: istanbul, plugins, configFile: false, babelrc: false, compact: false };
    const compiled: string = babel.transformSync(code, settings).code;
    if (!compiled.includes("cov_")) throw new Error(`Istanbul left ${filename} alone`);
    return compiled;
  });
  return { folder, plain, ours, istanbul, scrap, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function rewrite(folder: string, compile: (code: string, filename: string) => string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    // The load comes from a process that nothing is measured in.
    if (!name.endsWith(".js") || name === "load.js") continue;
    const path = join(folder, name);
    writeFileSync(path, compile(readFileSync(path, "utf8"), path));
  }
}
