import { dirname } from "node:path";
import { getTsconfig } from "get-tsconfig";
import type { ProjectFacts } from "../core/jsx-flavour.ts";
import { readManifest } from "./manifest.ts";

const facts = new Map<string, ProjectFacts>();

/** Of the nearest tsconfig.json, `extends` followed, and the nearest package.json. */
export function factsOf(filename: string): ProjectFacts {
  const folder = dirname(filename);
  const known = facts.get(folder) ?? {
    jsxImportSource: readTsconfig(folder)?.compilerOptions?.jsxImportSource ?? null,
    dependencies: dependenciesAround(folder),
  };
  facts.set(folder, known);
  return known;
}

/** A file that is no valid configuration says nothing here; whoever compiles by it says what is wrong. */
function readTsconfig(folder: string) {
  try {
    return getTsconfig(folder)?.config;
  } catch {
    return undefined;
  }
}

/** By the first package.json above that names any: those between only say what kind of module a folder holds. */
function dependenciesAround(folder: string): string[] {
  const { dependencies, devDependencies, peerDependencies } = readManifest(folder) ?? {};
  const names = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  const parent = dirname(folder);
  return names.length > 0 || parent === folder ? names : dependenciesAround(parent);
}
