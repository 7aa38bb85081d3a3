import { maskDecorators, type TokenRange } from "../../plugin/core/mask-decorators.ts";
import { readToken } from "../../plugin/core/source-text.ts";
import { createParser } from "../../plugin/source/parse.ts";
import type { Fixture } from "./load-fixture.ts";
import { nodesIn, type Token, tokensOf, treeOf } from "./tree-shape.ts";

/** A text that says the same as a fixture's. */
export interface Mutant {
  text: string;
  /** Its marks above functions blank, as parsers see it. */
  masked: string;
}

export const LINE_ENDS = ["\n", "\r\n", "\r", "\u2028"];
const COMMENTS = ["/* => ( ) : { } */", "/* \" ' ` */", "/*/ ${ /*/"];
const LINE_COMMENT = "// it's => ( { `";

/** What mutations need of a fixture: parsed once. */
export interface Original extends Mutant {
  path: string;
  /** Of the masked text. */
  tree: string;
  tokens: Token[];
  /** Where the tokens of marks above functions begin, behind the first of each. */
  inMarks: number[];
}

/** @returns `null` if the fixture's text is one that the test's own parser refuses */
export function readOriginal({ input, path }: Fixture): Original | null {
  const decorated = decoratorsOf(input, path);
  const masked = decorated?.masked ?? input;
  const [tree, tokens] = [treeOf(masked, path), tokensOf(masked, path)];
  if (!tree || !tokens) return null;
  const inMarks = (decorated?.decorators ?? []).flatMap(({ start, end }) => tokenStarts(input, start, end).slice(1));
  return { text: input, masked, path, tree, tokens, inMarks };
}

/** Whether a mutant is the same program: a parenthesis, or a line end, can make another one of it. */
export function isSameProgram(mutant: Mutant, { tree, path }: Original): boolean {
  return treeOf(mutant.masked, path) === tree;
}

/** A comment between two tokens, on the line. */
export function* comments(original: Original): Generator<Mutant> {
  let count = 0;
  for (const offset of gapsOf(original)) yield insert(original, offset, COMMENTS[count++ % COMMENTS.length]!);
}

/** A line end between two tokens, or a comment to the end of the line. */
export function* breaks(original: Original): Generator<Mutant> {
  let count = 0;
  for (const offset of gapsOf(original)) {
    // The options of a mark begin on its row.
    if (original.inMarks.includes(offset) && original.text[offset] === "(") continue;
    // A blank row would part a mark from its function.
    const isRowStart = /(?:^|[\n\r\u2028\u2029])[ \t]*$/.test(original.text.slice(Math.max(0, offset - 80), offset));
    const comment = isRowStart || count % 2 === 0 ? LINE_COMMENT : "";
    yield insert(original, offset, comment + LINE_ENDS[count++ % LINE_ENDS.length]!);
  }
}

/** A pair of parentheses round an expression. */
export function* parentheses(original: Original): Generator<Mutant> {
  for (const { type, start, end } of nodesIn(original.masked, original.path)) {
    if (!/(Expression|Identifier|Literal|TypeAssertion|^JSXElement|^JSXFragment|^Import|^Super)$/.test(type)) continue;
    const round = (text: string) => `${text.slice(0, start)}(${text.slice(start, end)})${text.slice(end)}`;
    yield { text: round(original.text), masked: round(original.masked) };
  }
}

/** The same file as other systems write it. */
export function* lineEnds(original: Original): Generator<Mutant> {
  const { tokens } = original;
  const literal = tokens.filter(({ kind }) => kind !== "other");
  for (const lineEnd of LINE_ENDS) {
    // U+2028 is a character of its own in what a program can see; Babel counts no line by it in a string.
    const stays = (at: number) => lineEnd === "\u2028" && literal.some(({ start, end }) => start <= at && at < end);
    const write = (text: string) => text.replace(/\r\n?|\n/g, (own, at: number) => (stays(at) ? own : lineEnd));
    yield { text: write(original.text), masked: write(original.masked) };
  }
}

/** Before each token, and at the end; within text and templates too, where it makes another program. */
function gapsOf({ tokens, inMarks, masked }: Original): number[] {
  return [...tokens.map(({ start }) => start), ...inMarks, masked.length].sort((a, b) => a - b);
}

function insert({ text, masked }: Mutant, offset: number, by: string): Mutant {
  const into = (each: string) => each.slice(0, offset) + by + each.slice(offset);
  return { text: into(text), masked: into(masked) };
}

function decoratorsOf(text: string, path: string) {
  const parse = createParser(path, "module");
  return maskDecorators(text, (masked) => {
    const tree = parse(masked, { tokens: true });
    return { tree, tokens: (tree.tokens ?? []) as TokenRange[] };
  });
}

function tokenStarts(text: string, start: number, end: number): number[] {
  const starts: number[] = [];
  for (let token = readToken(text, start); token.start < end; token = readToken(text, token.end, token)) {
    starts.push(token.start);
  }
  return starts;
}
