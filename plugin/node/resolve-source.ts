import { PACKAGE_NAME, RUNTIME_MODULE } from "../../contract/runtime-module.ts";

/** The files of this copy that compiled code and programs import. */
export interface OwnFiles {
  /** For `mprof/runtime`. */
  runtime: string;
  /** For `mprof`. */
  api: string;
}

/** What else a specifier may mean when Node finds nothing: TypeScript's spellings of its own files. */
export function otherSpellings(specifier: string): string[] {
  if (!/^(\.{0,2}\/|file:|[a-zA-Z]:)/.test(specifier)) return [];
  const [path, query = ""] = specifier.split(/(?=[?#][^/]*$)/);
  const written = /\.([cm]?)js(x?)$/.exec(path!);
  if (written) {
    const base = path!.slice(0, written.index);
    return [`${base}.${written[1]}ts`, `${base}.tsx`].map((each) => each + query);
  }
  const found = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", "/index.ts", "/index.tsx", "/index.js"];
  return found.map((end) => path!.replace(/\/$/, "") + end + query);
}

/** What compiled code imports: always the runtime that belongs to the compiler. */
export function isRuntime(specifier: string): boolean {
  return specifier === RUNTIME_MODULE;
}

/** What a program imports: its own copy, or the one that runs it if it has none. */
export function isPackage(specifier: string): boolean {
  return specifier === PACKAGE_NAME;
}
