// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates are what is read.
import assert from "node:assert/strict";
import {
  blankOut,
  closingBracket,
  findToken,
  hasBlankLine,
  lastToken,
  openingParenthesis,
  readToken,
  SourceText,
  type Token,
} from "../../plugin/core/source-text.ts";

/** The tokens of a text, as `kind text`; names, signs and numbers as they stand. */
function read(text: string): string[] {
  const tokens: string[] = [];
  let last: Token | null = null;
  for (let token = readToken(text, 0); token.kind !== "end"; token = readToken(text, token.end, last)) {
    const isPlain = token.kind === "name" || token.kind === "punctuator" || token.kind === "number";
    tokens.push(isPlain ? token.text : `${token.kind} ${token.text}`);
    last = token;
  }
  return tokens;
}

describe("readToken", () => {
  const table: Record<string, [text: string, tokens: string[]]> = {
    "comments are no tokens": ["a /* => ( */ b // ) {\n c", ["a", "b", "c"]],
    "a comment that looks closed": ["a /*/ ( /*/ b", ["a", "b"]],
    "a line comment ends with any line end": ["// a\u2028b // c\rd", ["b", "d"]],
    "strings with quotes and line ends": [
      `"a\\"(" 'it\\'s' "a\\\nb"`,
      [`string "a\\"("`, `string 'it\\'s'`, `string "a\\\nb"`],
    ],
    "a string may hold U+2028": ['"a\u2028b"', ['string "a\u2028b"']],
    "a template in a template": ["`a${`b${c}`}d` e", ["template `a${`b${c}`}d`", "e"]],
    "a brace and a backtick in the string of a hole": ["`${'}`'}` a", ["template `${'}`'}`", "a"]],
    "an object in a hole": ["`${{ a: {} }}` b", ["template `${{ a: {} }}`", "b"]],
    "dollars and escapes in a template": ["`$a\\`$$\\${` b", ["template `$a\\`$$\\${`", "b"]],
    "a regular expression at the start": ["/(/ + a", ["regex /(/", "+", "a"]],
    "and behind a keyword": ["return /[/)]/g.x", ["return", "regex /[/)]/g", ".", "x"]],
    "and behind an arrow": ["() => /=>/u", ["(", ")", "=>", "regex /=>/u"]],
    "a class with a bracket": ["(/[\\]/(]/)", ["(", "regex /[\\]/(]/", ")"]],
    "a division": ["a / b / c", ["a", "/", "b", "/", "c"]],
    "a division behind a bracket": [
      "(a) / 2 / xs[0] / 3",
      ["(", "a", ")", "/", "2", "/", "xs", "[", "0", "]", "/", "3"],
    ],
    "a division behind a string or a template": ["'a' / `b` / c", ["string 'a'", "/", "template `b`", "/", "c"]],
    "names of many alphabets": ["größe 名前 $a _b #c \\u0061x 𝒳", ["größe", "名前", "$a", "_b", "#c", "\\u0061x", "𝒳"]],
    "names between braces": ["{a}${b} \\u{61}c} \\", ["{", "a", "}", "$", "{", "b", "}", "\\u{61}c", "}", "\\"]],
    numbers: ["0x1f .5 1e-3 1_000n 5..x", ["0x1f", ".5", "1e-3", "1_000n", "5.", ".", "x"]],
    "an unclosed string": ['"a', ['"', "a"]],
    "an unclosed template": ["`a ${b", ["template `a ${b"]],
    "an unclosed comment": ["a /* b", ["a"]],
    nothing: ["  // a", []],
  };
  for (const [says, [text, tokens]] of Object.entries(table)) {
    it(says, () => assert.deepEqual(read(text), tokens));
  }
});

describe("findToken", () => {
  const table: Record<string, [text: string, wanted: string, offset: number | null]> = {
    "past comments and strings": ["/* { */ '{' {", "{", 12],
    "past brackets that open on the way": ["(a = ')', b = () => 1) => 2", "=>", 23],
    "out of the bracket that it begins in": ["a, (b)) => 1", "=>", 8],
    "past a regular expression": ["x = /=>/, y => 1", "=>", 12],
    "past a template with what is looked for": ["`${() => 1}` => 2", "=>", 13],
    "none if there is none": ["a b", "=>", null],
    "none if it is in a bracket": ["(=>)", "=>", null],
  };
  for (const [says, [text, wanted, offset]] of Object.entries(table)) {
    it(says, () => assert.equal(findToken(text, wanted, 0)?.start ?? null, offset));
  }

  it("stops before the end", () => {
    assert.equal(findToken("a => b", "=>", 0, 2), null);
    assert.equal(findToken("a => b", "=>", 0, 3)?.start, 2);
  });
});

describe("lastToken", () => {
  it("finds the last of several, past comments", () => {
    assert.equal(lastToken("a)) /* ) */ { ) }", ")", { start: 1, end: 12 })?.start, 2);
    assert.equal(lastToken("a; // )\n {", ")", { start: 1, end: 9 }), null);
  });
});

describe("closingBracket", () => {
  const table: [text: string, open: number, close: number][] = [
    ["(a (b) [c] {d})", 0, 14],
    ["{ x = '}' /* } */; /}/ }", 0, 23],
    ["[`${[1]}`]", 0, 9],
    ["({ a: (", 0, -1],
    ["x(", 1, -1],
  ];
  for (const [text, open, close] of table) {
    it(`${text} -> ${close}`, () => assert.equal(closingBracket(text, open), close));
  }
});

describe("openingParenthesis", () => {
  const table: [text: string, calleeEnd: number, open: number][] = [
    ["f(a)", 1, 1],
    ["f /* ( */ (a)", 1, 10],
    ["f<T>(a)", 1, 4],
    ["f<(a: T) => U, [V]>(a)", 1, 19],
    ["((f) )<(a) => b>(c)", 3, 16],
    ["f?.(a)", 1, 3],
    ["f?.<T>(a)", 1, 6],
  ];
  for (const [text, calleeEnd, open] of table) {
    it(text, () => assert.equal(openingParenthesis(text, calleeEnd), open));
  }
});

describe("hasBlankLine", () => {
  const ends = ["\n", "\r\n", "\r", "\u2028", "\u2029"];
  for (const end of ends) {
    it(`two line ends make one, ${JSON.stringify(end)}`, () => {
      assert.equal(hasBlankLine(`${end}  `), false);
      assert.equal(hasBlankLine(`${end} \t${end}`), true);
      assert.equal(hasBlankLine(`${end}// a${end}`), false);
      assert.equal(hasBlankLine(` /* a${end}${end}b */ ${end}`), false);
      assert.equal(hasBlankLine(`${end}// /* a${end}${end}// */`), true);
    });
  }
});

describe("SourceText", () => {
  it("knows every kind of line end", () => {
    const source = new SourceText("a\nb\r\nc\rd\u2028e\u2029f");
    assert.deepEqual(source.lines, ["a", "b", "c", "d", "e", "f"]);
    assert.deepEqual(source.placeOf(0), { line: 1, column: 1 });
    assert.deepEqual(source.placeOf(5), { line: 3, column: 1 });
    assert.deepEqual(source.placeOf(11), { line: 6, column: 1 });
  });
});

describe("blankOut", () => {
  it("keeps line ends and every place", () => {
    const ranges = [
      { start: 3, end: 6 },
      { start: 0, end: 4 },
    ];
    assert.equal(blankOut("ab\r\ncdef", ranges), "  \r\n  ef");
    assert.equal(blankOut("abc", []), "abc");
  });
});
