import assert from "node:assert/strict";
import { type BackEnd, babel, babel8, source } from "./support/back-ends.ts";
import { typescript } from "./support/typescript-back-end.ts";

/** Every form of mark is the same whatever ends its lines. */
const BACK_ENDS: readonly BackEnd[] = [source, babel, ...(babel8 ? [babel8] : []), typescript];
const LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029"];

const FORMS: Record<string, string> = {
  "line comment": "// @profile\nexport function f() {\n  return 1;\n}\n",
  "line comment below another": "// a\n// @profile - why\n// b\nexport function f() {\n  return 1;\n}\n",
  "line comment with options": "// @profile precision=4\nexport function f() {\n  return 1;\n}\n",
  "block comment": "/** @profile */\nexport function f() {\n  return 1;\n}\n",
  JSDoc: "/**\n * Loads.\n *\n * @profile\n */\nexport function f() {\n  return 1;\n}\n",
  "comment above a method": "class A {\n  // @profile\n  f() {\n    return 1;\n  }\n}\n",
  directive: 'export function f() {\n  "use profile";\n  return 1;\n}\n',
  decorator: "@profile\nexport function f() {\n  return 1;\n}\n",
  "decorator with options over rows": "@profile({\n  precision: 4,\n})\nexport function f() {\n  return 1;\n}\n",
  call: "export const f = profile(() => {\n  return 1;\n});\n",
};

const FORBIDDEN: Record<string, string> = {
  "line comment": "// @noprofile\nexport function f() {\n  return 1;\n}\n",
  JSDoc: "/**\n * @noprofile\n */\nexport function f() {\n  return 1;\n}\n",
  directive: 'export function f() {\n  "use noprofile";\n  return 1;\n}\n',
  decorator: "@noprofile\nexport function f() {\n  return 1;\n}\n",
  call: "export const f = noprofile(() => {\n  return 1;\n});\n",
  "a mark above a blank row": "// @profile\n\nexport function f() {\n  return 1;\n}\n",
};

for (const backEnd of BACK_ENDS) {
  describe(`marks and line ends, ${backEnd.name}`, () => {
    for (const [form, text] of Object.entries(FORMS)) {
      it(form, () => {
        const expected = shown(text, backEnd);
        assert.equal(expected?.length, 1);
        for (const lineEnd of LINE_ENDS) {
          assert.deepEqual(shown(text.replaceAll("\n", lineEnd), backEnd), expected, JSON.stringify(lineEnd));
        }
      });
    }
    for (const [form, text] of Object.entries(FORBIDDEN)) {
      it(`${form}: not profiled`, () => {
        const functions = form.startsWith("a mark") ? "marked" : "all";
        for (const lineEnd of LINE_ENDS) {
          const { table } = backEnd.compile(text.replaceAll("\n", lineEnd), "a.js", { functions });
          assert.equal(table, null, JSON.stringify(lineEnd));
        }
      });
    }
  });
}

function shown(text: string, backEnd: BackEnd) {
  const { table, warnings } = backEnd.compile(text, "a.js", {});
  assert.deepEqual(warnings, []);
  return table?.listings;
}
