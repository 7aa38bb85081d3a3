import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PACKAGE_NAME, RUNTIME_MODULE } from "../../contract/runtime-module.ts";

/** What else a specifier may mean when Node finds nothing: TypeScript's spellings of its own files. */
export function otherSpellings(specifier: string): string[] {
  if (!/^(\.{0,2}\/|file:|[a-zA-Z]:)/.test(specifier)) return [];
  const [path, query = ""] = specifier.split(/(?=[?#])/);
  const written = /\.([cm]?)js(x?)$/.exec(path!);
  if (written) {
    const base = path!.slice(0, written.index);
    return [`${base}.${written[1]}ts`, `${base}.tsx`].map((each) => each + query);
  }
  const found = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", "/index.ts", "/index.tsx", "/index.js"];
  return found.map((end) => path!.replace(/\/$/, "") + end + query);
}

/** Where this package's own runtime is: for `import` and for `require`. Both share one state. */
export function ownRuntime(packageFolder: string): { import: string; require: string } {
  const file = (kind: "esm" | "cjs") => join(packageFolder, "dist", kind, "runtime", "node", "index.js");
  return { import: pathToFileURL(file("esm")).href, require: file("cjs") };
}

/** `mprof` in a program that has not installed it: it is run by our command, and gets the package that runs it. */
export function isOurs(specifier: string): boolean {
  return specifier === PACKAGE_NAME || specifier === RUNTIME_MODULE;
}
