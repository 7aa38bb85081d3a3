/** Listings that were compiled without their lines, as by `embedSource: false`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { instrument } from "../../plugin/node/source.ts";
import { ROOT } from "../support/load-fixture.ts";
import { scratchFolder } from "../support/scratch.ts";

const SOURCE = `let kept;
/** @profile */
function load() {
  kept = [];
}
load();
process.chdir("/");
`;

describe("a program compiled with embedSource: false", () => {
  const folder = scratchFolder();
  const runtimeModule = pathToFileURL(join(ROOT, "dist/esm/runtime/node/index.js")).href;
  const options = { filename: "src/app.mjs", root: ".", embedSource: false, runtimeModule };
  mkdirSync(join(folder, "src"));
  const { code } = instrument(SOURCE, options)!;
  writeFileSync(join(folder, "built.mjs"), code);
  /** Line numbers, occurrences and contents. */
  const report = () =>
    execFileSync(process.execPath, ["built.mjs"], { cwd: folder, encoding: "utf8" })
      .split("\n")
      .slice(4)
      .map((row) => row.replace(/ +[\d.]+ MiB/g, "").trimEnd());

  it("holds none of them", () => {
    assert.match(code, /"lines":\["","","",""\]/);
  });

  it("is reported with the lines that are on disk", () => {
    writeFileSync(join(folder, "src/app.mjs"), SOURCE);
    assert.deepEqual(report().slice(0, 4), [
      "     2           1   /** @profile */",
      "     3                                         function load() {",
      "     4           1     kept = [];",
      "     5                                         }",
    ]);
  });

  it("is reported by line numbers where there are none", () => {
    rmSync(join(folder, "src/app.mjs"));
    assert.deepEqual(report().slice(0, 4), ["     2           1", "     3", "     4           1", "     5"]);
  });
});
