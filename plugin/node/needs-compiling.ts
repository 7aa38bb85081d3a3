import { join } from "node:path";
import type { Options } from "../core/options.ts";
import { isWorthReading, pathFromRoot } from "../core/worth-reading.ts";

/** Extensions that the hooks look at. */
export const EXTENSIONS = [".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"];

/** Whether the file has syntax that Node itself does not take. */
export function needsBabel(filename: string): boolean {
  return /\.([cm]?tsx?|jsx)$/.test(filename) && !/[\\/]node_modules[\\/]/.test(filename);
}

/** This package's own code: `dist`. */
const OWN_FOLDER = join(__dirname, "..", "..", "..");

/** Whether the compiler has anything to do; everything else goes to Node as it is. */
export function needsCompiling(filename: string, text: string, options: Options): boolean {
  if (filename.startsWith(OWN_FOLDER)) return false;
  return (
    needsBabel(filename) ||
    isWorthReading({ path: pathFromRoot(filename, options.root ?? process.cwd()), text }, options)
  );
}
