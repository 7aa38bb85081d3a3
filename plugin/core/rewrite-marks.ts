/** Marks in another form: what tools cannot read as a decorator they take as a comment, and back. Text in, text out. */
import type { MarkOptions } from "../../contract/module-table.ts";
import type { Mark } from "./mark.ts";
import type { Reading } from "./read-file.ts";
import type { Range } from "./source-text.ts";

export type MarkForm = "comment" | "decorator";

/** What takes the place of a part of the text. */
interface Edit extends Range {
  text: string;
}

export interface Rewritten {
  text: string;
  /** How many marks have changed their form. */
  count: number;
}

/** @param reading of `text`; directives and calls stay, and so do imports that only marks used */
export function rewriteMarks<N>(text: string, { marks, outline }: Reading<N>, to: MarkForm): Rewritten {
  const edits: Edit[] = [];
  let count = 0;
  for (const mark of marks.marks) {
    if (mark.form === to || (mark.form !== "comment" && mark.form !== "decorator")) continue;
    const range = marks.masks.find(({ start }) => start === mark.offset)!;
    const comment = outline.comments.find(({ start, end }) => start <= range.start && range.end <= end);
    const changes = comment ? toDecorator(text, mark, range, comment) : toComment(text, mark, range);
    if (changes.length > 0) count++;
    edits.push(...changes);
  }
  return { text: apply(text, edits), count };
}

/** A line comment where the mark is alone on its line, else one that ends before what follows. */
function toComment(text: string, { noprofile }: Mark, range: Range): Edit[] {
  const options = /\(([\s\S]*)\)$/.exec(text.slice(range.start, range.end))?.[1]?.trim() ?? "";
  // Comments among the options would end the comment, or be its end.
  if (/\/[/*]|\*\//.test(options)) return [];
  const mark = wordOf(noprofile) + (options && `(${options.replace(/\s*[\r\n]\s*/g, " ")})`);
  const after = text.slice(range.end, lineEnd(text, range.end)).trim();
  const isAlone = text.slice(lineStart(text, range.start), range.start).trim() === "" && /^(?:$|\/\/)/.test(after);
  return [{ ...range, text: isAlone ? `// ${mark}` : `/* ${mark} */` }];
}

function toDecorator(text: string, mark: Mark, range: Range, comment: Range): Edit[] {
  const decorator = wordOf(mark.noprofile) + optionsOf(mark.options);
  const isLine = text.startsWith("//", comment.start);
  const before = text.slice(comment.start + 2, range.start).trim();
  const after = text.slice(range.end, isLine ? comment.end : comment.end - 2).trim();
  const isFirst = text.slice(lineStart(text, comment.start), comment.start).trim() === "";
  if (isLine && isFirst && before === "") {
    const remark = after.replace(/^(?:--|\/\/|[-\u2013\u2014:#,;.])\s*/, "");
    return [{ ...comment, text: decorator + (remark && ` // ${remark}`) }];
  }
  if (!isLine && /^\**$/.test(before) && after === "") return [{ ...comment, text: decorator }];
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  // What a line comment says is often of the next line: it stays where it is.
  const at = isLine && isFirst ? comment.start : mark.target;
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, at)))![0];
  const above = { start: at, end: at, text: `${decorator}${eol}${indent}` };
  return [{ ...partOf(text, range, isLine, comment), text: "" }, above];
}

/** What to take out of a comment that says more: the mark's own line, or, at the end of a line comment, the mark. */
function partOf(text: string, range: Range, isLine: boolean, comment: Range): Range {
  if (isLine) {
    const written = text.slice(comment.start, range.start);
    const start = comment.start + (/\s*(?:\/\/)?\s*$/.exec(written)?.index ?? written.length);
    return { start: start === comment.start ? range.start : start, end: comment.end };
  }
  const [start, end] = [lineStart(text, range.start), lineEnd(text, range.end)];
  const isOwnLine = start > comment.start && end < comment.end && /^[\s*]*$/.test(text.slice(start, range.start));
  return isOwnLine ? { start, end: end + (text.startsWith("\r\n", end) ? 2 : 1) } : range;
}

function wordOf(noprofile: boolean): string {
  return noprofile ? "@noprofile" : "@profile";
}

function optionsOf(options: MarkOptions): string {
  const members = Object.entries(options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return members.length > 0 ? `({ ${members.join(", ")} })` : "";
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const found = /\r?\n/.exec(text.slice(offset));
  return found ? offset + found.index : text.length;
}

function apply(text: string, edits: readonly Edit[]): string {
  let result = "";
  let last = 0;
  for (const { start, end, text: written } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(last, start) + written;
    last = end;
  }
  return result + text.slice(last);
}
