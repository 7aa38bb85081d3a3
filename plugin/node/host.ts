import { dirname } from "node:path";
import { modeFor } from "../../contract/needs-exact.ts";
import { OPTIONS } from "../../contract/options.ts";
import { isOff } from "../../contract/values.ts";
import type { Host } from "../core/compile.ts";
import type { ProjectFacts } from "../core/jsx-flavour.ts";
import { isOwnFile, readManifest } from "./manifest.ts";
import { START_FOLDER } from "./start-folder.ts";

const types = new Map<string, "module" | "commonjs">();

/**
 * What the compiler asks of Node: the working directory, package types, and whether MPROF switches it off.
 *
 * @param factsOf what projects say of themselves: of its own, because reading configurations takes loading
 */
export function createHost(factsOf: (filename: string) => ProjectFacts, env: NodeJS.ProcessEnv = process.env): Host {
  return {
    cwd: START_FOLDER,
    packageTypeOf,
    factsOf,
    isOwnFile,
    told: new Set(),
    mode: modeFor(env),
    time: OPTIONS.time.variable.takes.read(env[OPTIONS.time.variable.name] ?? ""),
    survivors: Boolean(env[OPTIONS.leaks.variable.name]) || undefined,
    enabled: !isOff(env[OPTIONS.enabled.variable.name]),
    print: (text) => console.warn(text),
  };
}

/** `type` of the nearest package.json, as Node decides it: `commonjs` if there is none. */
export function packageTypeOf(filename: string): "module" | "commonjs" {
  return typeOfFolder(dirname(filename));
}

function typeOfFolder(folder: string): "module" | "commonjs" {
  const known = types.get(folder);
  if (known) return known;
  const parent = dirname(folder);
  const type =
    readType(folder) ?? (parent === folder || folder.endsWith("node_modules") ? "commonjs" : typeOfFolder(parent));
  types.set(folder, type);
  return type;
}

function readType(folder: string): "module" | "commonjs" | null {
  const manifest = readManifest(folder);
  if (!manifest) return null;
  return manifest.type === "module" ? "module" : "commonjs";
}
