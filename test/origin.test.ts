import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import { decodedMappings, encodedMap, TraceMap } from "@jridgewell/trace-mapping";
import ts from "typescript";
import { createBabelPlugin } from "../plugin/babel/index.ts";
import { createHost } from "../plugin/node/host.ts";
import { factsOf } from "../plugin/node/project-facts.ts";
import { instrument } from "../plugin/source/instrument.ts";
import { readOrigin } from "../plugin/source/origin.ts";
import { ROOT } from "./support/load-fixture.ts";
import { rowsOf, runProgram } from "./support/run-fixture.ts";

const babel = createRequire(import.meta.url)("@babel/core") as typeof Babel;

/** Code that another tool has compiled: rows are those of its original source. */
const ORIGINAL = `interface Row {
  id: number;
}

// @profile
export function run(rows: Row[]): number {
  const kind: number = 2;

  D(kind);
  return rows.length;
}
`;

function compiled() {
  const { outputText, sourceMapText } = ts.transpileModule(ORIGINAL, {
    fileName: "src/run.ts",
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      sourceMap: true,
      inlineSources: true,
    },
  });
  return { code: outputText.replace(/\/\/# sourceMappingURL.*/, ""), map: JSON.parse(sourceMapText!) as object };
}

const ROWS = { "5": [50, 50, 1], "7": [50, 0, 1], "9": [52, 2, 1], "10": [52, 0, 1] };

describe("code with an incoming source map", () => {
  it("has the rows of its original source in the text path", async () => {
    const { code, map } = compiled();
    const options = { filename: join(ROOT, "out/run.js"), root: ROOT, inputSourceMap: map as never };
    const result = instrument(code, options, createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }))!;
    assert.equal(result.table!.file, "out/run.ts");
    assert.deepEqual(result.table!.listings[0]!.lines, ORIGINAL.split("\n").slice(4, 11));
    const { profile } = await runProgram(result.code, "run.js", (exports) => (exports.run as (rows: []) => number)([]));
    assert.deepEqual(rowsOf(profile), ROWS);
  });

  it("has the rows of its original source in Babel", async () => {
    const { code, map } = compiled();
    const result = babel.transformSync(code, {
      filename: join(ROOT, "out/run.js"),
      configFile: false,
      inputSourceMap: map as never,
      plugins: [
        [createBabelPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }), readOrigin), { root: ROOT }],
      ],
    });
    const { profile } = await runProgram(result!.code!, "run.js", (exports) =>
      (exports.run as (rows: []) => number)([]),
    );
    assert.deepEqual(rowsOf(profile), ROWS);
  });
});

describe("options that exist only at run time", () => {
  const program = `const { profile } = require("mprof");
const written = [];
const load = profile({ stream: { write: (text) => written.push(text) }, report: "call" })((n) => {
  D(n);
  return load.name;
});
exports.run = () => [load(3), written.join("")];
`;
  for (const name of ["source", "babel"]) {
    it(`are evaluated where they stand, and reach the report (${name})`, async () => {
      const options = { filename: join(ROOT, "a.cjs"), root: ROOT };
      const code =
        name === "source"
          ? instrument(program, options, createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }))!.code
          : babel.transformSync(program, {
              filename: options.filename,
              configFile: false,
              sourceType: "script",
              plugins: [
                [
                  createBabelPlugin(createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }), readOrigin),
                  { root: ROOT },
                ],
              ],
            })!.code!;
      const { returns, printed } = await runProgram(code, "a.cjs", (exports) => (exports.run as () => unknown)());
      const [loadName, written] = returns as [string, string];
      assert.equal(loadName, "load");
      assert.match(written, /^Filename: a\.cjs\n\n[\s\S]* {5}4 {5}53\.0 MiB {6}3\.0 MiB {11}1 {5}D\(n\);\n/);
      assert.equal(printed, "");
    });
  }
});

describe("a mark that the map says nothing of", () => {
  it("has the first row of its function", () => {
    const text = `interface Row { a: number }\n\ninterface Other {\n  b: string;\n}\n\n// @profile\nexport function load(n: number): Row[] {\n  const rows: Row[] = [];\n  return rows;\n}\n\nexport const later = 1;\n`;
    const { outputText, sourceMapText } = ts.transpileModule(text, {
      fileName: "src/load.ts",
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        sourceMap: true,
        inlineSources: true,
      },
    });
    const { sources, sourcesContent, mappings } = JSON.parse(sourceMapText!);
    // esbuild and swc map code only.
    const traced = decodedMappings(new TraceMap({ version: 3, names: [], sources, mappings }));
    const comment = outputText.split("\n").findIndex((line) => line.includes("@profile"));
    const decoded = traced.map((line, index) => (index === comment ? [] : [...line]));
    const inputSourceMap = encodedMap(
      new TraceMap({ version: 3, names: [], sources, sourcesContent, mappings: decoded }),
    );
    const { table } = instrument(
      outputText,
      { filename: join(ROOT, "src/load.ts"), inputSourceMap },
      createHost(factsOf, { MPROF_MODE: process.env.MPROF_MODE }),
    )!;
    const [listing] = table!.listings;
    assert.equal(listing!.first, 8);
    assert.deepEqual(listing!.lines, text.split("\n").slice(7, 11));
  });
});
