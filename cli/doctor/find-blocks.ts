/** What keeps a result away, each with its cure. */
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { OPTIONS } from "../../contract/options.ts";
import { isOff } from "../../contract/values.ts";
import type { MarkCounts } from "../../plugin/node/find-marks.ts";
import type { Facts } from "./gather-facts.ts";

export interface Block {
  what: string;
  cure: string;
}

interface Situation extends Facts {
  marks: MarkCounts;
  env: NodeJS.ProcessEnv;
}

type Check = (situation: Situation) => Block | null;

export function findBlocks(facts: Facts, marks: MarkCounts, env: NodeJS.ProcessEnv): Block[] {
  return CHECKS.flatMap((check) => check({ ...facts, marks, env }) ?? []);
}

const oldNode: Check = ({ versions }) =>
  isBelow(versions.get("Node"), [20, 19])
    ? { what: `Node ${versions.get("Node")} is too old`, cure: "install 20.19 or later" }
    : null;

const switchedOff: Check = ({ env }) => {
  const { name } = OPTIONS.enabled.variable;
  return isOff(env[name]) ? { what: `${name}=${env[name]} switches mprof off`, cure: "unset it" } : null;
};

const otherLoader: Check = ({ otherLoader: name }) =>
  name === null
    ? null
    : {
        what: `NODE_OPTIONS loads ${name}, and mprof steps aside for it`,
        cure: `leave ${name} out, mprof compiles TypeScript by itself`,
      };

/** The hooks of Node before 22.15 run on a thread of their own. */
const permission: Check = ({ env, versions }) => {
  const { NODE_OPTIONS: given = "" } = env;
  if (!/(?:^|\s)--(?:experimental-)?permission(?:\s|$)/.test(given)) return null;
  const needed = ["--allow-child-process", "--allow-fs-read"];
  if (isBelow(versions.get("Node"), [22, 15])) needed.push("--allow-worker");
  const missing = needed.filter((flag) => !given.includes(flag));
  if (missing.length === 0) return null;
  const cure = `add ${missing.join(" ").replace("--allow-fs-read", "--allow-fs-read=*")}`;
  return { what: "--permission in NODE_OPTIONS keeps mprof from compiling", cure };
};

const plugAndPlay: Check = ({ folder }) =>
  isAbove(folder, ".pnp.cjs")
    ? {
        what: "Yarn Plug'n'Play: packages are not in folders",
        cure: "write nodeLinker: node-modules into .yarnrc.yml, and run yarn install",
      }
    : null;

const unreadable: Check = ({ tsconfigError }) =>
  tsconfigError === null
    ? null
    : { what: `tsconfig.json ${tsconfigError}`, cure: "mend it: TypeScript files are compiled by it" };

const metadata: Check = ({ folder, tsconfig, versions }) => {
  if (!tsconfig?.compilerOptions.emitDecoratorMetadata) return null;
  const where = relative(folder, tsconfig.path);
  const cure = isTransformable(versions.get("typescript"))
    ? "run mprof --tsc <script>, or mprof build"
    : "install typescript@6 and run mprof --tsc <script>, or mprof build";
  return { what: `emitDecoratorMetadata in ${where}: by esbuild, what is injected by type is undefined`, cure };
};

const transformer: Check = ({ tsconfig, versions, isPatched }) => {
  const typescript = versions.get("typescript");
  if (!hasEntry(tsconfig)) return null;
  if (typescript && !isTransformable(typescript))
    return {
      what: `TypeScript ${typescript} runs no mprof/typescript`,
      cure: "mprof build --out <dir>, or install typescript@6",
    };
  if (!versions.has("ts-patch") && !isPatched)
    return {
      what: "mprof/typescript is in tsconfig.json, and plain tsc ignores it",
      cure: "npm install -D ts-patch, and build by tspc",
    };
  return null;
};

const newPatch: Check = ({ versions }) =>
  isAtLeast(versions.get("ts-patch"), [4, 0]) && isBelow(versions.get("Node"), [22, 15])
    ? { what: `ts-patch ${versions.get("ts-patch")} needs Node 22.15`, cure: "install ts-patch@3" }
    : null;

/** Next.js 16 builds by Turbopack, which has no plugins of webpack's kind. */
const turbopack: Check = ({ versions, configs, manifest }) => {
  const isOurs = configs.some(({ path, hasMprof }) => path.startsWith("next.config") && hasMprof);
  const build = manifest?.scripts?.build ?? "";
  return isOurs &&
    isAtLeast(versions.get("next"), [16, 0]) &&
    /\bnext build\b/.test(build) &&
    !build.includes("--webpack")
    ? { what: `"${build}" builds by Turbopack, which ignores mprof/webpack`, cure: "next build --webpack" }
    : null;
};

/** By who reads the sources besides us. */
const refusedForm: Check = ({ folder, marks: { functions }, tsconfig, versions }) => {
  const [first] = functions;
  if (!first) return null;
  const tools = ["typescript", "eslint", "prettier", "@biomejs/biome", "oxlint"].filter(
    (name) => versions.has(name) && !(name === "typescript" && hasEntry(tsconfig)),
  );
  if (tools.length === 0) return null;
  const where = `${relative(folder, first.file)}:${first.line}`;
  return { what: `${tools.join(", ")} refuse @profile above a function (${where})`, cure: "mprof marks --to comment" };
};

const readOnlyCache: Check = ({ cache }) =>
  cache.isWritable
    ? null
    : {
        what: `${cache.path} cannot be written: every run compiles anew`,
        cure: `make it writable, or run with ${OPTIONS.cache.variable.name}=0`,
      };

const CHECKS: readonly Check[] = [
  ...[oldNode, switchedOff, otherLoader, permission, plugAndPlay, unreadable, metadata, transformer, newPatch],
  ...[turbopack, refusedForm, readOnlyCache],
];

function hasEntry(tsconfig: Facts["tsconfig"]): boolean {
  const { plugins = [] } = tsconfig?.compilerOptions ?? {};
  return plugins.some((each) => "transform" in each && each.transform === "mprof/typescript");
}

/** TypeScript 5.2 to 6 have transformers that we can serve. */
function isTransformable(version: string | undefined): boolean {
  return version !== undefined && isAtLeast(version, [5, 2]) && isBelow(version, [7, 0]);
}

type Release = [major: number, minor: number];

function isBelow(version: string | undefined, [major, minor]: Release): boolean {
  const [itsMajor = 0, itsMinor = 0] = (version ?? "").split(".").map(Number);
  return version !== undefined && (itsMajor < major || (itsMajor === major && itsMinor < minor));
}

function isAtLeast(version: string | undefined, release: Release): boolean {
  return version !== undefined && !isBelow(version, release);
}

function isAbove(folder: string, name: string): boolean {
  return existsSync(join(folder, name)) || (dirname(folder) !== folder && isAbove(dirname(folder), name));
}
