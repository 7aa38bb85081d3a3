// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a template is what is read.
import assert from "node:assert/strict";
import { parse } from "@babel/parser";
import { markNames, maskDecorators } from "../../plugin/core/mask-decorators.ts";

function mask(text: string) {
  return maskDecorators(text, (masked) => {
    const tree = parse(masked, { sourceType: "module", tokens: true, plugins: ["decorators", "jsx"] });
    return { tree, tokens: (tree.tokens ?? []) as unknown as { start: number; end: number }[] };
  });
}

describe("maskDecorators", () => {
  const masked: Record<string, [text: string, marks: string[]]> = {
    "above a function": ["@profile\nfunction f() {}", ["@profile"]],
    "with options": ["@profile({ a: ')' }) function f() {}", ["@profile({ a: ')' })"]],
    "with options over rows": ["@profile({\n  a: 1,\n})\nfunction f() {}", ["@profile({\n  a: 1,\n})"]],
    "brackets on the next row are no options": ["@profile\n(function () {})", ["@profile"]],
    "several above one": ["@noprofile @profile function f() {}", ["@noprofile", "@profile"]],
    "comments between its tokens": [
      "@/* ( */profile /* ) */ (/* ( */) function f() {}",
      ["@/* ( */profile /* ) */ (/* ( */)"],
    ],
    "beside other decorators": ["@a @profile @b() class C {}", ["@profile"]],
    "with another name": ['import { profile as p } from "mprof";\n@p function f() {}', ["@p"]],
    "of a namespace": ['import * as m from "mprof";\n@m . noprofile function f() {}', ["@m . noprofile"]],
  };
  for (const [says, [text, marks]] of Object.entries(masked)) {
    it(says, () => {
      const found = mask(text)!;
      assert.deepEqual(
        found.decorators.map(({ start, end }) => text.slice(start, end)),
        marks,
      );
      for (const { start, end, target } of found.decorators) {
        assert.equal(found.masked.slice(start, end).trim(), "");
        assert.match(found.masked.slice(target), /^\S/);
      }
      assert.equal(found.masked.length, text.length);
      assert.equal(found.masked.split("\n").length, text.split("\n").length);
    });
  }

  const others: Record<string, string> = {
    "in a string": 'f("@profile")',
    "in a template": "f(`@profile ${1} @profile`)",
    "in a regular expression": "f(/@profile/)",
    "in a comment": "// @profile\n/* @profile */",
    "in the text of JSX": "f(<b>@profile</b>)",
    "in an attribute of JSX": 'f(<b a="@profile" />)',
    "another name": "@profiles class A {}",
    "a member of another": "@a.profile class A {}",
    "a member of it": "@profile.all class A {}",
  };
  for (const [says, text] of Object.entries(others)) {
    it(`leaves alone what is no mark: ${says}`, () => assert.equal(mask(text), null));
  }

  it("masks only what is code", () => {
    const text = 'const s = "@profile";\n@profile\nfunction f() {}';
    assert.equal(mask(text)!.masked, 'const s = "@profile";\n        \nfunction f() {}');
  });

  it("knows whether it forbids, and where its options stand", () => {
    const text = "@noprofile class A {}\n@profile({ a: 1 }) class B {}";
    const said = mask(text)!.decorators.map(({ noprofile, options }) => [
      noprofile,
      options && text.slice(options.start, options.end),
    ]);
    assert.deepEqual(said, [
      [true, null],
      [false, "{ a: 1 }"],
    ]);
  });
});

describe("markNames", () => {
  const always = ["profile", "noprofile"];
  const table: Record<string, string[]> = {
    'import { profile as a, noprofile as b } from "mprof"': ["a", "b"],
    "import d, { profile as a } from 'mprof'": ["a"],
    'import { type X, profile as a } from "mprof"': ["a"],
    'import * as m from "mprof"': ["m.profile", "m.noprofile"],
    'import /* "it\'s" */ { // ;\n profile /* as x */ as a } from /**/ "mprof"': ["a"],
    'import{profile as a}from"mprof"': ["a"],
    'import { profile as a } from "other"; import "mprof"': [],
    'import { snapshot as a } from "mprof"': [],
    'import("mprof")': [],
    'import x from "y"; import { profile as a } from "mprof"': ["a"],
  };
  for (const [text, names] of Object.entries(table)) {
    it(text, () => assert.deepEqual(markNames(text), [...always, ...names]));
  }
});
