/** Where a specifier leads in a project of TypeScript: what Node's own resolution does not know. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isInPackage } from "./needs-compiling.ts";

/** TypeScript writes the extension of what a file becomes. */
const SOURCES_OF: Record<string, readonly string[]> = {
  ".js": [".ts", ".tsx", ".js", ".jsx"],
  ".jsx": [".tsx", ".ts", ".jsx", ".js"],
  ".mjs": [".mts", ".mjs"],
  ".cjs": [".cts", ".cjs"],
};
const IMPLIED = [".ts", ".tsx", ".jsx", ".js", ".json", ".mts", ".cts"];

/**
 * The file that a specifier means before Node is asked: an alias of `paths`; in TypeScript, a source rather than what it was
 * compiled to.
 *
 * @returns `null` if that is Node's own business
 */
export function findFirst(specifier: string, importer: string | null): string | null {
  if (importer === null || isBuiltin(specifier)) return null;
  const path = pathOf(specifier, importer);
  if (path !== null) return isTypeScript(importer) ? sourceAt(path) : null;
  return specifier.startsWith("#") || isInPackage(importer) ? null : findAlias(specifier, importer);
}

/** The file that it means when Node finds nothing. @param error Node's, which may name the file that it looked for */
export function findInstead(specifier: string, importer: string | null, error: unknown): string | null {
  const { url, message } = error as { url?: string; message?: string };
  const missing = url ?? /^Cannot find module '([^']+)'/.exec(message ?? "")?.[1];
  const path = pathOf(specifier, importer) ?? (missing && pathOf(missing, null));
  return path ? sourceAt(path) : null;
}

/** Either way, for those who only look ahead. */
export function findSource(specifier: string, importer: string): string | null {
  const path = pathOf(specifier, importer);
  return path === null ? findFirst(specifier, importer) : sourceAt(path);
}

/** `findFirst` for `import`, whose specifiers are URLs. */
export function findUrlFirst(specifier: string, importer: string | undefined): string | null {
  return asUrl(specifier, importer, findFirst);
}

/** `findInstead` for `import`. */
export function findUrlInstead(specifier: string, importer: string | undefined, error: unknown): string | null {
  return asUrl(specifier, importer, (path, from) => findInstead(path, from, error));
}

type Find = (specifier: string, importer: string | null) => string | null;

function asUrl(specifier: string, importer: string | undefined, find: Find): string | null {
  const from = pathOfUrl(importer);
  if (from === null || !/^(?:\.{0,2}\/|file:)/.test(specifier)) {
    const found = find(specifier, from);
    return found && pathToFileURL(found).href;
  }
  const url = new URL(specifier, importer);
  const { search, hash } = url;
  url.search = url.hash = "";
  const found = find(fileURLToPath(url), from);
  return found && pathToFileURL(found).href + search + hash;
}

/** `null` for what is no file. */
export function pathOfUrl(url: string | undefined): string | null {
  return url?.startsWith("file:") ? fileURLToPath(url) : null;
}

function isTypeScript(filename: string): boolean {
  return /\.(?:[cm]?ts|[tj]sx)$/.test(filename);
}

/** `null` for the name of a package. */
function pathOf(specifier: string, importer: string | null): string | null {
  if (specifier.startsWith("file:")) return fileURLToPath(specifier);
  if (/^(?:\/|[a-zA-Z]:[\\/])/.test(specifier)) return specifier;
  if (!/^\.\.?(?:\/|$)/.test(specifier) || importer === null) return null;
  return resolve(dirname(importer), specifier) + (/[/.]$/.test(specifier) ? "/" : "");
}

function findAlias(specifier: string, importer: string): string | null {
  for (const path of aliasesOf(specifier, importer)) {
    const found = sourceAt(path);
    if (found) return found;
  }
  return null;
}

/** A tsconfig.json that cannot be read is none here: whoever compiles by it says what is wrong. */
function aliasesOf(specifier: string, importer: string): string[] {
  try {
    // Most programs import nothing that could be an alias: they do without the reader of tsconfig.json.
    const { projectOf } = require("./project.js") as typeof import("./project.ts");
    return projectOf(importer)?.pathsOf?.(specifier) ?? [];
  } catch {
    return [];
  }
}

function sourceAt(path: string): string | null {
  const extension = extname(path);
  const sources = SOURCES_OF[extension];
  const base = path.slice(0, path.length - extension.length);
  const found = sources?.map((each) => base + each).find(isFile);
  if (found) return found;
  if (isFile(path)) return path;
  return IMPLIED.map((each) => path.replace(/\/$/, "") + each).find(isFile) ?? inFolder(path);
}

function inFolder(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const main = resolve(folder, mainOf(folder) ?? "");
  const found = main === resolve(folder) ? null : sourceAt(main);
  return found ?? IMPLIED.map((each) => join(folder, `index${each}`)).find(isFile) ?? null;
}

function mainOf(folder: string): string | null {
  try {
    const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof main === "string" ? main : null;
  } catch {
    return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
