import { blankOut, nextToken, type Range } from "./source-text.ts";

/**
 * `@profile` above a function is no JavaScript, so it never reaches a parser: each one is overwritten by blanks of the
 * same length, and every position stays what it was. What only looks like one, in a string, a template, a regular
 * expression, JSX text or a comment, shows up as a token over the blanks and is left alone.
 */
export interface Decorator extends Range {
  noprofile: boolean;
  /** The text between the parentheses. */
  options: Range | null;
  /** Start of the next token: what the decorator stands above. */
  target: number;
}

/** A token or comment of the masked text. */
export type TokenRange = Range;

/**
 * @param parse parses the masked text; only its tokens are looked at
 * @returns the decorators that are code, and what the parser made of the text with just those masked; `null` if there is none
 */
export function maskDecorators<T>(
  text: string,
  parse: (masked: string) => { tree: T; tokens: readonly TokenRange[] },
): { decorators: Decorator[]; masked: string; tree: T } | null {
  const candidates = findCandidates(text);
  if (candidates.length === 0) return null;
  let masked = blankOut(text, candidates);
  let { tree, tokens } = parse(masked);
  const decorators: Decorator[] = [];
  for (const candidate of candidates) {
    const index = firstEndingAfter(tokens, candidate.start);
    const next = tokens[index];
    if (next && next.start < candidate.end && next.end > next.start) continue;
    decorators.push({ ...candidate, target: nextToken(masked, candidate.end) });
  }
  if (decorators.length === 0) return null;
  if (decorators.length < candidates.length) {
    masked = blankOut(text, decorators);
    tree = parse(masked).tree;
  }
  return { decorators, masked, tree };
}

function findCandidates(text: string): Omit<Decorator, "target">[] {
  const names = markNames(text);
  const pattern = new RegExp(`@(${names.map((name) => name.replace(/[.$]/g, "\\$&")).join("|")})(?![\\w$.])`, "g");
  const found: Omit<Decorator, "target">[] = [];
  for (const match of text.matchAll(pattern)) {
    const nameEnd = match.index + match[0].length;
    const close = text[nameEnd] === "(" ? closingParenthesis(text, nameEnd) : -1;
    const options = close < 0 ? null : { start: nameEnd + 1, end: close };
    const end = close < 0 ? nameEnd : close + 1;
    found.push({ start: match.index, end, noprofile: /noprofile$/.test(match[1]!), options });
  }
  return found;
}

/** With `x` of `import { profile as x } from "mprof"`, `m.profile` of `import * as m`: only candidates, the outline decides. */
export function markNames(text: string): string[] {
  const names = ["profile", "noprofile"];
  for (const [, clause] of text.matchAll(/\bimport\s+([^;"']*?)\s+from\s*["']mprof["']/g)) {
    for (const [, local] of clause!.matchAll(/\b(?:no)?profile\s+as\s+([\w$]+)/g)) names.push(local!);
    for (const [, local] of clause!.matchAll(/\*\s*as\s+([\w$]+)/g))
      names.push(`${local}.profile`, `${local}.noprofile`);
  }
  return names;
}

/** Offset of the parenthesis that closes the one at `open`, past strings and comments; -1 if there is none. */
function closingParenthesis(text: string, open: number): number {
  const skipped = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|[()]/g;
  skipped.lastIndex = open;
  let depth = 0;
  for (let match = skipped.exec(text); match; match = skipped.exec(text)) {
    if (match[0] === "(") depth++;
    else if (match[0] === ")" && --depth === 0) return match.index;
  }
  return -1;
}

function firstEndingAfter(tokens: readonly TokenRange[], offset: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
