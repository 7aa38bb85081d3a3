/** What goes wrong in mprof itself costs rows, never the build nor the program. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, transformFromAstSync } from "@babel/core";
import { rollup } from "rollup";
import { createBabelPlugin } from "../plugin/babel/index.ts";
import { EXPRESSIONS } from "../plugin/core/expressions.ts";
import { FORMS } from "../plugin/core/forms.ts";
import type { Warning } from "../plugin/core/messages.ts";
import { STATEMENTS } from "../plugin/core/statements.ts";
import { createHost } from "../plugin/node/host.ts";
import { factsOf } from "../plugin/node/project-facts.ts";
import { instrument } from "../plugin/node/source.ts";
import { readOrigin } from "../plugin/source/origin.ts";
import mprof from "../plugin/unplugin/rollup.ts";
import { type BackEnd, babel, babel8, source } from "./support/back-ends.ts";
import { emitWithTypeScript } from "./support/emit-with-typescript.ts";
import { runCli, withFolder } from "./support/run-cli.ts";
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
      const { before } = FORMS;
      let calls = 0;
      let last = Number.POSITIVE_INFINITY;
      FORMS.before = (probe) => {
        // The planner asks for the forms, too; whoever asks last writes, and has written the others.
        if (++calls === last) throw new TypeError("planted");
        return before(probe);
      };
      try {
        backEnd.compile(DECORATED, "a.js", {});
        last = 2 * calls;
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

describe("what is no error of syntax", () => {
  it("is not called one: an unknown option of a mark", () => {
    for (const backEnd of BACK_ENDS) {
      const { warnings, table } = backEnd.compile("// @profile toString=1\nfunction f() {}\n", "a.js", {});
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ["MPROF_MARK_OPTION"],
      );
      assert.equal(table!.listings.length, 1);
    }
  });

  it("does not end a build of a tree that another parser made: run-time options", () => {
    const code = 'import { profile } from "mprof";\nexport const f = profile({ stream: s })(function load() {});\n';
    const settings = { configFile: false, babelrc: false, filename: "a.js" } as const;
    const ast = parseSync(code, settings)!;
    const host = createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE });
    const plugins = [[createBabelPlugin(host, readOrigin), { onWarning() {} }]] as never;
    assert.match(transformFromAstSync(ast, code, { ...settings, plugins })!.code!, /__mp_m\(\)\.options\(0, \{/);
  });
});

/** Warnings of a program that Node loads through us; without the last word. */
async function warningsOf(files: Record<string, string>, ...args: string[]): Promise<string[]> {
  return withFolder(files, async (cwd) => {
    const { stdout, stderr } = await runCli(["--quiet", ...args], { cwd });
    assert.match(stdout, /^10\n/, stderr);
    return stderr.split("\n").filter((line) => line.startsWith("[mprof]"));
  });
}

describe("a warning on the way into Node", () => {
  const lib = {
    "lib.mjs": "export const load = () => new Array(10);\n",
    "lib.cjs": "exports.load = () => new Array(10);\n",
  };
  const use = "const measured = profile(load);\nconsole.log(measured().length);\n";
  const asModule = `import { profile } from "mprof";\nimport { load } from "./lib.cjs";\n${use}`;
  const asCommonJs = `const { profile } = require("mprof");\nconst { load } = require("./lib.cjs");\n${use}`;
  const programs = {
    "app.mjs": asModule,
    "app.mts": asModule,
    "app.ts": asModule,
    "app.cjs": asCommonJs,
    "app.cts": asCommonJs,
  };

  for (const [name, text] of Object.entries(programs)) {
    it(`is said once for ${name}`, async () => {
      const [first, ...others] = await warningsOf({ ...lib, [name]: text }, name);
      assert.match(first!, /^\[mprof\] profile\(…\) of a function that the compiler cannot see: load \(app/);
      assert.deepEqual(others, []);
    });
  }

  it("is said once for a file that both loaders are asked for", async () => {
    const files = { ...lib, "app.ts": asModule, "main.mjs": 'import "./app.ts";\n' };
    assert.equal((await warningsOf(files, "main.mjs")).length, 1);
  });

  it("is not about mprof's own runtime", async () => {
    const { stdout } = await withFolder(
      {
        "app.mjs":
          'import { memoryUsage } from "mprof";\nfunction f() { return 10; }\nconsole.log(f(), typeof memoryUsage);\n',
      },
      (cwd) => runCli(["--functions", "all", "app.mjs"], { cwd }),
    );
    assert.match(stdout, /^10 function\n/);
    assert.deepEqual(stdout.match(/^Filename: .*/gm), ["Filename: app.mjs"]);
  });
});

describe("paths", () => {
  it("may have such a folder on the way into Node", () =>
    withFolder({}, async (above) => {
      const cwd = join(above, "C#");
      mkdirSync(join(cwd, "src"), { recursive: true });
      const text = "// @profile\nfunction load(n: number) {\n  return n;\n}\nconsole.log(load(10));\n";
      for (const name of ["a.ts", "b.mts", "c.js", "d.mjs"]) {
        writeFileSync(
          join(cwd, "src", name),
          name.endsWith("s") && /js$/.test(name) ? text.replace(": number", "") : text,
        );
        const { stdout, stderr } = await runCli([`src/${name}`], { cwd });
        assert.equal(stderr, "");
        assert.match(stdout, new RegExp(`^10\\nFilename: src/${name}\\n`));
      }
    }));

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
