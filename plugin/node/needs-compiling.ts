import { join } from "node:path";
import type { Options } from "../core/options.ts";
import { isWorthReading, pathFromRoot } from "../core/worth-reading.ts";
import { packageTypeOf } from "./host.ts";
import { OWN_FOLDER } from "./own-folder.ts";
import { START_FOLDER } from "./start-folder.ts";

export type ModuleFormat = "module" | "commonjs";

/** Extensions that the hooks look at. */
export const EXTENSIONS = [".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"];

/** Whether the file has syntax that Node itself does not take, or not on every version. */
export function needsTranspiling(filename: string): boolean {
  return /\.([cm]?tsx?|jsx)$/.test(filename) && !isInPackage(filename);
}

/** Under a `node_modules`: other people's files. */
export function isInPackage(filename: string): boolean {
  return /[\\/]node_modules[\\/]/.test(filename);
}

/** This package's own code: `dist`. */
const OWN_CODE = join(OWN_FOLDER, "..", "..", "..");

/** Whether the compiler has anything to do; everything else goes to Node as it is. */
export function needsCompiling(filename: string, text: string, options: Options): boolean {
  return !filename.startsWith(OWN_CODE) && (needsTranspiling(filename) || isWorthProbing(filename, text, options));
}

export function isWorthProbing(filename: string, text: string, options: Options): boolean {
  return isWorthReading({ path: pathFromRoot(filename, options.root ?? START_FOLDER), text }, options);
}

/**
 * What a file that is transpiled becomes: by its extension, then by its package. Outside `"type": "module"` that is
 * CommonJS, whatever the file is written in, as TypeScript and tsx take it.
 */
export function formatOf(filename: string): ModuleFormat {
  if (/\.m[jt]sx?$/.test(filename)) return "module";
  if (/\.c[jt]sx?$/.test(filename)) return "commonjs";
  return packageTypeOf(filename);
}
