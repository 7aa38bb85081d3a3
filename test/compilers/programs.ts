/** One program, as it is without mprof and with it: what other compilers and hosts make of both is compared. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "../../plugin/core/options.ts";
import mprof from "../../plugin/unplugin/vite.ts";
import type { Bundlers } from "../bundlers/packages.ts";
import { runProcess } from "../support/run-cli.ts";

/** What is profiled: nothing, for the program that the others are compared with; what is marked; whatever has a name. */
export type Mode = "plain" | "marked" | "all";
export const INSTRUMENTED = ["marked", "all"] as const;

/** What a program does, and what mprof says of it. */
export interface Outcome {
  did: { stdout: string; stderr: string; code: number | null };
  report: string;
}

export interface RunSettings {
  /** @default node */
  command?: string;
  env?: Record<string, string>;
}

/** Runs `node …args`, or another binary; the report goes its own way. */
export async function runNode(args: string[], cwd: string, settings: RunSettings = {}): Promise<Outcome> {
  const folder = mkdtempSync(join(cwd, "report-"));
  try {
    const file = join(folder, "report.txt");
    const env = { MPROF_OUTPUT: file, NO_COLOR: "1", CI: "", NODE_ENV: "", ...settings.env };
    const { stdout, stderr, code } = await runProcess(settings.command ?? process.execPath, args, { cwd, env });
    return { did: { stdout, stderr, code }, report: existsSync(file) ? readFileSync(file, "utf8") : "" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface ViteBuild {
  folder: string;
  mode: Mode;
  /** Below the folder. */
  entry: string;
  /** Those of the frameworks, behind mprof's; made anew for each build. */
  plugins: () => unknown[];
  /** The package: another major is installed under a name of its own. */
  vite?: string;
  isForBrowsers?: boolean;
  options?: Options;
  config?: object;
}

export interface Built {
  folder: string;
  /** Paths below the folder. */
  files: string[];
  /** The text of all scripts. */
  code: string;
  warnings: string[];
}

/** Without hashes: what has probes has another. */
const NAMES = { entryFileNames: "main.mjs", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" };

/** `vite build`, for Node with everything inside unless it is for browsers. */
export async function buildWithVite(packages: Bundlers, given: ViteBuild): Promise<Built> {
  const { folder, mode, entry, plugins, vite = "vite", isForBrowsers = false, config } = given;
  const { build } = await packages.load<{ build(config: object): Promise<void> }>(vite);
  const warnings: string[] = [];
  const outDir = join(folder, "out", `${vite}-${entry.replaceAll(/\W/g, "-")}-${mode}`);
  const input = join(folder, entry);
  const log = (message: string) => warnings.push(message);
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    customLogger: { info() {}, warn: log, warnOnce: log, error: log, clearScreen() {}, hasErrorLogged: () => false },
    plugins: [...pluginsOf(given), ...plugins()],
    ssr: { noExternal: true },
    ...config,
    build: {
      outDir,
      emptyOutDir: true,
      minify: false,
      target: "esnext",
      assetsInlineLimit: 0,
      ssr: isForBrowsers ? false : input,
      rollupOptions: { ...(isForBrowsers ? { input } : {}), output: NAMES },
    },
    worker: { format: "es", rollupOptions: { output: { ...NAMES, entryFileNames: "[name].js" } } },
  });
  return { ...readBuilt(outDir), warnings };
}

function pluginsOf({ mode, folder, options }: ViteBuild): unknown[] {
  return mode === "plain" ? [] : [mprof({ root: folder, functions: mode, ...options })];
}

/** The files that a build has written. */
export function readBuilt(folder: string): Omit<Built, "warnings"> {
  const files = (readdirSync(folder, { recursive: true, withFileTypes: true }) ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const scripts = files.filter((file) => /\.[cm]?js$/.test(file));
  return { folder, files, code: scripts.map((file) => readFileSync(join(folder, file), "utf8")).join("\n") };
}

/** A program built or compiled with probes did what the plain one does; and it did have probes. */
export function assertSame(plain: Outcome, instrumented: Outcome, code: string): void {
  assert.deepEqual(instrumented.did, plain.did);
  assert.match(code, /\b__mp\w*\.line\(/, "probes are in the code");
  assert.match(instrumented.report, /^Filename: /m, "a report was made");
}
