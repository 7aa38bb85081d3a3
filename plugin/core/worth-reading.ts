import { includesFile, type Options } from "./options.ts";

/** Found in every text with a mark above a function, imported names of marks apart. */
export const DECORATOR_TEXT = /@\s*(?:(?:no)?profile\b|\/[*/])/;

/** Found in every text that has a mark, and in few others: the forms of docs/marks.md, and what gives them other names. */
export const MARK_TEXT = new RegExp(
  `${DECORATOR_TEXT.source}|${/\buse (?:no)?profile\b|(?<![.\w$])(?:no)?profile[\s)]*(?:[(<]|\/[*/])|["'`]mprof["'`]/.source}`,
);

/** Whether a file needs to be parsed at all: a search for marks, or an option that selects without them. */
export function isWorthReading(file: { path: string; text: string }, options: Options): boolean {
  return (selectsUnmarked(options) || MARK_TEXT.test(file.text)) && includesFile(file.path, options);
}

/** The options choose functions without a mark. */
export function selectsUnmarked({ enabled, functions, func }: Options): boolean {
  return enabled !== false && (functions === "all" || func !== undefined);
}

/** The path that `Filename:` and patterns see: relative to the root, with `/`. */
export function pathFromRoot(filename: string, root: string): string {
  const slashed = (path: string) => path.replace(/\\/g, "/");
  const file = slashed(filename);
  const from = slashed(root).replace(/\/+$/, "").split("/");
  const to = file.split("/");
  if (to[0] !== from[0]) return file;
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}

/**
 * What bundlers call a module, as its file and the query that they put behind it; `null` without one. Folders may be called
 * `C#` or `what?`: a query follows the extension.
 */
export function splitQuery(id: string): [file: string, query: string | null] {
  const found = /^(.*?\.(?:[cm]?[jt]sx?|vue|svelte))\?(.*)$/s.exec(id);
  return found ? [found[1]!, found[2]!] : [id, null];
}

/** Single-file components of Vue and Svelte. */
export function isComponent(path: string): boolean {
  return /\.(vue|svelte)$/.test(path);
}
