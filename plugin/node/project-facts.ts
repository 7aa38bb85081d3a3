import { dirname } from "node:path";
import type { ProjectFacts } from "../core/jsx-flavour.ts";
import { readManifest } from "./manifest.ts";
import { projectOf } from "./project.ts";

const facts = new Map<string, ProjectFacts>();

/** Of the tsconfig.json that a file belongs to, and the nearest package.json. */
export function factsOf(filename: string): ProjectFacts {
  const folder = dirname(filename);
  const known = facts.get(folder) ?? {
    jsxImportSource: jsxImportSourceOf(filename),
    dependencies: dependenciesAround(folder),
  };
  facts.set(folder, known);
  return known;
}

/** A file that is no valid configuration says nothing here; whoever compiles by it says what is wrong. */
function jsxImportSourceOf(filename: string): string | null {
  try {
    return projectOf(filename)?.compilerOptions.jsxImportSource ?? null;
  } catch {
    return null;
  }
}

/** By the first package.json above that names any: those between only say what kind of module a folder holds. */
function dependenciesAround(folder: string): string[] {
  const { dependencies, devDependencies, peerDependencies } = readManifest(folder) ?? {};
  const names = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  const parent = dirname(folder);
  return names.length > 0 || parent === folder ? names : dependenciesAround(parent);
}
