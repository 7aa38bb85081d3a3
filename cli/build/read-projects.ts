/** A project and those that it references, as their compiler reads them. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../command.ts";
import type { Compiler } from "./compiler.ts";
import { isInside } from "./mirror.ts";

/** The nearest folder above whose package.json has a name. */
export interface Package {
  name: string;
  folder: string;
}

export interface Project {
  /** Path of the tsconfig.json. */
  config: string;
  compilerOptions: Record<string, unknown>;
  /** Roots, absolute; none in a project that only has references. */
  files: string[];
  /** Where its own build puts it. */
  outDir: string;
  package: Package | null;
}

/**
 * @returns each after those that it references: the one that was asked for comes last
 * @throws UsageError for a configuration that the compiler refuses
 */
export async function readProjects(
  compiler: Compiler,
  { config, outDir, compilerArguments }: { config: string; outDir: string; compilerArguments: readonly string[] },
): Promise<Project[]> {
  const projects: Project[] = [];
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const { code, output } = await compiler.run("-p", path, ...compilerArguments, "--showConfig");
    if (code !== 0) throw new UsageError(`the project cannot be read: ${path}`, output.trim());
    const { compilerOptions = {}, files = [], references = [] } = JSON.parse(output) as ShownConfig;
    const folder = dirname(path);
    for (const { path: other } of references) await visit(configAt(resolve(folder, other)));
    projects.push({
      config: path,
      compilerOptions,
      files: files.map((file) => resolve(folder, file)).filter((file) => !isInside(file, outDir)),
      outDir: resolve(folder, compilerOptions.outDir ?? "."),
      package: packageOf(folder),
    });
  };
  await visit(config);
  if (projects.every(({ files }) => files.length === 0))
    throw new UsageError(`the project has no files of its own: ${config}`, "Name another tsconfig.json with -p.");
  return projects;
}

interface ShownConfig {
  compilerOptions?: Record<string, unknown> & { outDir?: string };
  files?: string[];
  references?: { path: string }[];
}

function configAt(path: string): string {
  return path.endsWith(".json") ? path : join(path, "tsconfig.json");
}

export function packageOf(folder: string): Package | null {
  const manifest = join(folder, "package.json");
  const name = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name
    : undefined;
  if (name !== undefined) return { name, folder };
  return dirname(folder) === folder ? null : packageOf(dirname(folder));
}
