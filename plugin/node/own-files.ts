import { PACKAGE_NAME, RUNTIME_MODULE } from "../../contract/runtime-module.ts";

/** The files of this copy that compiled code and programs import. */
export interface OwnFiles {
  /** For `mprof/runtime`. */
  runtime: string;
  /** For `mprof`. */
  api: string;
}

/** What compiled code imports: always the runtime that belongs to the compiler. */
export function isRuntime(specifier: string): boolean {
  return specifier === RUNTIME_MODULE;
}

/** What a program imports: its own copy, or the one that runs it if it has none. */
export function isPackage(specifier: string): boolean {
  return specifier === PACKAGE_NAME;
}
