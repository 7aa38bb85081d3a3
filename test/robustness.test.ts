/** What goes wrong in mprof itself costs rows, never the build nor the program. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { EXPRESSIONS } from "../plugin/core/expressions.ts";
import { FORMS } from "../plugin/core/forms.ts";
import type { Warning } from "../plugin/core/messages.ts";
import { STATEMENTS } from "../plugin/core/statements.ts";
import { instrument } from "../plugin/node/source.ts";
import mprof from "../plugin/unplugin/rollup.ts";
import { type BackEnd, babel, babel8, source } from "./support/back-ends.ts";
import { emitWithTypeScript } from "./support/emit-with-typescript.ts";
import { scratchFolder } from "./support/scratch.ts";
import { typescript } from "./support/typescript-back-end.ts";

const BACK_ENDS: BackEnd[] = [source, babel, ...(babel8 ? [babel8] : []), typescript];

const TEXT = `
// @profile
export function good(n) {
  return [n];
}

// @profile
export function bad(n) {
  throw n ? [1] : [2];
}
`;

/** Puts a mistake in the place of a function for the time of a test. */
async function withMistake<T extends object, K extends keyof T>(row: T, name: K, use: () => unknown): Promise<void> {
  const original = row[name];
  row[name] = (() => {
    throw new TypeError("planted");
  }) as T[K];
  try {
    await use();
  } finally {
    row[name] = original;
  }
}

function assertMistake(warnings: readonly Pick<Warning, "code" | "message">[], says: RegExp): void {
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ["MPROF_INTERNAL"],
  );
  assert.match(warnings[0]!.message, says);
}

async function bundle(text: string): Promise<{ code: string; warnings: string[] }> {
  const folder = scratchFolder();
  const input = join(folder, "a.js");
  writeFileSync(input, text);
  const warnings: string[] = [];
  const build = await rollup({
    input,
    external: ["mprof/runtime"],
    plugins: [mprof({ root: folder })],
    onwarn: ({ message }) => warnings.push(message),
  });
  const { output } = await build.generate({ format: "es" });
  return { code: output[0].code, warnings };
}

describe("a mistake in the planner", () => {
  const says =
    /^\[mprof\] bad is left alone because of TypeError: planted \(a\.js:8:8\)\n {2}This is a mistake of mprof's own/;

  for (const backEnd of BACK_ENDS) {
    it(`costs the rows of one function in ${backEnd.name}`, () =>
      withMistake(EXPRESSIONS.conditional, "plan", () => {
        const { table, warnings, code } = backEnd.compile(TEXT, "a.js", {});
        assertMistake(warnings, says);
        assert.deepEqual(
          table!.listings.map(({ name }) => name),
          ["good"],
        );
        assert.match(code!, /__mp\.line\(4\)/);
        assert.doesNotMatch(code!, /__mp\.line\(9\)/);
      }));
  }

  it("costs the same if it is in a statement", () =>
    withMistake(STATEMENTS.throw, "plan", () => assertMistake(source.compile(TEXT, "a.js", {}).warnings, says)));

  it("costs the rows of one function in a program of TypeScript", () =>
    withMistake(EXPRESSIONS.conditional, "plan", () => {
      const warnings: Warning[] = [];
      const config = { onWarning: (warning: Warning) => warnings.push(warning) };
      const { files, diagnostics } = emitWithTypeScript({ "a.ts": TEXT }, { noLib: true }, config);
      assert.deepEqual(diagnostics, []);
      assertMistake(warnings, /bad is left alone because of TypeError: planted \(a\.ts:8:8\)/);
      assert.match(files["a.js"]!, /__mp\.line\(4\)/);
    }));

  it("costs the rows of one function in a bundle", () =>
    withMistake(EXPRESSIONS.conditional, "plan", async () => {
      const { code, warnings } = await bundle(TEXT);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /bad is left alone because of TypeError: planted \(a\.js:8:8\)/);
      assert.match(code, /__mp\.line\(4\)/);
    }));
});

const DECORATED = TEXT.replaceAll("// @profile", "@profile");

describe("a mistake in a reader", () => {
  const says =
    /^\[mprof\] the file is left alone because of TypeError: planted \(a\.js:1:1\)\n {2}This is a mistake of/;

  for (const backEnd of BACK_ENDS) {
    it(`leaves the file alone in ${backEnd.name}`, () =>
      withMistake(EXPRESSIONS.conditional, "parts", () => {
        const { code, warnings } = backEnd.compile(TEXT, "a.js", {});
        assertMistake(warnings, says);
        assert.doesNotMatch(code ?? "", /__mp/);
      }));

    if (backEnd === typescript) continue;
    it(`leaves no mark above a function in ${backEnd.name}`, () =>
      withMistake(EXPRESSIONS.conditional, "parts", () => {
        const { code, warnings } = backEnd.compile(DECORATED, "a.js", {});
        assertMistake(warnings, says);
        assert.doesNotMatch(code!, /__mp|@profile/);
        assert.match(code!, /export function bad/);
      }));
  }

  it("leaves the file alone in a bundle", () =>
    withMistake(EXPRESSIONS.conditional, "parts", async () => {
      const { code, warnings } = await bundle(DECORATED);
      assert.equal(warnings.length, 1);
      assert.doesNotMatch(code, /__mp|@profile/);
    }));
});

describe("a mistake in a writer", () => {
  const says = /^\[mprof\] the file is left alone because of TypeError: planted \(a\.js:1:1\)\n/;

  for (const backEnd of BACK_ENDS) {
    it(`writes the file without probes in ${backEnd.name}`, () => {
      const plain = backEnd.compile(DECORATED, "a.js", { enabled: false }).code;
      let calls = 0;
      const before = FORMS.before;
      FORMS.before = (probe) => {
        calls++;
        if (probe.line === 9 && calls > 2) throw new TypeError("planted");
        return before(probe);
      };
      try {
        const { code, warnings, table } = backEnd.compile(DECORATED, "a.js", {});
        assertMistake(warnings, says);
        assert.equal(table, null);
        assert.equal(code, plain);
      } finally {
        FORMS.before = before;
      }
    });
  }
});

describe("paths", () => {
  it("may have folders called C# and what?", () => {
    for (const folder of ["C#", "what?", "50%"]) {
      const filename = `/home/me/${folder}/app/src/a.ts`;
      for (const include of [undefined, "src/**"]) {
        const options = { filename, root: `/home/me/${folder}/app`, include };
        assert.equal(instrument("// @profile\nfunction f() {}\n", options)!.table!.file, "src/a.ts");
      }
      const inputSourceMap = {
        version: 3,
        sources: ["b.ts"],
        sourcesContent: ["\n\n"],
        names: [],
        mappings: "AAAA;AAAA",
      };
      const compiled = { filename, root: `/home/me/${folder}/app`, inputSourceMap: inputSourceMap as never };
      assert.equal(instrument("// @profile\nfunction f() {}\n", compiled)!.table!.file, "src/b.ts");
    }
  });

  it("may be in such a folder in a bundle", async () => {
    const folder = join(scratchFolder(), "C#", "what?");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "a.js"), TEXT);
    const build = await rollup({
      input: join(folder, "a.js"),
      external: ["mprof/runtime"],
      plugins: [mprof({ root: folder })],
    });
    const { output } = await build.generate({ format: "es" });
    assert.match(output[0].code, /"file":"a\.js"/);
  });
});
