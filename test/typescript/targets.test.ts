import assert from "node:assert/strict";
import { createRequire } from "node:module";
import ts from "typescript";
import { emitWithTypeScript } from "../support/emit-with-typescript.ts";
import { type Fixture, loadFixtures } from "../support/load-fixture.ts";
import { rowsOf, runProgram } from "../support/run-fixture.ts";
import { typescript } from "../support/typescript-back-end.ts";
import { HOW_TO_ENABLE, installedPackages } from "../support/typescript-versions.ts";

/**
 * The fixtures through TypeScript's whole emit, down to the oldest target and up to the newest: probes are written before
 * async functions, class fields, decorators and modules are compiled away, and must survive it.
 */
const TARGETS = {
  ES2017: { target: ts.ScriptTarget.ES2017, useDefineForClassFields: false },
  ES2022: { target: ts.ScriptTarget.ES2022 },
  ESNext: { target: ts.ScriptTarget.ESNext, isolatedModules: true },
};

const OLDER = ["5.2.2", "5.9.3"];

for (const [name, options] of Object.entries(TARGETS)) {
  describe(`emit for ${name}`, () => askAll(options, ts));
}

for (const version of OLDER) {
  const installed = installedPackages({ typescript: version });
  describe(`emit by TypeScript ${version}`, () => {
    if (installed) askAll(TARGETS.ES2017, createRequire(import.meta.url)(installed.typescript!) as typeof ts);
    else it.skip(HOW_TO_ENABLE);
  });
}

function askAll(options: ts.CompilerOptions, compiler: typeof ts): void {
  for (const fixture of loadFixtures()) {
    // TypeScript makes every `.cjs` strict; what only sloppy scripts have is seen in test/backends.test.ts.
    if (!fixture.calls || fixture.path.endsWith(".cjs") || typescript.rejects!(fixture.input, fixture.path)) continue;
    it(`${fixture.name} fills its rows`, () => fillsItsRows(fixture, options, compiler));
  }
}

async function fillsItsRows(
  { input, path, options, calls }: Fixture,
  compilerOptions: ts.CompilerOptions,
  compiler: typeof ts,
): Promise<void> {
  const all = {
    ...compilerOptions,
    module: ts.ModuleKind.CommonJS,
    noLib: true,
    allowJs: true,
    jsx: ts.JsxEmit.React,
    outDir: "/out",
  };
  const { files } = emitWithTypeScript(
    { [path]: input },
    all,
    { mode: "exact", ...options, onWarning: () => {} },
    compiler,
  );
  const [code] = Object.values(files);
  for (const { args, returns, throws, listings, lines } of calls!) {
    const outcome = await runProgram(code!, path, (exports) =>
      (exports.run as (...args: unknown[]) => unknown)(...structuredClone(args)),
    );
    if (throws === undefined) assert.deepEqual(plain(outcome.returns), plain(returns), outcome.throws);
    else assert.ok(outcome.throws?.startsWith(throws.replace(/:.*/s, "")), `${outcome.throws}`);
    for (const [listing, rows] of Object.entries(listings ?? {}))
      assert.deepEqual(rowsOf(outcome.profile, listing), rows, listing);
    if (lines) assert.deepEqual(rowsOf(outcome.profile), lines);
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify({ value }));
}
