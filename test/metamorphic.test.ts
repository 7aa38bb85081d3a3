import assert from "node:assert/strict";
import { parse as parseText } from "@babel/parser";
import { maskDecorators, type TokenRange } from "../plugin/core/mask-decorators.ts";
import { createParser } from "../plugin/source/parse.ts";
import { type BackEnd, babel, parserPlugins, source } from "./support/back-ends.ts";
import { type Fixture, loadFixtures } from "./support/load-fixture.ts";
import { planOf } from "./support/plan-of.ts";
import { typescript } from "./support/typescript-back-end.ts";

/**
 * What changes nothing in a program changes nothing in what is made of it: comments and line ends between any two tokens of
 * every fixture, parentheses round its expressions, other line ends all through. Under a bare `npm test` every tenth
 * mutation is tried, with MPROF_TEST_ALL=1 all of them.
 */
const BACK_ENDS: readonly BackEnd[] = [source, babel, typescript];
const EVERY = process.env.MPROF_TEST_ALL === "1" ? 1 : 10;
const COMMENTS = ["/* => ( ) : { } */", "/* \" ' ` */", "/*/ ${ /*/"];
const LINE_ENDS = ["\n", "\r\n", "\r", "\u2028"];
const LINE_COMMENT = "// it's => ( { `";

/** A name, keyword, string or number, or a sign. */
interface Token {
  text: string;
  isWord: boolean;
  start: number;
  end: number;
}

for (const backEnd of BACK_ENDS) {
  describe(`mutations of the fixtures, ${backEnd.name}`, function () {
    this.timeout(1_200_000);
    let tried = 0;
    for (const [kind, mutate] of Object.entries({ comments, parentheses, lineEnds, breaks })) {
      it(`${kind} change nothing but themselves`, () => {
        let index = 0;
        const failures: string[] = [];
        for (const fixture of loadFixtures()) {
          if (backEnd.rejects?.(fixture.input, fixture.path)) continue;
          const original = compile(backEnd, fixture, fixture.input);
          if (!original) continue;
          for (const mutant of mutate(fixture)) {
            if (index++ % EVERY !== 0 || !isProgram(mutant.text, fixture)) continue;
            if (backEnd.rejects?.(mutant.text, fixture.path)) continue;
            tried++;
            const problem = mutant.check(backEnd, original);
            if (problem) failures.push(`${fixture.name}: ${problem}\n${mutant.text}`);
          }
        }
        assert.deepEqual(failures.slice(0, 3), [], `${failures.length} of ${index}`);
      });
    }
    after(() => console.log(`      ${tried} mutations by ${backEnd.name}`));
  });
}

interface Mutant {
  text: string;
  check(backEnd: BackEnd, original: string[]): string | null;
}

/** A comment between two tokens, on the line. */
function* comments(fixture: Fixture): Generator<Mutant> {
  const { input } = fixture;
  let count = 0;
  for (const { start } of tokensOf(input, fixture)) {
    const comment = COMMENTS[count++ % COMMENTS.length]!;
    const text = `${input.slice(0, start)}${comment}${input.slice(start)}`;
    yield { text, check: (backEnd, original) => sameTokens(original, compile(backEnd, fixture, text)) };
  }
}

/** A pair of parentheses round an expression. */
function* parentheses(fixture: Fixture): Generator<Mutant> {
  const { input } = fixture;
  for (const { start, end } of expressionsIn(input, fixture)) {
    const text = `${input.slice(0, start)}(${input.slice(start, end)})${input.slice(end)}`;
    const without = (tokens: string[] | null) => tokens?.filter((token) => !/^[()]$/.test(token)) ?? null;
    yield {
      text,
      check: (backEnd, original) => sameTokens(without(original)!, without(compile(backEnd, fixture, text))),
    };
  }
}

/** The same file as other systems write it. */
function* lineEnds(fixture: Fixture): Generator<Mutant> {
  for (const lineEnd of LINE_ENDS) {
    const text = fixture.input.replace(/\r\n?|\n/g, lineEnd);
    yield { text, check: (backEnd, original) => sameTokens(original, compile(backEnd, fixture, text)) };
  }
}

/** A line end between two tokens, or a comment to the end of the line: rows move, alike for all, and every token stays. */
function* breaks(fixture: Fixture): Generator<Mutant> {
  const { input, path, options = {} } = fixture;
  let count = 0;
  for (const { start } of tokensOf(input, fixture)) {
    const lineEnd = LINE_ENDS[count % LINE_ENDS.length]!;
    const comment = count++ % 2 === 0 ? LINE_COMMENT : "";
    const text = `${input.slice(0, start)}${comment}${lineEnd}${input.slice(start)}`;
    yield {
      text,
      check(backEnd) {
        const plan = planOf(backEnd.name, text, path, options);
        const others = planOf(source.name, text, path, options);
        if (plan !== others) return `another plan than the text's:\n${plan}\n${others}`;
        const written = compile(backEnd, fixture, text);
        if (!written) return null;
        const words = tokensOf(text, fixture).filter(({ isWord }) => isWord);
        return missing(
          words.map((token) => token.text),
          written,
        );
      },
    };
  }
}

