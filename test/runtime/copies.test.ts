import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { scratchFolder } from "../support/scratch.ts";
import { programStart, writeProgram } from "./programs.ts";

function run(source: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [writeProgram(source)], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The runtime as CommonJS, for this test alone: `dist/cjs` need not be built. */
function buildCommonJs(): string {
  const outDir = scratchFolder();
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const { config } = ts.readConfigFile(join(root, "tsconfig.cjs.json"), ts.sys.readFile);
  config.include = ["contract", "runtime"];
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  ts.createProgram(fileNames, {
    ...options,
    outDir,
    declaration: false,
    incremental: false,
    tsBuildInfoFile: undefined,
  }).emit();
  writeFileSync(join(outDir, "package.json"), '{ "type": "commonjs" }');
  return join(outDir, "runtime", "node", "index.js");
}

describe("two copies of the runtime", () => {
  it("share one state, and the first of them reports (ES module and CommonJS)", () => {
    const { stdout, stderr } = run(`${programStart}
      import { createRequire } from "node:module";
      const other = createRequire(import.meta.url)(${JSON.stringify(buildCommonJs())});
      f();
      console.log(other.getProfile().listings.length, other.configure === mprof.configure);`);
    assert.equal(stderr, "");
    assert.match(stdout, /^1 false\nFilename/);
    assert.equal(stdout.match(/Filename/g)!.length, 1);
  }).timeout(60_000);

  it("of different versions say so once, and the second runs unprofiled", () => {
    const { status, stdout, stderr } =
      run(`Object.defineProperty(globalThis, Symbol.for("mprof"), { value: { version: 99 } });
      ${programStart.replace("import * as mprof from", "const mprof = await import(").replace(";", ");")}
      f(); console.log("done", mprof.getProfile().listings.length);`);
    assert.equal(status, 0);
    assert.equal(stdout, "done 0\n");
    assert.match(
      stderr,
      /^\[mprof\] two versions of mprof are loaded .*99 and 1.*\n.*\(MPROF_STATE_VERSION, docs\/messages\.md\)\n$/,
    );
  });

  it("leave nothing enumerable on globalThis, and a table for scripts", () => {
    const { stdout } = run(`${programStart}
      console.log(Object.keys(globalThis).filter((key) => /mprof/.test(key)).length, typeof globalThis.__mprof.table);`);
    assert.equal(stdout, "0 function\n");
  });
});

describe("a module table", () => {
  it("of a newer version is refused with both versions, and the module runs", () => {
    const { status, stdout, stderr } = run(
      `${programStart.replace("version: 1", "version: 9")}f(); console.log("done");`,
    );
    assert.deepEqual([status, stdout], [0, "done\n"]);
    assert.match(
      stderr,
      /two versions of mprof are loaded \(9 and 1\): program\.js is not profiled\n.*\(MPROF_TABLE_VERSION, docs\/messages\.md\)\n$/,
    );
  });
});
