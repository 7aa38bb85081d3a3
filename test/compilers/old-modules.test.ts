/** CommonJS in bundles of ES modules, and where the runtime comes from in them. */
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Options } from "../../plugin/core/options.ts";
import { openBundlers, openCompilers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { SPLITTERS } from "./bundles.ts";
import { assertSame, INSTRUMENTED, type Mode, type Outcome, runNode } from "./programs.ts";

const packages = openBundlers();

/** File selections of users; whatever they select, the runtime is none of it. */
const SELECTIONS: Record<string, Options> = {
  "an exclude of one's own": { exclude: ["**/*.test.js"] },
  "every file": { include: ["**", "**/node_modules/**"], exclude: [] },
  "every file, by pattern": { include: [/./, /node_modules/], exclude: [/^$/] },
  "every package": { include: ["**/node_modules/**", "**/app.js"], exclude: "nothing" },
};

describe("CommonJS", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const given = packages;
  const project = given.project("cjs-app");
  cpSync(join(project.folder, "old"), join(project.folder, "node_modules/old"), { recursive: true });
  // Above this package, so that a pattern can match its files.
  const root = given.folder;
  after(() => project.remove());

  async function buildAndRun(bundler: string, mode: Mode, entry: string, options: Options = {}) {
    const split = { folder: project.folder, mode, entry, isForBrowsers: false, options };
    const built = await SPLITTERS[bundler]!(given, split);
    const main = built.files.find((file) => /^main\.[cm]js$/.test(file))!;
    return { built, outcome: await runNode([join(built.folder, main)], project.folder) };
  }

  for (const bundler of Object.keys(SPLITTERS)) {
    describe(`by ${bundler}`, () => {
      let plain: Outcome;
      before(async () => {
        plain = (await buildAndRun(bundler, "plain", "app.js")).outcome;
        assert.deepEqual(plain.did, { stdout: "3\n", stderr: "", code: 0 });
      });

      for (const mode of INSTRUMENTED) {
        it(`${mode}: a program in CommonJS does what it did and is measured`, async () => {
          const { built, outcome } = await buildAndRun(bundler, mode, "app.js");
          assertSame(plain, outcome, built.code);
          assert.equal(rowOf(outcome.report, "return [1, 2, 3].length;")?.occurrences, 1, outcome.report);
        });
      }

      for (const [name, options] of Object.entries(SELECTIONS)) {
        it(`selecting ${name} leaves the runtime as it is`, async () => {
          const { built, outcome } = await buildAndRun(bundler, "all", "app.js", { ...options, root });
          assertSame(plain, outcome, built.code);
          assert.deepEqual(filesIn(outcome.report), [relative(root, join(project.folder, "app.js"))]);
          assert.deepEqual(built.warnings, []);
        });
      }

      it("a package in CommonJS: no warning of what the bundler makes of it, and its functions have rows", async () => {
        const without = (await buildAndRun(bundler, "plain", "src/main.mjs")).outcome;
        assert.deepEqual(without.did, { stdout: "16 late late,sum\n", stderr: "", code: 0 });
        const { built, outcome } = await buildAndRun(bundler, "all", "src/main.mjs", {
          include: ["**/src/**", "**/node_modules/old/**"],
        });
        assertSame(without, outcome, built.code);
        assert.deepEqual(built.warnings, []);
        const old = ["index", "late", "parts"].map((file) => `node_modules/old/${file}.js`);
        assert.deepEqual(filesIn(outcome.report), [...old, "src/main.mjs"]);
        assert.equal(rowOf(outcome.report, "var sum = a + b;")?.occurrences, 3);
      });
    });
  }
});

/** What @rollup/plugin-commonjs makes up, `…?commonjs-proxy` and its like, is no file of the program. */
describe("Rollup's CommonJS proxies", function () {
  this.timeout(60_000);
  if (packages === null) return;
  const given = packages;
  const project = given.project("cjs-app");
  cpSync(join(project.folder, "old"), join(project.folder, "node_modules/old"), { recursive: true });
  after(() => project.remove());

  for (const isLast of [false, true]) {
    for (const strictRequires of [true, false, "auto"]) {
      it(`no warning of them, mprof ${isLast ? "last" : "first"}, strictRequires ${strictRequires}`, async () => {
        const options = { include: ["**/src/**", "**/node_modules/old/**"] };
        const commonjs = { strictRequires, transformMixedEsModules: true };
        const split = {
          folder: project.folder,
          entry: "src/main.mjs",
          isForBrowsers: false,
          options,
          isLast,
          commonjs,
        };
        const built = await SPLITTERS.rollup!(given, { ...split, mode: "all" });
        assert.deepEqual(built.warnings, []);
        const { did, report } = await runNode([join(built.folder, "main.mjs")], project.folder);
        assert.deepEqual(did, { stdout: "16 late late,sum\n", stderr: "", code: 0 });
        assert.ok(
          filesIn(report).every((file) => !file.includes("?")),
          report,
        );
        assert.equal(rowOf(report, "var sum = a + b;")?.occurrences, 3);
      });
    }
  }
});

/** Such plug-ins stand in repositories of their own; what mprof writes is something that they understand. */
describe("a Babel plug-in that knows default imports only", function () {
  this.timeout(60_000);
  const compilers = openCompilers();
  if (compilers === null) return;
  const project = compilers.project("narrow-plugin");
  after(() => project.remove());

  async function run(mode: Mode) {
    const { did } = await runNode(["compile.cjs", mode], project.folder);
    assert.deepEqual(did, { stdout: "", stderr: "", code: 0 });
    return runNode([`${mode}.cjs`], project.folder);
  }

  for (const mode of INSTRUMENTED) {
    it(`${mode}: compiles, and the program does what it did`, async () => {
      const plain = await run("plain");
      assert.equal(plain.did.stdout, "/\n");
      const outcome = await run(mode);
      assertSame(plain, outcome, readFileSync(join(project.folder, `${mode}.cjs`), "utf8"));
      assert.equal(rowOf(outcome.report, "return path.sep;")?.occurrences, 1, outcome.report);
    });
  }
});

function filesIn(report: string): string[] {
  const names = [...report.matchAll(/^Filename: (.*)$/gm)].map((match) => match[1]!);
  return [...new Set(names)].sort();
}
