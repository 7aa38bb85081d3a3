import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What is of use here of a package.json. */
export interface Manifest {
  type?: string;
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
