import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { PACKAGE_NAME } from "../../contract/runtime-module.ts";

/** What is of use here of a package.json. */
export interface Manifest {
  name?: string;
  version?: string;
  type?: string;
  scripts?: Record<string, string>;
  dependencies?: object;
  devDependencies?: object;
  peerDependencies?: object;
}

/** The package.json in a folder; `null` if there is none that can be read. */
export function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return null;
  }
}

/** Whether a file is what this package is made of, this copy or another: a runtime cannot measure itself. */
export function isOwnFile(filename: string): boolean {
  const folders = filename.split(sep);
  const dist = folders.lastIndexOf("dist");
  return dist > 0 && readManifest(folders.slice(0, dist).join(sep))?.name === PACKAGE_NAME;
}
