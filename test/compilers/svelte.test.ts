/** Svelte 5: runes are recognised where they stand, as the initialiser of a variable or a field, or as a statement. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instrument } from "../../plugin/node/source.ts";
import { openBundlers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { assertSame, buildWithVite, INSTRUMENTED, type Mode, type Outcome, readBuilt, runNode } from "./programs.ts";

interface Compiler {
  compile: Compile;
  compileModule: Compile;
}
type Compile = (code: string, options: object) => { js: { code: string } };

const packages = openBundlers();

describe("Svelte 5", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("svelte-runes");
  const source = join(project.folder, "src");
  const files = readdirSync(source).filter((name) => /\.svelte(\.js)?$/.test(name));
  let svelte: Compiler;
  before(async () => {
    svelte = (await packages.load<{ default: Compiler }>("svelte/compiler")).default;
  });
  after(() => project.remove());

  const read = (name: string) => readFileSync(join(source, name), "utf8");

  function instrumented(name: string, mode: Mode): string {
    if (mode === "plain") return read(name);
    const options = { filename: join(source, name), root: project.folder, functions: mode };
    return instrument(read(name), options)?.code ?? read(name);
  }

  function compile(name: string, mode: Mode, options: object): string {
    const run = name.endsWith(".svelte") ? svelte.compile : svelte.compileModule;
    return run(instrumented(name, mode), { filename: join(source, name), ...options }).js.code;
  }

  for (const name of files) {
    for (const mode of INSTRUMENTED) {
      if (mode === "marked" && !read(name).includes("@profile")) continue;
      it(`compiles ${name} with probes (${mode}), for browsers and servers, for development`, () => {
        assert.match(instrumented(name, mode), /\b__mp\w*\.line\(/);
        for (const options of [{ generate: "client" }, { generate: "server" }, { generate: "client", dev: true }])
          assert.match(compile(name, mode, options), /\b__mp\w*\.line\(/);
      });
    }
  }

  describe("modules, running", () => {
    let plain: Outcome;

    function runModules(mode: Mode): Promise<Outcome> {
      const out = join(project.folder, "modules", mode);
      mkdirSync(out, { recursive: true });
      for (const name of readdirSync(source).filter((each) => each.endsWith(".js"))) {
        const isModule = name.endsWith(".svelte.js");
        writeFileSync(join(out, name), isModule ? compile(name, mode, { generate: "client" }) : read(name));
      }
      return runNode(["--conditions=browser", join(out, "run.js")], project.folder);
    }

    before(async () => {
      plain = await runModules("plain");
      assert.equal(plain.did.code, 0, plain.did.stderr);
      assert.match(plain.did.stdout, /^20 20 in all 4 1,2,3,4 1,2$/m);
      assert.match(plain.did.stdout, /^undo 1\n.*effect 2 true$/ms);
    });

    for (const mode of INSTRUMENTED) {
      it(`${mode}: state, derived values and effects are what they were, and statements have rows`, async () => {
        const outcome = await runModules(mode);
        assertSame(plain, outcome, readBuilt(join(project.folder, "modules", mode)).code);
        assert.equal(rowOf(outcome.report, "const xs = rows.map(")?.occurrences, 3, outcome.report);
        assert.equal(rowOf(outcome.report, "this.#opened = true;")?.occurrences, 2);
        assert.equal(rowOf(outcome.report, "shared.hits++")?.occurrences, 1);
      });
    }
  });

  describe("components, rendered by a server that Vite has built", () => {
    const render = async (mode: Mode) => {
      const { svelte: plugin } = await packages.load<{ svelte(options: object): unknown }>(
        "@sveltejs/vite-plugin-svelte",
      );
      const plugins = () => [plugin({ configFile: false, onwarn() {} })];
      const built = await buildWithVite(packages, { folder: project.folder, mode, entry: "src/server.js", plugins });
      return { built, outcome: await runNode([join(built.folder, "main.mjs")], project.folder) };
    };
    let plain: Outcome;
    before(async () => {
      plain = (await render("plain")).outcome;
      assert.match(plain.did.stdout, /<h1 title="open">sizes 12 true 6<\/h1>/);
    });

    for (const mode of INSTRUMENTED) {
      it(`${mode}: the same HTML`, async () => {
        const { built, outcome } = await render(mode);
        assertSame(plain, outcome, built.code);
        assert.equal(rowOf(outcome.report, "open = !open;")?.occurrences, 2, outcome.report);
        assert.equal(rowOf(outcome.report, "instances++;")?.occurrences, 3, outcome.report);
      });
    }
  });
});
