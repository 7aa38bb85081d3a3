/** Vue: what a macro is given is moved out of `setup`, and JSX becomes slots and `v-model`s by the shape of what it holds. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openBundlers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { assertSame, buildWithVite, INSTRUMENTED, type Mode, type Outcome, runNode } from "./programs.ts";

interface Project {
  name: string;
  entry: string;
  plugins: string[];
  /** What the plain program says, in part: that it does what it is written for. */
  says: RegExp[];
  /** Text of a row -> occurrences. */
  rows: Record<string, number>;
}

const PROJECTS: Project[] = [
  {
    name: "vue-macros",
    entry: "src/main.ts",
    plugins: ["@vitejs/plugin-vue"],
    says: [/^picked 1\ndone\nplain 7$/m, /<section class="a open">first size 1,size 2 NOTHING 3 0/, /<i>given: 5<\/i>/],
    rows: { "for (const { size } of props.items)": 5, "opened.value++;": 2, "made++;": 4, "const text = `$": 2 },
  },
  {
    name: "vue-jsx",
    entry: "src/main.js",
    plugins: ["@vitejs/plugin-vue-jsx"],
    says: [
      /^slots <section><!--\[-->H:x<!--\]-->\|<!--\[-->D:x<!--\]--><\/section>$/m,
      /^form <input class="x" value="ann">$/m,
      /<label class="s" id="f">aann<!--\[--><u>0<\/u>/,
      /<u>1<\/u>/,
    ],
    rows: { 'const names = ["x", "y"];': 2, "const hits = ref(0);": 6 },
  },
];

const packages = openBundlers();

describe("Vue 3", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const given = packages;
  for (const { name, entry, plugins, says, rows } of PROJECTS) {
    describe(name, () => {
      const project = given.project(name);
      const made: (() => unknown)[] = [];
      let plain: Outcome;
      after(() => project.remove());

      async function render(mode: Mode) {
        const settings = { folder: project.folder, mode, entry, plugins: () => made.map((plugin) => plugin()) };
        const built = await buildWithVite(given, settings);
        return { built, outcome: await runNode([join(built.folder, "main.mjs")], project.folder) };
      }

      before(async () => {
        for (const each of plugins) made.push((await given.load<{ default: () => unknown }>(each)).default);
        plain = (await render("plain")).outcome;
        assert.equal(plain.did.code, 0, plain.did.stderr);
        for (const pattern of says) assert.match(plain.did.stdout, pattern);
      });

      for (const mode of INSTRUMENTED) {
        it(`${mode}: the same HTML and events, and rows for statements`, async () => {
          const { built, outcome } = await render(mode);
          assertSame(plain, outcome, built.code);
          assert.deepEqual(built.warnings, []);
          for (const [text, occurrences] of Object.entries(rows))
            assert.equal(rowOf(outcome.report, text)?.occurrences, occurrences, `${text}\n${outcome.report}`);
        });
      }
    });
  }
});
