export interface Range {
  start: number;
  end: number;
}

export const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

/** The physical lines of a file and where they begin. Lines and columns start at 1. */
export class SourceText {
  readonly text: string;
  readonly lines: string[] = [];
  private readonly starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (const { index, 0: end } of text.matchAll(LINE_END)) {
      this.lines.push(text.slice(this.starts.at(-1), index));
      this.starts.push(index + end.length);
    }
    this.lines.push(text.slice(this.starts.at(-1)));
  }

  /** Where a line begins. */
  offsetOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  placeOf(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low]! + 1 };
  }
}

/** Whether white space and comments hold a blank line; one inside a comment is part of that. */
export function hasBlankLine(trivia: string): boolean {
  const between = trivia.replace(/\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\//g, "-");
  return /(?:\r\n|\n|\r(?!\n)|[\u2028\u2029])[ \t]*[\n\r\u2028\u2029]/.test(between);
}

/** The text with each range overwritten by as many blanks; line ends stay. */
export function blankOut(text: string, ranges: readonly Range[]): string {
  let result = "";
  let last = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= last) continue;
    result += text.slice(last, start) + text.slice(Math.max(start, last), end).replace(/[^\n\r\u2028\u2029]/g, " ");
    last = end;
  }
  return result + text.slice(last);
}

// ---- tokens ----

export interface Token extends Range {
  kind: "name" | "number" | "string" | "template" | "regex" | "punctuator" | "end";
  /** As written. */
  text: string;
}

/** A comment that is not closed is one to the end. */
const TRIVIA = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
const ESCAPE = /\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\})/;
const NAME = new RegExp(
  `(?:[#\\p{ID_Start}$_]|${ESCAPE.source})(?:[\\p{ID_Continue}$\\u200c\\u200d]|${ESCAPE.source})*`,
  "uy",
);
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?n?)/y;
const STRING = /"(?:[^"\\\n\r]|\\[\s\S])*"|'(?:[^'\\\n\r]|\\[\s\S])*'/y;
const REGEX = /\/(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[\p{ID_Continue}$]*/uy;
const TEMPLATE_PART = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
/** What none of the patterns above begins with, nor a name of another alphabet. */
const SIGN = /[^\w$#\\"'`./\u0080-\uffff]/;
/** After one of these an operand comes, and a `/` begins a regular expression. */
const BEFORE_OPERAND =
  /^(?:[^\])}\p{ID_Continue}$"'`/]|=>|return|typeof|instanceof|in|of|new|delete|void|throw|case|do|else|yield|await)$/u;

/** Offset of the next token at or after `offset`, past white space and comments. */
export function nextToken(text: string, offset: number): number {
  return endOf(TRIVIA, text, offset);
}

/**
 * The token at or after `offset`. Comments, strings, regular expressions and templates are known for what they are, so
 * that no bracket or arrow in them is taken for one.
 *
 * @param last what stands before it, which tells a regular expression from a division; none at the start of an expression
 */
export function readToken(text: string, offset: number, last: Token | null = null): Token {
  const start = nextToken(text, offset);
  const token = (kind: Token["kind"], end: number): Token => ({ kind, start, end, text: text.slice(start, end) });
  if (start >= text.length) return token("end", text.length);
  const first = text[start]!;
  if (first === "`") return token("template", endOfTemplate(text, start));
  if (SIGN.test(first)) return token("punctuator", start + (text.startsWith("=>", start) ? 2 : 1));
  const patterns = [
    ["string", STRING],
    ["number", NUMBER],
    ["name", NAME],
  ] as const;
  for (const [kind, pattern] of patterns) {
    const end = endOf(pattern, text, start);
    if (end > start) return token(kind, end);
  }
  if (first === "/" && (last === null || BEFORE_OPERAND.test(last.text))) {
    const end = endOf(REGEX, text, start);
    if (end > start) return token("regex", end);
  }
  return token("punctuator", start + 1);
}

/** The first token of that text at or after `offset`, and outside brackets that open on the way; `null` if there is none before `end`. */
export function findToken(text: string, wanted: string, offset: number, end = text.length): Token | null {
  let depth = 0;
  let last: Token | null = null;
  for (let token = readToken(text, offset, last); token.kind !== "end" && token.start < end; ) {
    if (token.kind !== "string" && token.kind !== "template" && token.kind !== "regex") {
      if (depth === 0 && token.text === wanted) return token;
      if (/^[([{]$/.test(token.text)) depth++;
      else if (/^[)\]}]$/.test(token.text)) depth = Math.max(0, depth - 1);
    }
    last = token;
    token = readToken(text, token.end, last);
  }
  return null;
}

/** The last token of that text in a stretch that holds punctuation and comments only; `null` if there is none. */
export function lastToken(text: string, wanted: string, { start, end }: Range): Token | null {
  let found: Token | null = null;
  for (
    let token = readToken(text, start);
    token.kind !== "end" && token.start < end;
    token = readToken(text, token.end)
  ) {
    if (token.text === wanted) found = token;
  }
  return found;
}

/** Offset of the bracket that closes the one at `open`; -1 if there is none. */
export function closingBracket(text: string, open: number): number {
  const closes = { "(": ")", "[": "]", "{": "}" }[text[open] as "(" | "[" | "{"];
  return findToken(text, closes, open + 1)?.start ?? -1;
}

/** Offset of the parenthesis that opens a call's arguments, past its type arguments. */
export function openingParenthesis(text: string, calleeEnd: number): number {
  let token = readToken(text, calleeEnd);
  // `(f)(a)`
  while (token.text === ")") token = readToken(text, token.end);
  if (token.text === "?") token = readToken(text, readToken(text, token.end).end);
  if (token.text !== "<") return findToken(text, "(", calleeEnd)!.start;
  for (let depth = 0; token.text !== "(" || depth > 0; token = readToken(text, token.end, token)) {
    if (/^[<([{]$/.test(token.text)) depth++;
    else if (/^[>)\]}]$/.test(token.text)) depth--;
  }
  return token.start;
}

function endOfTemplate(text: string, start: number): number {
  /** The braces that are open in each hole that is open: templates in templates are as deep as one likes. */
  const holes: number[] = [];
  let at = endOf(TEMPLATE_PART, text, start + 1);
  while (at < text.length) {
    let last: Token | null = null;
    if (text[at] === "$") {
      holes.push(0);
      at += "${".length;
    } else {
      at++;
      if (holes.length === 0) return at;
      last = { kind: "template", start: at - 1, end: at, text: "`" };
    }
    at = endOfHole(text, at, last, holes);
  }
  return text.length;
}

/** Where a template goes on: behind the brace that closes the innermost hole, or behind the start of a template in it. */
function endOfHole(text: string, from: number, before: Token | null, holes: number[]): number {
  let [at, last] = [from, before];
  for (;;) {
    const next = nextToken(text, at);
    if (next >= text.length) return next;
    if (text[next] === "`") return endOf(TEMPLATE_PART, text, next + 1);
    last = readToken(text, next, last);
    at = last.end;
    if (last.text === "{") holes.push(holes.pop()! + 1);
    else if (last.text === "}") {
      const open = holes.pop()!;
      if (open === 0) return endOf(TEMPLATE_PART, text, at);
      holes.push(open - 1);
    }
  }
}

function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}
