import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { linkPackages } from "./link-packages.ts";

/**
 * A project's files once more in another folder, each at its old place below a common one: relative imports, `paths` and
 * `package.json` mean there what they mean here. Installed packages are the same, by links.
 */
export class Mirror {
  readonly folder: string;
  /** The folder that it shows. */
  readonly base: string;
  private readonly packages: ReadonlyMap<string, string>;
  private readonly visited = new Set<string>();

  /** @param packages folders that packages are taken from instead, by name */
  constructor(folder: string, base: string, packages: ReadonlyMap<string, string>) {
    this.folder = folder;
    this.base = base;
    this.packages = packages;
    mkdirSync(folder, { recursive: true });
    this.linkAbove();
  }

  /** Where a file of the project is in the mirror. */
  pathOf(file: string): string {
    return join(this.folder, relative(this.base, file));
  }

  /** The file of the project that a path in the mirror shows; `null` for any other. */
  originalOf(path: string): string | null {
    return isInside(path, this.folder) ? join(this.base, relative(this.folder, path)) : null;
  }

  /** @param text instead of the file's own */
  add(file: string, text: string | null): void {
    const to = this.pathOf(file);
    mkdirSync(dirname(to), { recursive: true });
    if (text === null) copyFileSync(file, to);
    else writeFileSync(to, text);
    this.visit(dirname(file));
  }

  /** What a compiler's output says of the mirror, said of the project. */
  translate(output: string, cwd: string): string {
    const [shown, real] = [this.folder, this.base].map((folder) => relative(cwd, folder) || ".");
    const prefix = real === "." ? "" : real + sep;
    return output.replaceAll(this.folder + sep, this.base + sep).replaceAll(shown + sep, prefix);
  }

  /** The package and the installed packages of a folder and those above it, up to the base. */
  private visit(folder: string): void {
    if (this.visited.has(folder) || (folder !== this.base && !isInside(folder, this.base))) return;
    this.visited.add(folder);
    mkdirSync(this.pathOf(folder), { recursive: true });
    const [manifest, packages] = [join(folder, "package.json"), join(folder, "node_modules")];
    if (existsSync(manifest)) copyFileSync(manifest, this.pathOf(manifest));
    if (existsSync(packages) && !existsSync(this.pathOf(packages)))
      linkPackages(packages, this.pathOf(packages), this.packages);
    if (folder !== this.base) this.visit(dirname(folder));
  }

  /** The nearest package and installed packages above the base count for all of it. */
  private linkAbove(): void {
    for (const name of ["package.json", "node_modules"]) {
      let folder = this.base;
      while (!existsSync(join(folder, name)) && dirname(folder) !== folder) folder = dirname(folder);
      const [from, to] = [join(folder, name), join(this.folder, name)];
      if (!existsSync(from) || existsSync(to)) continue;
      if (name === "package.json") copyFileSync(from, to);
      else linkPackages(from, to, this.packages);
    }
  }
}

/** The folder that all of these files are below. */
export function commonFolder(files: readonly string[]): string {
  return files.map(dirname).reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !isInside(folder, shared)) shared = dirname(shared);
    return shared;
  });
}

/** Whether a file or folder is somewhere below another; a name may begin with two dots. */
export function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path.split(sep)[0] !== "..";
}
