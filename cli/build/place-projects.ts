/** Where the projects of a build go, so that the imports of each reach what was built of the others. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { linkPackages } from "./link-packages.ts";
import { commonFolder, isInside } from "./mirror.ts";
import type { Package, Project } from "./read-projects.ts";

export interface Places {
  outDirOf(project: Project): string;
  /** Packages that are built along: the folders of what is built of them, by name. */
  packages: ReadonlyMap<string, string>;
  /**
   * Links what packages have besides what was compiled.
   * @returns names of those whose entries are not among what was built of them
   */
  finish(): string[];
}

/**
 * The projects of the package that was asked for lie in `outDir`, to each other as in their own build. Other packages get
 * a folder of their own, which is found by their names from there: `outDir/node_modules/<name>`.
 */
export function placeProjects(projects: readonly Project[], outDir: string): Places {
  const asked = projects.at(-1)!;
  const isOwn = (project: Project) => project.package === null || project.package.folder === asked.package?.folder;
  const built = projects.filter(({ files }) => files.length > 0);
  const own = built.filter(isOwn);
  const common = own.length > 0 ? commonFolder(own.map((project) => join(project.outDir, "file"))) : "";
  const others = new Map<string, Package>();
  for (const project of built) if (!isOwn(project)) others.set(project.package!.name, project.package!);
  const packages = new Map([...others].map(([name, { folder }]) => [name, folderFor(name, folder)]));

  /** A solution has its packages below it; what is found by name are links then. */
  function folderFor(name: string, folder: string): string {
    const solution = dirname(asked.config);
    const isBelow = asked.files.length === 0 && isInside(folder, solution);
    return isBelow ? join(outDir, relative(solution, folder)) : join(outDir, "node_modules", name);
  }

  for (const [name, to] of packages) prepare(others.get(name)!, to, outDir, packages);
  return {
    packages,
    outDirOf(project) {
      if (isOwn(project)) return join(outDir, relative(common, project.outDir));
      return join(packages.get(project.package!.name)!, relative(project.package!.folder, project.outDir));
    },
    finish() {
      const withoutEntry = [...packages].filter(([, folder]) => !hasEntry(folder)).map(([name]) => name);
      for (const [name, to] of packages) linkRest(others.get(name)!.folder, to, outDir);
      return withoutEntry;
    },
  };
}

function prepare({ name, folder }: Package, to: string, outDir: string, packages: ReadonlyMap<string, string>): void {
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, "package.json"), readFileSync(join(folder, "package.json")));
  const installed = join(folder, "node_modules");
  if (existsSync(installed) && !existsSync(join(to, "node_modules")))
    linkPackages(installed, join(to, "node_modules"), packages);
  const link = join(outDir, "node_modules", name);
  if (link === to || existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(to, link, "junction");
}

/** Whatever a program may read beside its code. */
function linkRest(folder: string, to: string, outDir: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [from, link] = [join(folder, entry.name), join(to, entry.name)];
    const isOurs = from === outDir || isInside(outDir, from) || entry.name === "node_modules";
    if (!isOurs && !entry.name.startsWith(".") && !existsSync(link)) symlinkSync(from, link, "junction");
  }
}

type Manifest = Partial<Record<"main" | "module" | "exports", unknown>>;

/** A package that names none is no one's import. */
function hasEntry(folder: string): boolean {
  const { main, module, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const entries = [main, module, exports].flatMap(textsIn);
  return entries.length === 0 || entries.some((entry) => entry.includes("*") || isCode(resolve(folder, entry)));
}

function isCode(path: string): boolean {
  return ["", ".js", "/index.js"].some((end) => /\.[cm]?js$/.test(path + end) && existsSync(path + end));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
