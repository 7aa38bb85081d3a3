import assert from "node:assert/strict";
import type { MarkOptions } from "../../contract/module-table.ts";
import { readCommentOptions } from "../../plugin/core/mark-options.ts";

describe("the options of a comment", () => {
  const right: [text: string, options: MarkOptions][] = [
    ["", {}],
    ["precision=4 backend=heap", { precision: 4, backend: "heap" }],
    ["  gc=true\treport=call ", { gc: true, report: "call" }],
    ['name="a b" gc=false', { name: "a b", gc: false }],
    ["name='a  b=c' precision=0", { name: "a  b=c", precision: 0 }],
    ['name="it\'s"', { name: "it's" }],
    ['name="4"', { name: "4" }],
  ];
  for (const [text, options] of right) {
    it(`are read: ${JSON.stringify(text)}`, () => {
      const read = readCommentOptions(text);
      assert.deepEqual(read.problems, []);
      assert.deepEqual(read.options, options);
    });
  }

  const wrong: [text: string, problem: RegExp][] = [
    ["toString=1", /^unknown option of a mark: "toString"$/],
    ["__proto__=1", /^unknown option of a mark: "__proto__"$/],
    ["precison=1", /^unknown option of a mark: "precison"$/],
    ["precision=1.5", /^option "precision" of a mark must be a whole number from 0 to 20, got number: 1\.5$/],
    ['precision="4"', /^option "precision" of a mark must be .*, got string: "4"$/],
    ["report=none", /^option "report" of a mark must be "exit" or "call", got string: "none"$/],
    ["gc=1", /^option "gc" of a mark must be true, false, call or young, got number: 1$/],
    ["name=", /^option "name" of a mark must be a text, got string: ""$/],
    ["gc", /^an option of a mark is written name=value: gc$/],
    ["=4", /^an option of a mark is written name=value: =4$/],
  ];
  for (const [text, problem] of wrong) {
    it(`are one problem each, and the others hold: ${text}`, () => {
      const read = readCommentOptions(`${text} backend=rss`);
      assert.equal(read.problems.length, 1);
      assert.match(read.problems[0]!, problem);
      assert.deepEqual(read.options, { backend: "rss" });
    });
  }

  it("are read in a time that grows with the text, whatever is in it", () => {
    for (const part of ["a=", '="', "a b", "=''", "a-", '=" ']) {
      const begin = performance.now();
      readCommentOptions(part.repeat(20_000));
      assert.ok(performance.now() - begin < 2000, part);
    }
  });
});
