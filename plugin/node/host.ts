import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OPTIONS } from "../../contract/options.ts";
import { isOff } from "../../contract/values.ts";
import type { Host } from "../core/compile.ts";

const types = new Map<string, "module" | "commonjs">();

/** What the compiler asks of Node: the working directory, package types, and whether MPROF switches it off. */
export function createHost(env: NodeJS.ProcessEnv = process.env): Host {
  return { cwd: process.cwd(), packageTypeOf, enabled: !isOff(env[OPTIONS.enabled.variable.name]) };
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
  try {
    const { type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return type === "module" ? "module" : "commonjs";
  } catch {
    return null;
  }
}
