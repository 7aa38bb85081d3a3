import { includesFile, type Options } from "./options.ts";

/** Whether a file needs to be parsed at all: a search for the mark's name, or an option that selects without marks. */
export function isWorthReading(file: { path: string; text: string }, options: Options): boolean {
  const selects = options.enabled !== false && (options.functions === "all" || options.func !== undefined);
  return (selects || file.text.includes("profile")) && includesFile(file.path, options);
}

/** The path that `Filename:` and patterns see: relative to the root, with `/`, without a query. */
export function pathFromRoot(filename: string, root: string): string {
  const slashed = (path: string) => path.replace(/\\/g, "/");
  const file = slashed(filename).replace(/[?#].*$/, "");
  const from = slashed(root).replace(/\/+$/, "").split("/");
  const to = file.split("/");
  if (to[0] !== from[0]) return file;
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}
