/** Solid: an expression in JSX becomes a function that runs again and again, by the shape of the expression. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as Babel from "@babel/core";
import { instrument } from "../../plugin/node/source.ts";
import { openCompilers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { assertSame, buildWithVite, INSTRUMENTED, type Mode, type Outcome, readBuilt, runNode } from "./programs.ts";

/** By the program that uses it: what the preset makes, and the conditions under which Solid's own modules fit. */
const OUTPUTS: Record<string, { preset: object; conditions: string[]; says: RegExp }> = {
  dom: { preset: { generate: "dom" }, conditions: ["--conditions=browser"], says: /<li id="row-1" class="last">a<u>0/ },
  universal: {
    preset: { generate: "universal", moduleName: "./renderer.js" },
    conditions: ["--conditions=browser"],
    says: /<ul><li>a<u>2<\/u><\/li><li>b<u>3<\/u><\/li><\/ul>many/,
  },
  server: { preset: { generate: "ssr" }, conditions: [], says: /<li class="last +" +id="row-2"/ },
};

const packages = openCompilers();

describe("Solid", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("solid");
  const source = join(project.folder, "src");
  let babel: typeof Babel;
  before(async () => {
    babel = (await packages.load<{ default: typeof Babel }>("@babel/core")).default;
  });
  after(() => project.remove());

  /** @returns the folder of the program, every file of it compiled */
  function compile(name: string, mode: Mode, preset: object): string {
    const out = join(project.folder, "out", `${name}-${mode}`);
    mkdirSync(out, { recursive: true });
    for (const file of readdirSync(source)) {
      const [filename, text] = [join(source, file), readFileSync(join(source, file), "utf8")];
      const options = { filename, root: project.folder, functions: mode as "marked" };
      const code = (mode === "plain" ? null : instrument(text, options)?.code) ?? text;
      const presets = [[packages!.resolve("babel-preset-solid"), preset]];
      const settings = { filename, presets, configFile: false, babelrc: false } as Babel.TransformOptions;
      writeFileSync(join(out, file), file.endsWith(".jsx") ? babel.transformSync(code, settings)!.code! : code);
    }
    // Node has no name for JSX; what is in these files is JavaScript by now.
    for (const file of readdirSync(out)) {
      const text = readFileSync(join(out, file), "utf8").replaceAll(`.jsx"`, `.js"`);
      writeFileSync(join(out, file.replace(/x$/, "")), text);
    }
    return out;
  }

  for (const [name, { preset, conditions, says }] of Object.entries(OUTPUTS)) {
    describe(`compiled for ${name}`, () => {
      let plain: Outcome;
      const run = (mode: Mode) =>
        runNode([...conditions, join(compile(name, mode, preset), `${name}.js`)], project.folder);
      before(async () => {
        plain = await run("plain");
        assert.equal(plain.did.code, 0, plain.did.stderr);
        assert.match(plain.did.stdout, says);
      });

      for (const mode of INSTRUMENTED) {
        it(`${mode}: renders and updates the same, in the same order, and statements have rows`, async () => {
          const outcome = await run(mode);
          assertSame(plain, outcome, readBuilt(join(project.folder, "out", `${name}-${mode}`)).code);
          const isServer = name === "server";
          for (const text of ["const text = n > 1", "const id = store.rows.length", "said.push(`row $"])
            assert.ok(rowOf(outcome.report, text), `${text}\n${outcome.report}`);
          assert.equal(rowOf(outcome.report, "const id = store.rows.length")!.occurrences, 1);
          assert.equal(rowOf(outcome.report, "said.push(`row $")!.occurrences, isServer ? 3 : 2);
        });
      }
    });
  }

  it("charges nothing to a function that has returned", async () => {
    const folder = compile("late", "marked", OUTPUTS.universal!.preset);
    const { did, report } = await runNode(["--conditions=browser", join(folder, "late.js")], project.folder);
    assert.deepEqual(did, { stdout: "", stderr: "", code: 0 });
    assert.equal(rowOf(report, "const first = rows(0);")?.increment, 2, report);
    const increments = report
      .split("\n")
      .map((line) => Number(/^ *\d+ +[\d.]+ MiB +(-?[\d.]+) MiB/.exec(line)?.[1] ?? 0));
    assert.ok(increments.includes(100), report);
    // Six times 1 MiB in List and its updates; 800 MiB that others took between them.
    const taken = increments.reduce((sum, each) => sum + each, -100);
    assert.ok(taken >= 2 && taken <= 6, `${taken} MiB\n${report}`);
  });

  describe("by vite-plugin-solid", () => {
    let plain: Outcome;
    let solid: (options: object) => unknown;
    async function render(mode: Mode) {
      const plugins = () => [solid({ ssr: true })];
      const built = await buildWithVite(packages!, { folder: project.folder, mode, entry: "src/server.js", plugins });
      return { built, outcome: await runNode([join(built.folder, "main.mjs")], project.folder) };
    }
    before(async () => {
      solid = (await packages.load<{ default: typeof solid }>("vite-plugin-solid")).default;
      plain = (await render("plain")).outcome;
      assert.match(plain.did.stdout, /id="row-2"/);
    });

    for (const mode of INSTRUMENTED) {
      it(`${mode}: the same HTML`, async () => {
        const { built, outcome } = await render(mode);
        assertSame(plain, outcome, built.code);
        assert.equal(rowOf(outcome.report, "said.push(`row $")?.occurrences, 3, outcome.report);
      });
    }
  });
});