/** What is written instead of something else, or moved. */
const RENEWED = new Set([
  "continue",
  "while",
  "function",
  "profile",
  "noprofile",
  "import",
  "from",
  "mprof",
  "const",
  "require",
]);

/** The first of the words that does not follow in the code; those that are renewed may. */
function missing(words: readonly string[], written: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const token of written) counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const word of words) {
    const left = counts.get(word) ?? 0;
    if (left === 0 && !RENEWED.has(word)) return `"${word}" is lost`;
    counts.set(word, left - 1);
  }
  return null;
}

/** The tokens of what a back-end makes of a text, its table apart; `null` if it leaves it alone. */
function compile(backEnd: BackEnd, fixture: Fixture, text: string): string[] | null {
  const { path, options = {} } = fixture;
  const { code, table, warnings } = backEnd.compile(text, path, options);
  assert.ok(!warnings.some((warning) => warning.code === "MPROF_INTERNAL"), warnings[0]?.message);
  if (code === null || !table) return null;
  return withoutPrologue(tokensIn(code, fixture).map((token) => token.text));
}

/** The table holds the lines of the source. */
function withoutPrologue(tokens: string[]): string[] {
  const start = tokens.findIndex((token, index) => token === "function" && /^__mp\w*_m/.test(tokens[index + 1] ?? ""));
  let depth = 0;
  let end = start + 4;
  do {
    if (/^(\{|\$\{)$/.test(tokens[end]!)) depth++;
    else if (tokens[end] === "}") depth--;
    end++;
  } while (depth > 0);
  return [...tokens.slice(0, start), ...tokens.slice(end)];
}

function sameTokens(expected: readonly string[], actual: readonly string[] | null): string | null {
  if (!actual) return "left alone";
  const at = expected.findIndex((token, index) => token !== actual[index]);
  if (at < 0 && expected.length === actual.length) return null;
  const from = Math.max(0, (at < 0 ? expected.length : at) - 8);
  return `${actual.slice(from, from + 20).join(" ")}\n  instead of ${expected.slice(from, from + 20).join(" ")}`;
}

function isProgram(text: string, fixture: Fixture): boolean {
  try {
    createParser(fixture.path, "module")(maskMarks(text, fixture));
    return true;
  } catch {
    return false;
  }
}

function parseTokens(text: string, { path }: Fixture) {
  return parseText(text, {
    sourceType: "unambiguous",
    tokens: true,
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    plugins: parserPlugins(path) as never,
  });
}

/** The tokens of a source, marks apart. */
function tokensOf(text: string, fixture: Fixture): Token[] {
  return tokensIn(maskMarks(text, fixture), fixture);
}

function tokensIn(text: string, fixture: Fixture): Token[] {
  return (parseTokens(text, fixture).tokens ?? []).flatMap((token) => {
    const { type, value, start, end } = token as {
      type: { label: string };
      value?: unknown;
      start: number;
      end: number;
    };
    if (typeof type === "string" || type.label === "eof") return [];
    const written = text.slice(start, end);
    const isText = type.label === "string";
    // Printers choose quotes, and drop or add semicolons.
    if (type.label === ";" || type.label === "jsxText" || type.label === "template") return [];
    const isWord = /^[\w$"'#]/.test(written);
    return [
      {
        text: isText ? JSON.stringify(value) : written.replace(/^(\d[\w.]*)$/, (n) => String(Number(n))),
        isWord,
        start,
        end,
      },
    ];
  });
}

function expressionsIn(text: string, fixture: Fixture): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const visit = (node: { type: string; start: number; end: number }, isTarget: boolean) => {
    if (/(Expression|Identifier|Literal|Call|New)$/.test(node.type) && !isTarget) found.push(node);
    for (const [key, value] of Object.entries(node)) {
      if (key === "loc" || key === "extra") continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === "string" && typeof child.start === "number") visit(child, NAMES.has(key));
      }
    }
  };
  visit(parseTokens(maskMarks(text, fixture), fixture).program as never, false);
  return found;
}

/** Fields that hold names rather than expressions, or functions whose names come from where they stand. */
const NAMES = new Set([
  "id",
  "key",
  "label",
  "params",
  "local",
  "imported",
  "exported",
  "meta",
  "property",
  "left",
  "param",
]);

/** Marks above functions are no JavaScript. */
function maskMarks(text: string, { path }: Fixture): string {
  const parse = createParser(path, "module");
  const decorated = maskDecorators(text, (masked) => {
    const tree = parse(masked, { tokens: true });
    return { tree, tokens: (tree.tokens ?? []) as TokenRange[] };
  });
  return decorated?.masked ?? text;
}
