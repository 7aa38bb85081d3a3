import assert from "node:assert/strict";
import { parseExpression } from "../../plugin/babel/read-file.ts";
import { createReader } from "../../plugin/babel/read-outline.ts";
import { createLiteralForms, LITERAL_FORMS, literalFormOf } from "../../plugin/core/literal-forms.ts";
import { createParser } from "../../plugin/source/parse.ts";

const parse = createParser("a.jsx", "module");

/** Why an expression keeps its shape; `null` if it need not. */
function why(code: string, { literal = [], opaque = false }: { literal?: string[]; opaque?: boolean } = {}) {
  const text = `(${code})`;
  const expression = createReader(text, null).expression(parseExpression(code, parse));
  return (
    literalFormOf(
      expression,
      createLiteralForms(text, literal, () => opaque),
    )?.why ?? null
  );
}

describe("literalFormOf", () => {
  const table: Record<string, [known: string[], unknown: string[]]> = {
    "bundlers resolve": [
      [
        'import("a")',
        'require("a")',
        'require.resolve("a")',
        'System . import("a")',
        'require/* a */./**/resolve("a")',
      ],
      ['requires("a")', 'x.require("a")', 'require["resolve"]("a")', 'importScripts("a")'],
    ],
    "webpack reads": [
      ['require.context("a")', "module.hot.accept()"],
      ["module.hot()", "x.module.hot.accept()"],
    ],
    "Vite expands": [
      ['import.meta.glob("a")', "import.meta.hot.accept()"],
      ["import.meta.x.y.z.q", "importer.meta.glob()"],
    ],
    "import.meta.url) for an asset": [['new URL("a", b)'], ['URL("a")', 'new x.URL("a")', 'new URLs("a")']],
    "for an entry": [
      ["new Worker(a)", "navigator.serviceWorker.register(a)", "f().audioWorklet.addModule(a)"],
      ["Worker(a)", "serviceWorker.register(a)"],
    ],
    "Svelte's runes": [
      ["$state(1)", "$derived.by(f)"],
      ["$(1)", "x.$state(1)", "state(1)"],
    ],
    "macros of Vue": [
      ["defineProps({})", "withDefaults(a, b)"],
      ["define(a)", "x.defineProps()"],
    ],
    "moved above the imports": [
      ['jest.mock("a")', "jest.enableAutomock()", "vi.hoisted(f)"],
      ["jest.fn()", "x.jest.mock()"],
    ],
    "which module is meant": [['jest.doMock("a")', 'vi.doMock("a")'], []],
    "to a page that has no profiler": [
      ["page.evaluate(f)", "a.b.c.d.$$eval(f)", "f().waitForFunction(g)", "browser.execute(f)"],
      ["evaluate(f)", "a.execute(f)"],
    ],
    "where it is declared": [
      ["gql`a`", "styled.div`a`", "styled(A)`a`", "styled.a.attrs(b)`c`", "css({})"],
      ["x.gql`a`", "html`a`"],
    ],
  };

  for (const [reason, [known, unknown]] of Object.entries(table)) {
    for (const code of known) it(`${code}: ${reason}`, () => assert.ok(why(code)?.includes(reason), String(why(code))));
    for (const code of unknown) it(`${code}: not`, () => assert.ok(!why(code)?.includes(reason), String(why(code))));
  }

  it("has a case here for each row of the table", () => {
    const missing = LITERAL_FORMS.filter((form) => !Object.keys(table).some((reason) => form.why.includes(reason)));
    assert.deepEqual(missing, []);
  });

  it("takes more names by the option: `*` for any characters, `?` for one, all else as it stands", () => {
    const literal = ["t", "i18n.*", "*.say", "v?", "a.$b"];
    for (const code of ["t(1)", "i18n.a.b(1)", "x.say(1)", "v1(1)", "a.$b(1)"]) {
      assert.ok(why(code, { literal })?.includes("literal"), code);
    }
    for (const code of ["tt(1)", "i18n(1)", "say(1)", "v(1)", "v12(1)", "ax$b(1)"])
      assert.equal(why(code, { literal }), null, code);
  });

  it("leaves JSX alone where it is special, and <style jsx> always", () => {
    assert.equal(why("<a>{b}</a>"), null);
    assert.match(why("<a>{b}</a>", { opaque: true })!, /thunks/);
    assert.match(why("<style jsx>{`a`}</style>")!, /styled-jsx/);
    assert.equal(why("<style>{`a`}</style>"), null);
  });
});
