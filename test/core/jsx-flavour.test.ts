import assert from "node:assert/strict";
import { findJsxFlavour, type ProjectFacts } from "../../plugin/core/jsx-flavour.ts";
import type { Options } from "../../plugin/core/options.ts";
import type { Outline } from "../../plugin/core/outline.ts";

interface Case {
  options?: Options;
  facts?: Partial<ProjectFacts>;
  text?: string;
  imports?: string[];
  /** Who says so; opaque or not. */
  says: [because: string, isOpaque: boolean];
}

/** Each row leaves out what the one before was told by: option, tsconfig, pragma, imports, package.json. */
const PRAGMA = "/** @jsxImportSource solid-js */";
const ROWS: Record<string, Case> = {
  "the option comes first": {
    options: { jsx: "react" },
    facts: { jsxImportSource: "solid-js", dependencies: ["solid-js"] },
    text: PRAGMA,
    imports: ["solid-js"],
    says: ['the option "jsx"', false],
  },
  "then tsconfig": {
    facts: { jsxImportSource: "preact", dependencies: ["solid-js"] },
    text: PRAGMA,
    imports: ["solid-js"],
    says: ["tsconfig.json: preact", false],
  },
  "then the pragma": {
    facts: { dependencies: ["react"] },
    text: PRAGMA,
    imports: ["react"],
    says: ["the pragma @jsxImportSource: solid-js", true],
  },
  "then a classic pragma": {
    facts: { dependencies: ["vue"] },
    text: "/** @jsx h */",
    imports: ["vue"],
    says: ["the pragma @jsx", false],
  },
  "then its imports": {
    facts: { dependencies: ["react"] },
    imports: ["./a", "solid-js/web"],
    says: ["its imports: solid-js/web", true],
  },
  "then package.json": {
    facts: { dependencies: ["typescript", "vue"] },
    imports: ["./a"],
    says: ["package.json: vue", true],
  },
  "React's where nothing is said": { says: ["nothing that says otherwise", false] },
  "special where nobody here knows the runtime": {
    facts: { jsxImportSource: "my-own" },
    says: ["tsconfig.json: my-own", true],
  },
  "React's where both stand side by side": {
    facts: { dependencies: ["solid-js", "react"] },
    says: ["package.json: react", false],
  },
  "no package that only begins alike": {
    facts: { dependencies: ["vue-router", "reactive"] },
    says: ["nothing that says otherwise", false],
  },
};

describe("findJsxFlavour", () => {
  for (const [says, { options = {}, facts = {}, text = "", imports = [], says: expected }] of Object.entries(ROWS)) {
    it(says, () => {
      const outline: Outline<never> = {
        ...{ text, isModule: true, directives: [], body: [], comments: [] },
        ...{ declaredNames: new Map(), shadows: new Map(), references: new Map() },
        imports: imports.map((from) => ({ from, names: [], start: 0, end: 0, line: 1, endLine: 1 })),
      };
      const { because, isOpaque } = findJsxFlavour(options, outline, () => ({
        jsxImportSource: null,
        dependencies: [],
        ...facts,
      }));
      assert.deepEqual([because, isOpaque], expected);
    });
  }
});
