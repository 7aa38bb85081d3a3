import assert from "node:assert/strict";
import ts from "typescript";
import { createHost } from "../../plugin/node/host.ts";
import { factsOf } from "../../plugin/node/project-facts.ts";
import { createTypeScriptPlugin } from "../../plugin/typescript/index.ts";
import { emitWithTypeScript } from "../support/emit-with-typescript.ts";

const { ModuleKind, ScriptTarget } = ts;
const MODULE = "@profile\nexport function f(): number {\n  return 1;\n}\n";
const SCRIPT = "@profile\nfunction f(): number {\n  return 1;\n}\nf();\n";
const REQUIRE = /__mp_t = require\("mprof\/runtime"\)\.table\(/;
const IMPORT = /^import __mp_table from "mprof\/runtime";/m;

/** The code of one file, and nothing but our own errors may be missing. */
function emit(name: string, text: string, options: ts.CompilerOptions, more: Record<string, string> = {}): string {
  const { files, diagnostics } = emitWithTypeScript(
    { [name]: text, ...more },
    { ignoreDeprecations: "6.0", noLib: true, ...options },
  );
  assert.deepEqual(diagnostics, []);
  return Object.entries(files).find(([file]) => file.startsWith(name.replace(/\.\w+$/, ".")))![1];
}

describe("the import of the runtime", () => {
  it("is an import in ES modules, not elided, and the first", () => {
    const other = { "other.ts": "export const one = 1;\n" };
    const text = `import { one } from "./other";\n${MODULE}console.log(one);\n`;
    for (const extra of [{}, { verbatimModuleSyntax: true }, { isolatedModules: true }, { importHelpers: false }]) {
      const code = emit(
        "main.ts",
        text,
        { module: ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, ...extra },
        other,
      );
      assert.match(code, IMPORT);
      assert.ok(code.indexOf("mprof/runtime") < code.indexOf("./other"));
    }
  });

  it("is a require inside the function in CommonJS", () => {
    assert.match(emit("main.ts", MODULE, { module: ModuleKind.CommonJS }), REQUIRE);
    assert.match(emit("main.ts", MODULE, { module: ModuleKind.CommonJS, esModuleInterop: false }), REQUIRE);
    assert.match(emit("main.ts", SCRIPT, { module: ModuleKind.CommonJS }), REQUIRE);
  });

  it("is what the file is under node16 and nodenext", () => {
    for (const module of [ModuleKind.Node16, ModuleKind.NodeNext]) {
      assert.match(emit("main.mts", MODULE, { module }), IMPORT);
      assert.match(emit("main.cts", MODULE, { module }), REQUIRE);
      assert.match(emit("main.ts", MODULE, { module }, { "package.json": '{ "type": "module" }' }), IMPORT);
      assert.match(emit("main.ts", MODULE, { module }, { "package.json": '{ "type": "commonjs" }' }), REQUIRE);
    }
  });

  it("follows the syntax under preserve", () => {
    const options = { module: ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler };
    assert.match(emit("main.ts", MODULE, options), IMPORT);
    assert.match(emit("main.cts", MODULE, options), REQUIRE);
  });

  it("is a dependency in the module kinds that wrap a file", () => {
    for (const module of [ModuleKind.AMD, ModuleKind.UMD]) {
      const code = emit("main.ts", MODULE, { module });
      assert.match(code, /define\(\["require", "exports", "mprof\/runtime"\]/);
      assert.match(code, /__mp_t = __mp_table\.table\(/);
    }
    const code = emit("main.ts", MODULE, { module: ModuleKind.System });
    assert.match(code, /System\.register\(\["mprof\/runtime"\]/);
    assert.match(code, /__mp_table = __mp_table_1;/);
    assert.match(code, /__mp_t = __mp_table\.table\(/);
  });

  it("is the global in plain scripts, by option, with names of their own", () => {
    const { files } = emitWithTypeScript(
      { "a.ts": SCRIPT, "b.ts": SCRIPT },
      { module: ModuleKind.ESNext },
      { runtime: "global" },
    );
    const names = Object.values(files).map((code) => /function (__mp_m_\w+)\(/.exec(code)![1]);
    assert.equal(new Set(names).size, 2);
    assert.match(files["a.js"]!, /globalThis\.__mprof\.table\(/);
  });

  it("stands behind directives", () => {
    const code = emit("main.ts", `"use strict";\n"use client";\n${MODULE}`, { target: ScriptTarget.ES2022 });
    assert.ok(code.startsWith('"use strict";\n"use client";\nimport __mp_table '), code);
  });
});

describe("a file that another transformer changed", () => {
  it("is left alone with a warning", () => {
    const warnings: string[] = [];
    const { createTransformer } = createTypeScriptPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }));
    const ours = createTransformer(undefined, { onWarning: ({ code }) => warnings.push(code) }, ts);
    const other: ts.TransformerFactory<ts.SourceFile> =
      ({ factory }) =>
      (file) =>
        factory.updateSourceFile(file, [factory.createEmptyStatement(), ...file.statements]);
    const file = ts.createSourceFile("/main.ts", "// @profile\nfunction f() {}\n", ts.ScriptTarget.ESNext);
    const code = ts.createPrinter().printFile(ts.transform(file, [other, ours]).transformed[0]!);
    assert.ok(!code.includes("__mp"));
    assert.deepEqual(warnings, ["MPROF_MARK_NOT_SEEN"]);
  });
});
