/** What was built and is not what programs load, or cannot be loaded: each in one line with its cure. */
import { dirname, relative } from "node:path";
import { PACKAGE_NAME } from "../../contract/runtime-module.ts";
import { findMarks } from "../../plugin/node/find-marks.ts";
import { isInside } from "./mirror.ts";
import { type Project, packageOf } from "./read-projects.ts";

interface Request {
  options: { functions?: "all" | "marked"; func?: string[] };
}

/**
 * Packages that a project imports by name, that are no part of the build, and have something to profile.
 * @param listed the files of its program
 */
export function elsewhere(
  { package: own, config }: Project,
  listed: readonly string[],
  packages: ReadonlyMap<string, string>,
  { options }: Request,
  cwd: string,
): string[] {
  const found = new Map<string, { folder: string; file: string }>();
  for (const file of listed) {
    const other = packageOf(dirname(file));
    // A package around this one is the workspace itself.
    if (other === null || other.name === PACKAGE_NAME || other.folder === own?.folder || packages.has(other.name))
      continue;
    if (own && isInside(own.folder, other.folder)) continue;
    found.set(other.name, { folder: other.folder, file });
  }
  const selects = options.functions === "all" || options.func !== undefined;
  return [...found]
    .filter(([, { folder }]) => selects || findMarks(folder, 1).length > 0)
    .map(([name, { file }]) => {
      const [from, where] = [dirname(file), config].map((path) => relative(cwd, path) || ".");
      return `${name} is loaded from ${from}, which has no probes: name its tsconfig.json in "references" of ${where}`;
    });
}

export function entryMissing(name: string): string {
  return `no "main" or "exports" of ${name} is in what was built of it: let its tsconfig.json have the outDir that its package.json names`;
}

/** A project that its bundler compiles may import what only a bundler finds. */
export function bundlerOnly(cwd: string): (project: Project) => string[] {
  return ({ config, compilerOptions: { noEmit, moduleResolution }, files }) => {
    if (noEmit !== true || String(moduleResolution).toLowerCase() !== "bundler" || files.length === 0) return [];
    const where = relative(cwd, config);
    return [
      `${where} is a bundler's (noEmit): Node may not find what it imports; profile by the bundler's plugin, or mprof <script>`,
    ];
  };
}
