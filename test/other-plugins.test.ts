import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import { createBabelPlugin } from "../plugin/babel/index.ts";
import { createHost } from "../plugin/node/host.ts";
import { factsOf } from "../plugin/node/project-facts.ts";
import { readOrigin } from "../plugin/source/origin.ts";
import { parserPlugins, settingsFor } from "./support/back-ends.ts";
import { fetchPackage } from "./support/fetch-package.ts";
import { loadFixtures, ROOT } from "./support/load-fixture.ts";
import { rowsOf, runProgram } from "./support/run-fixture.ts";

const require = createRequire(import.meta.url);
const babel = require("@babel/core") as typeof Babel;

function transform(code: string, path: string, rest: Babel.TransformOptions): string {
  const plugin = [
    createBabelPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }), readOrigin),
    { root: ROOT, onWarning: () => {} },
  ];
  const parserOpts = { plugins: parserPlugins(path) as never, allowReturnOutsideFunction: true };
  return babel.transformSync(code, {
    ...settingsFor(path),
    filename: join(ROOT, path),
    parserOpts,
    ...rest,
    plugins: [...(rest.plugins ?? []), plugin as never],
  })!.code!;
}

/** Whatever else compiles the file, in whatever order: rows are those of the source. */
const presetEnv = fetchPackage("@babel/preset-env", "7.29.14");
if (presetEnv) {
  describe("with preset-env down to old engines", () => {
    const preset = [require.resolve("@babel/preset-env", { paths: [presetEnv] }), { targets: "ie 11", modules: false }];
    // What ES5 cannot express, or leaves to other presets.
    const beyond =
      /^(typescript|jsx|using)\/|lexical-declaration-shared|names-and-lengths|direct-eval|with-left-whole|new-target|keep-their-names|private/;
    for (const fixture of loadFixtures()) {
      if (beyond.test(fixture.name) || fixture.needs || !/\.[cm]?js$/.test(fixture.path) || fixture.options) continue;
      it(`${fixture.name} does what it did, and fills the same rows`, async () => {
        for (const { args, returns, throws, logs = [], lines } of fixture.calls ?? []) {
          const code = transform(fixture.input, fixture.path, { presets: [preset as never] });
          const outcome = await runProgram(code, fixture.path.replace(/\.cjs$/, ".js"), (exports) =>
            (exports.run as (...given: unknown[]) => unknown)(...structuredClone(args)),
          );
          assert.equal(outcome.throws?.replace(/:.*/s, ""), throws?.replace(/:.*/s, ""));
          assert.deepEqual(
            JSON.parse(JSON.stringify([outcome.returns, outcome.logs])),
            JSON.parse(JSON.stringify([returns, logs])),
          );
          if (lines) assert.deepEqual(rowsOf(outcome.profile), lines);
        }
      });
    }
  });
}

describe("syntax that mprof does not know", () => {
  const text =
    "// @profile\nfunction f() {\n  const x = do { 1; };\n  return x;\n}\n// @profile\nfunction g() {\n  return [1];\n}\n";

  it("leaves the function alone with a warning, and no other", () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: { message: string }) => warnings.push(message);
    const { code } = babel.transformSync(text, {
      configFile: false,
      filename: join(ROOT, "a.js"),
      parserOpts: { plugins: ["doExpressions"] },
      plugins: [
        [
          createBabelPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }), readOrigin),
          { root: ROOT, onWarning },
        ],
      ],
    })!;
    assert.match(code!, /function f\(\) \{\n {2}const x = do \{/);
    assert.match(code!, /__mp\.line\(8\)/);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^\[mprof\] f is left alone: unknown syntax: DoExpression \(a\.js:2:1\)/);
  });
});

describe("a parser of somebody else", () => {
  it("keeps the marks that need no blanking, and warns of decorators that were not seen", () => {
    const warnings: string[] = [];
    const text = "class A {\n  @profile m() { return 1; }\n}\n// @profile\nfunction f() {\n  return [1];\n}\n";
    const onWarning = ({ code }: { code: string }) => warnings.push(code);
    const file = babel.parseSync(text, { configFile: false, parserOpts: { plugins: ["decorators"] } })!;
    const { code } = babel.transformFromAstSync(file, text, {
      configFile: false,
      filename: join(ROOT, "a.js"),
      generatorOpts: { retainLines: true },
      plugins: [
        [
          createBabelPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }), readOrigin),
          { root: ROOT, onWarning },
        ],
      ],
    })!;
    assert.match(code!, /__mp\.line\(6\)/);
    assert.deepEqual(warnings, ["MPROF_MARK_NOT_SEEN"]);
  });
});
