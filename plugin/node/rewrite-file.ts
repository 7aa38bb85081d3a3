/** For `mprof marks`: the marks of a text in another form, if they then mean the same. */
import { readFile } from "../babel/read-file.ts";
import { type MarkForm, type Rewritten, rewriteMarks } from "../core/rewrite-marks.ts";
import { instrument } from "../source/instrument.ts";
import { createParser } from "../source/parse.ts";
import { createHost, packageTypeOf } from "./host.ts";
import { factsOf } from "./project-facts.ts";

/** @returns `null` if the marks would mean something else, and the text is to stay. @throws SyntaxError for a text that does not parse */
export function rewriteFile(text: string, filename: string, to: MarkForm): Rewritten | null {
  const parse = createParser(filename, packageTypeOf(filename));
  const rewritten = rewriteMarks(text, readFile({ text, path: filename }, null, parse), to);
  return meaningOf(rewritten.text, filename) === meaningOf(text, filename) ? rewritten : null;
}

/** Which functions are profiled, with which options, and what cannot be honoured. */
function meaningOf(text: string, filename: string): string {
  const result = instrument(text, { filename, sourceMap: false }, { ...createHost(factsOf), enabled: true });
  const { listings = [], functions = [] } = result?.table ?? {};
  const codes = result?.warnings.map(({ code }) => code) ?? [];
  return JSON.stringify([listings.map(({ name, options }) => [name, options]), functions, codes]);
}
