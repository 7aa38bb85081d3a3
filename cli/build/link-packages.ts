import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** Shows a `node_modules` in another place, by links. @param instead the folders of some of its packages, by name */
export function linkPackages(from: string, to: string, instead: ReadonlyMap<string, string>): void {
  if (![...instead.keys()].some((name) => existsSync(join(from, name)))) {
    symlinkSync(from, to, "junction");
    return;
  }
  for (const name of packagesIn(from)) {
    const link = join(to, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(instead.get(name) ?? join(from, name), link, "junction");
  }
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) => {
    if (name.startsWith(".")) return [];
    return name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name];
  });
}
