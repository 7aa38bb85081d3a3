import { blankOut, closingBracket, nextToken, type Range, readToken } from "./source-text.ts";

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
  const names = new Set(markNames(text));
  const found: Omit<Decorator, "target">[] = [];
  for (const { index } of text.matchAll(/@/g)) {
    const name = readName(text, index + 1);
    if (!names.has(name.text)) continue;
    const open = nextToken(text, name.end);
    const isCall = text[open] === "(" && !/[\n\r\u2028\u2029]/.test(text.slice(name.end, open));
    const close = isCall ? closingBracket(text, open) : -1;
    const options = close < 0 ? null : { start: open + 1, end: close };
    const end = close < 0 ? name.end : close + 1;
    found.push({ start: index, end, noprofile: name.text.endsWith("noprofile"), options });
  }
  return found;
}

/** `profile`, `m.profile`, whatever stands between the tokens. */
export function readName(text: string, offset: number): { text: string; end: number } {
  let token = readToken(text, offset);
  let [name, end] = [token.text, token.end];
  for (token = readToken(text, end); token.text === "."; token = readToken(text, end)) {
    token = readToken(text, token.end);
    [name, end] = [`${name}.${token.text}`, token.end];
  }
  return { text: name, end };
}

/** With `x` of `import { profile as x } from "mprof"`, `m.profile` of `import * as m`: only candidates, the outline decides. */
export function markNames(text: string): string[] {
  const names = ["profile", "noprofile"];
  if (!/["']mprof["']/.test(text)) return names;
  for (const { index, 0: keyword } of text.matchAll(/\bimport\b/g)) {
    const clause = importClause(text, index + keyword.length);
    for (const [at, imported] of clause.entries()) {
      const local = clause[at + 1] === "as" ? clause[at + 2] : undefined;
      if (local === undefined) continue;
      if (imported === "*") names.push(`${local}.profile`, `${local}.noprofile`);
      else if (/^(no)?profile$/.test(imported)) names.push(local);
    }
  }
  return names;
}

/** The tokens between `import` and the name of our package; none if it is another import, or none at all. */
function importClause(text: string, offset: number): string[] {
  const clause: string[] = [];
  for (let token = readToken(text, offset); ; token = readToken(text, token.end)) {
    if (token.kind === "string" && clause.at(-1) === "from") return /^.mprof.$/.test(token.text) ? clause : [];
    if (token.kind !== "name" && token.kind !== "string" && !/^[{},*]$/.test(token.text)) return [];
    clause.push(token.text);
  }
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
