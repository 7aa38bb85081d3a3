/** What is in a project: versions, configurations, whether they name mprof. */
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { OPTIONS } from "../../contract/options.ts";
import { isOff } from "../../contract/values.ts";
import { cacheFolder } from "../../plugin/node/compiled-cache.ts";
import { type Manifest, readManifest } from "../../plugin/node/manifest.ts";
import { findOtherLoader } from "../../plugin/node/other-loaders.ts";
import { type Project, projectOf } from "../../plugin/node/project.ts";
import { version } from "../version.ts";

export interface Finding {
  name: string;
  value: string;
}

export interface Facts {
  folder: string;
  versions: ReadonlyMap<string, string>;
  manifest: Manifest | null;
  tsconfig: Project | null;
  /** Why it cannot be read. */
  tsconfigError: string | null;
  /** Configurations of bundlers, test runners and Babel. */
  configs: Config[];
  /** Whether TypeScript's own files are patched by ts-patch. */
  isPatched: boolean;
  /** Another loader in NODE_OPTIONS. */
  otherLoader: string | null;
  cache: { path: string | null; files: number; bytes: number; isWritable: boolean };
}

interface Config {
  /** Relative to the folder. */
  path: string;
  hasMprof: boolean;
}

const PACKAGES = [
  ...["mprof", "typescript", "ts-patch", "@babel/core", "esbuild", "vite", "rollup", "rolldown", "webpack"],
  ...["@rspack/core", "@farmfe/core", "next", "@nestjs/core", "vitest", "jest", "mocha", "tsx", "ts-node"],
  ...["@swc-node/register", "eslint", "prettier", "@biomejs/biome", "oxlint"],
];
const CONFIG =
  /^(?:(?:vite|vitest|rollup|rolldown|webpack|rspack|rsbuild|farm|next|jest|babel)\.config\.[cm]?[jt]s(?:on)?|\.babelrc(?:\.[cm]?js|\.json)?|\.mocharc\.\w+)$/;

export function gatherFacts(folder: string, env: NodeJS.ProcessEnv): Facts {
  const { tsconfig, tsconfigError } = readTsconfig(folder);
  return {
    folder,
    versions: versionsFrom(folder),
    manifest: readManifest(folder),
    tsconfig,
    tsconfigError,
    configs: configsIn(folder),
    isPatched: isPatched(folder),
    otherLoader: findOtherLoader([], env.NODE_OPTIONS),
    cache: stateOfCache(folder, env),
  };
}

export function tellFacts({ folder, manifest, tsconfig, tsconfigError, configs, ...rest }: Facts): Finding[] {
  const { versions, isPatched, otherLoader, cache } = rest;
  const here = (path: string) => relative(folder, path) || path;
  const known = tsconfig ? [...new Set(tsconfig.files.map(here))].join(", ") : "none";
  const type = manifest ? `"type": "${manifest.type ?? "commonjs"}"` : "no package.json here";
  const patch = isPatched ? "typescript is patched: tsc writes probes" : "typescript is not patched: use tspc";
  const kept = `${cache.files} files, ${(cache.bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    { name: "package.json", value: type },
    { name: "tsconfig.json", value: tsconfigError ?? known },
    ...configs.map(({ path, hasMprof }) => ({
      name: path,
      value: hasMprof ? "names mprof" : "does not name mprof (docs/bundlers.md)",
    })),
    ...(versions.has("ts-patch") ? [{ name: "ts-patch", value: patch }] : []),
    { name: "NODE_OPTIONS", value: otherLoader === null ? "no other loader" : `loads ${otherLoader}` },
    { name: "cache", value: cache.path === null ? "off" : `${here(cache.path)}: ${kept}` },
  ];
}

function versionsFrom(folder: string): Map<string, string> {
  const found = PACKAGES.flatMap((name): [string, string][] => {
    const installed = folderOf(name, folder);
    const { version: itsVersion } = (installed && readManifest(installed)) || {};
    return itsVersion === undefined || name === "mprof" ? [] : [[name, itsVersion]];
  });
  const own = folderOf("mprof", folder);
  const installed = own && readManifest(own)?.version;
  const mine = version();
  const mprof = installed && installed !== mine ? `${mine}; ${installed} is installed here` : mine;
  return new Map([["mprof", mprof], ["Node", process.version.slice(1)], ...found]);
}

/** As Node looks for it; what `exports` hides is found, too. */
export function folderOf(name: string, from: string): string | null {
  const path = join(from, "node_modules", name);
  if (existsSync(join(path, "package.json"))) return path;
  return dirname(from) === from ? null : folderOf(name, dirname(from));
}

function readTsconfig(folder: string): Pick<Facts, "tsconfig" | "tsconfigError"> {
  try {
    return { tsconfig: projectOf(join(folder, "index.ts")), tsconfigError: null };
  } catch (error) {
    return { tsconfig: null, tsconfigError: `cannot be read: ${String((error as Error).message).split("\n")[0]}` };
  }
}

function configsIn(folder: string): Config[] {
  return readdirSync(folder)
    .filter((name) => CONFIG.test(name))
    .map((path) => ({ path, hasMprof: /\bmprof\b/.test(readFileSync(join(folder, path), "utf8")) }));
}

/** ts-patch writes a comment above what it has changed. */
function isPatched(folder: string): boolean {
  const typescript = folderOf("typescript", folder);
  return ["tsc.js", "_tsc.js", "typescript.js"].some((name) => {
    const path = typescript && join(typescript, "lib", name);
    return path !== null && existsSync(path) && readFileSync(path, "utf8").startsWith("/// tsp-module:");
  });
}

function stateOfCache(folder: string, env: NodeJS.ProcessEnv): Facts["cache"] {
  const path = isOff(env[OPTIONS.cache.variable.name]) ? null : cacheFolder(folder);
  const state = { path, files: 0, bytes: 0, isWritable: path === null || isWritable(path) };
  if (path === null || !existsSync(path)) return state;
  const sizes = readdirSync(path).map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0);
  return { ...state, files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** A folder that is not there is made in the next one above. */
function isWritable(path: string): boolean {
  if (!existsSync(path)) return dirname(path) !== path && isWritable(dirname(path));
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
