import { relative } from "node:path";
import type { MarkCounts } from "../../plugin/node/find-marks.ts";
import type { Finding } from "./gather-facts.ts";

/** How many functions are marked, form by form. */
export function tellMarks(counts: MarkCounts, folder: string): Finding[] {
  const { files, comments, directives, calls, members, functions } = counts;
  if (files === 0) return [{ name: "none", value: "put // @profile above a function, or name some: --func load" }];
  const [first] = functions;
  const where = first ? `; the first in ${relative(folder, first.file)}:${first.line}` : "";
  const forms: [name: string, count: number, more?: string][] = [
    ["// @profile", comments],
    ["@profile on classes and members", members],
    ["@profile on functions", functions.length, where],
    ['"use profile"', directives],
    ["profile(fn)", calls],
  ];
  const told = forms.filter(([, count]) => count > 0);
  return [
    ...told.map(([name, count, more = ""]) => ({ name, value: `${count}${more}` })),
    { name: "files", value: String(files) },
  ];
}
