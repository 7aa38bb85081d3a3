import assert from "node:assert/strict";
import type { Options } from "../plugin/core/options.ts";
import { instrument } from "../plugin/node/source.ts";

const compile = (filename: string, text: string, options: Options = {}) => instrument(text, { filename, ...options });

describe("the scripts of a component", () => {
  it("are those at its root: not in templates, comments, other blocks, the page's head, or other files", () => {
    const script = "\n// @profile\nfunction f() {}\n";
    const elsewhere = [
      `<!-- <script>${script}</script> -->`,
      `<template><div><template></template><script>${script}</script></div></template>`,
      `<docs lang="md"># <script>${script}</docs>`,
      `<script src="./other.js">${script}</script>`,
      `<script type="application/json">${script}</script>`,
      `<script lang="coffee">${script}</script>`,
    ];
    for (const text of elsewhere) assert.equal(compile("a.vue", text), null, text);
    assert.equal(compile("a.svelte", `<svelte:head><script>${script}</script></svelte:head>`), null);
    assert.equal(compile("a.svelte", `<!-- <script>${script}</script> -->`), null);
  });

  it("keep their place: only the prologue has a block of its own, at the end", () => {
    const text = `<template><i/></template>\n<script setup lang='ts' generic="T extends A<B>">\n// @profile\nfunction f(): void {}\n</script>\n`;
    const { code, table } = compile("a.vue", text)!;
    assert.equal(table!.listings[0]!.first, 3);
    const lines = code.split("\n");
    assert.deepEqual(lines.slice(0, 3), text.replace("@profile", "        ").split("\n").slice(0, 3));
    assert.match(lines.at(-2)!, /^<script lang="ts">import __mp_table from "mprof\/runtime".*<\/script>$/);
  });

  it("share one table, in the script of the module", () => {
    const text =
      "<script context=module>\n// @profile\nfunction f() {}\n</script>\n<script>\n// @profile\nfunction g() {}\n</script>\n";
    const { code, table } = compile("a.svelte", text)!;
    assert.deepEqual(
      table!.listings.map(({ name, first }) => [name, first]),
      [
        ["f", 2],
        ["g", 6],
      ],
    );
    assert.match(code, /^<script context=module>import/);
    assert.equal(code.match(/__mp_table\.table\(/g)!.length, 1);
  });

  it("say module as their version of Svelte has it", () => {
    const block = (state: string) =>
      compile("a.svelte", `<script>\n// @profile\nfunction f() {}\n${state}</script>\n`)!.code;
    assert.match(block("let n = 0;"), /<script context="module">/);
    assert.match(block("let n = $state(0);"), /<script module>/);
  });

  it("lose their marks when mprof is off, and nothing else", () => {
    const text = "<script>\n@profile\nfunction f() {}\n</script>\n";
    assert.equal(compile("a.vue", text, { enabled: false })!.code, text.replace("@profile", "        "));
  });

  it("are left as they are when one does not parse", () => {
    const warnings: string[] = [];
    const result = compile("a.vue", "<script>\n// @profile\nfunction 1() {}\n</script>\n", {
      onWarning: ({ code, line }) => warnings.push(`${code} ${line}`),
    });
    assert.equal(result?.code, "<script>\n// @profile\nfunction 1() {}\n</script>\n");
    assert.deepEqual(warnings, ["MPROF_PARSE 3"]);
  });
});
