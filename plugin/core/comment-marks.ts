/** The grammar of marks in comments: by hand, in one pass, so that no comment is slow to read. */
import { closingBracket, LINE_END } from "./source-text.ts";

/** A line of a comment that begins with `@profile` or `@noprofile`; offsets are those of the comment's text. */
export interface CommentMark {
  noprofile: boolean;
  start: number;
  end: number;
  /**
   * What follows: nothing, or a remark after a dash; `key=value` pairs; an object between parentheses; or words of which
   * nobody can say what they mean.
   */
  rest: { kind: "none" | "pairs" | "object" | "words"; text: string };
}

/** What is longer is no object of options: prose can hold what looks like the start of anything. */
const LONGEST_OBJECT = 1000;

/** @param text between the comment's delimiters */
export function readCommentMarks(text: string): CommentMark[] {
  const marks: CommentMark[] = [];
  let start = 0;
  for (const { index, 0: lineEnd } of text.matchAll(LINE_END)) {
    marks.push(...readLine(text, start, index));
    start = index + lineEnd.length;
  }
  return [...marks, ...readLine(text, start, text.length)];
}

function readLine(text: string, from: number, to: number): CommentMark[] {
  let at = from;
  while (at < to && /[\s*]/.test(text[at]!)) at++;
  // `// eslint-disable-next-line // @profile`
  if (text[at] !== "@") at = behindOtherComment(text, at, to);
  const word = ["@profile", "@noprofile"].find((each) => text.startsWith(each, at));
  if (at < 0 || !word) return [];
  const end = at + word.length;
  if (/^(?:[\p{ID_Continue}$-]|\.\S)/u.test(text.slice(end, Math.min(end + 2, to)))) return [];
  const rest = readRest(text, end, to);
  return [{ noprofile: word === "@noprofile", start: at, ...rest }];
}

/** Where a mark begins that stands in a line comment behind another; -1 if there is none. */
function behindOtherComment(text: string, from: number, to: number): number {
  if (from >= to || text.startsWith("//", from)) return -1;
  const found = /\s\/\/\s*(?=@(?:no)?profile)/.exec(text.slice(from, to));
  return found ? from + found.index + found[0].length : -1;
}

function readRest(text: string, from: number, to: number): Pick<CommentMark, "end" | "rest"> {
  if (text[from] === "(") {
    const close = closingBracket(text.slice(from, Math.min(to, from + LONGEST_OBJECT)), 0);
    if (close > 0) return { end: from + close + 1, rest: { kind: "object", text: text.slice(from + 1, from + close) } };
  }
  const line = text.slice(from, to);
  const written = withoutRemark(line).trimEnd();
  const rest = written.trim();
  if (rest === "") return { end: from, rest: { kind: "none", text: "" } };
  const kind = /^[\w-]+=/.test(rest) ? "pairs" : "words";
  return { end: from + written.length, rest: { kind, text: rest } };
}

/** `- why`, `: why`, `// why` at the end: for the reader. */
function withoutRemark(line: string): string {
  const remark = /(?:^|\s)(?:[-\u2013\u2014:#]|--|\/\/)(?=\s|$)|^[:,;.]/.exec(line);
  return remark ? line.slice(0, remark.index) : line;
}
