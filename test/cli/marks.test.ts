/** `mprof marks`: what is rewritten, what stays, and that the functions are the same. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MarkForm } from "../../plugin/core/rewrite-marks.ts";
import { rewriteFile } from "../../plugin/node/rewrite-file.ts";
import { runCli, withFolder } from "../support/run-cli.ts";

type Pair = [decorator: string, comment: string];

/** Each the other, rewritten. */
const BOTH_WAYS: Record<string, Pair> = {
  "a function": ["@profile\nfunction f() {}\n", "// @profile\nfunction f() {}\n"],
  "a function on the same line": ["@profile function f() {}\n", "/* @profile */ function f() {}\n"],
  "an exported arrow function": ["@profile\nexport const f = () => 1;\n", "// @profile\nexport const f = () => 1;\n"],
  "a function left out": [
    "@noprofile\nfunction f() {}\n@profile\nfunction g() {}\n",
    "// @noprofile\nfunction f() {}\n// @profile\nfunction g() {}\n",
  ],
  "members of a class": [
    "class A {\n  @profile\n  a() {}\n  @profile b() {}\n}\n",
    "class A {\n  // @profile\n  a() {}\n  /* @profile */ b() {}\n}\n",
  ],
  "a member with another decorator": [
    "class A {\n  @other @profile a() {}\n}\n",
    "class A {\n  @other /* @profile */ a() {}\n}\n",
  ],
  "a method of an object": ["const o = {\n  @profile\n  a() {}\n};\n", "const o = {\n  // @profile\n  a() {}\n};\n"],
  "line ends of Windows": ["@profile\r\nfunction f() {}\r\n", "// @profile\r\nfunction f() {}\r\n"],
};

const TO_COMMENT: Record<string, Pair> = {
  "options on many lines": [
    '@profile({\n  precision: 4,\n  name: "a b",\n})\nfunction f() {}\n',
    '// @profile({ precision: 4, name: "a b", })\nfunction f() {}\n',
  ],
  "a remark": ["@profile // grows\nfunction f() {}\n", "// @profile // grows\nfunction f() {}\n"],
  "an imported name": [
    'import { profile as p } from "mprof";\n@p\nfunction f() {}\n',
    'import { profile as p } from "mprof";\n// @profile\nfunction f() {}\n',
  ],
  "options with a comment stay": [
    "@profile({ /* why */ precision: 4 })\nfunction f() {}\n",
    "@profile({ /* why */ precision: 4 })\nfunction f() {}\n",
  ],
  "directives and calls stay": [
    'function f() { "use profile"; }\nconst g = profile(() => 1);\n',
    'function f() { "use profile"; }\nconst g = profile(() => 1);\n',
  ],
  "somebody else's decorator": [
    'import { profile } from "other";\nclass A { @profile a() {} }\n',
    'import { profile } from "other";\nclass A { @profile a() {} }\n',
  ],
};

const TO_DECORATOR: Record<string, Pair> = {
  pairs: [
    '@profile({ precision: 4, name: "a b", gc: true })\nfunction f() {}\n',
    '// @profile precision=4 name="a b" gc=true\nfunction f() {}\n',
  ],
  "a remark": [
    "@profile // grows with each call\nfunction f() {}\n",
    "// @profile - grows with each call\nfunction f() {}\n",
  ],
  "a mark in a longer comment": [
    "class A {\n  /**\n   * Loads.\n   * @param n rows\n   */\n  @profile\n  load(n) {}\n}\n",
    "class A {\n  /**\n   * Loads.\n   * @profile\n   * @param n rows\n   */\n  load(n) {}\n}\n",
  ],
  "a mark behind another comment": [
    "@profile\n// eslint-disable-next-line\nfunction f() {}\n",
    "// eslint-disable-next-line // @profile\nfunction f() {}\n",
  ],
};

const rewritten = (text: string, to: MarkForm) => rewriteFile(text, "/a/a.ts", to)?.text;

describe("marks, rewritten", () => {
  for (const [what, [decorator, comment]] of Object.entries({ ...BOTH_WAYS, ...TO_COMMENT })) {
    it(`as comments: ${what}`, () => assert.equal(rewritten(decorator, "comment"), comment));
  }
  for (const [what, [decorator, comment]] of Object.entries({ ...BOTH_WAYS, ...TO_DECORATOR })) {
    it(`as decorators: ${what}`, () => assert.equal(rewritten(comment, "decorator"), decorator));
  }
  it("change nothing where they have the form already", () => {
    for (const [decorator, comment] of Object.values(BOTH_WAYS)) {
      assert.deepEqual(rewriteFile(decorator, "/a/a.ts", "decorator"), { text: decorator, count: 0 });
      assert.deepEqual(rewriteFile(comment, "/a/a.ts", "comment"), { text: comment, count: 0 });
    }
  });
});

describe("mprof marks", () => {
  const files = {
    "a.ts": "@profile\nfunction f(): void {}\n",
    "b.js": "@profile\nconst g = () => 1;\n",
    "c.js": "1;\n",
  };

  it("rewrites those of a folder, and says which", () =>
    withFolder(files, async (cwd) => {
      const { stdout, stderr, code } = await runCli(["marks", "--to", "comment"], { cwd });
      assert.deepEqual([stdout, stderr, code], ["a.ts: 1 mark\nb.js: 1 mark\n", "", 0]);
      assert.equal(readFileSync(join(cwd, "a.ts"), "utf8"), "// @profile\nfunction f(): void {}\n");
      const again = await runCli(["marks", "--to", "comment"], { cwd });
      assert.equal(
        again.stderr,
        "[mprof] no mark was rewritten: in 2 files all are comments already, directives or calls\n",
      );
    }));

  it("rewrites named files only, and with --dry-run none", () =>
    withFolder(files, async (cwd) => {
      const dry = await runCli(["marks", "--to", "comment", "--dry-run", "b.js"], { cwd });
      assert.equal(dry.stdout, "b.js: 1 mark\n");
      assert.equal(readFileSync(join(cwd, "b.js"), "utf8"), files["b.js"]);
    }));

  it("leaves a file that does not parse as it is, and says so", () =>
    withFolder({ "a.js": "@profile\nfunction f( {}\n" }, async (cwd) => {
      const { stderr } = await runCli(["marks", "--to", "comment", "a.js"], { cwd });
      assert.match(stderr, /^\[mprof\] a\.js stays: .*Unexpected token/);
      assert.equal(readFileSync(join(cwd, "a.js"), "utf8"), "@profile\nfunction f( {}\n");
    }));

  it("asks for files that are there", async () => {
    const { stderr, code } = await runCli(["marks", "--to", "comment", "no.ts"]);
    assert.match(stderr, /^\[mprof\] there is no such file: no\.ts\n/);
    assert.equal(code, 2);
  });
});
