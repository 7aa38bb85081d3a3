/** Frameworks that inject by what TypeScript's decorators tell: the types of parameters, in the code that `tspc` emits. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCompilers } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { assertSame, INSTRUMENTED, type Mode, type Outcome, readBuilt, runNode } from "./programs.ts";

interface Project {
  /** What the plain program prints. */
  says: string;
  /** Text of a row -> occurrences. */
  rows: Record<string, number>;
}

const PROJECTS: Record<string, Project> = {
  nest: {
    says: "SumService.of(Array,Map)\nmade 1 true\n20 nothing missing\n5\n",
    rows: {
      "const { count } = this.settings;": 1,
      "const sum = await": 1,
      "this.count += step;": 3,
      "const first =": 1,
    },
  },
  angular: {
    says: "made with true 3 null\nrows: 6 in 3\nrows: 12 in 6\napp-list label as title\n",
    rows: { "const { constructor } =": 1, "const total =": 2, "const text =": 2 },
  },
};

/** The decorator of the plain program, which does nothing. */
const GLOBAL_PROFILE = "data:text/javascript,globalThis.profile = () => {}";

const packages = openCompilers();

describe("decorators with metadata, compiled by tspc", function () {
  this.timeout(120_000);
  if (packages === null) return;

  for (const [name, { says, rows }] of Object.entries(PROJECTS)) {
    describe(name, () => {
      const project = packages.project(name);
      let plain: Outcome;
      after(() => project.remove());

      async function run(mode: Mode): Promise<Outcome> {
        const plugin = { transform: "mprof/typescript", transformProgram: true, functions: mode };
        const compilerOptions = {
          outDir: `out/${mode}`,
          plugins: mode === "plain" ? [] : [plugin],
          noEmitOnError: mode === "marked",
          // Types are checked once. Without mprof, `profile` is a name that nobody declares; TypeScript leaves it there.
          noCheck: mode !== "marked",
        };
        const config = join(project.folder, `tsconfig.${mode}.json`);
        writeFileSync(config, JSON.stringify({ extends: "./tsconfig.json", compilerOptions }));
        const { did } = await runNode(["-p", config], project.folder, { command: packages!.binary("tspc") });
        assert.deepEqual(did, { stdout: "", stderr: "", code: 0 });
        const main = join(project.folder, "out", mode, "main.js");
        return runNode(["--import", GLOBAL_PROFILE, main], project.folder);
      }

      before(async () => {
        plain = await run("plain");
        assert.deepEqual(plain.did, { stdout: says, stderr: "", code: 0 });
      });

      for (const mode of INSTRUMENTED) {
        it(`${mode}: what is injected is the same, and methods have rows`, async () => {
          const outcome = await run(mode);
          assertSame(plain, outcome, readBuilt(join(project.folder, "out", mode)).code);
          for (const [text, occurrences] of Object.entries(rows))
            assert.equal(rowOf(outcome.report, text)?.occurrences, occurrences, `${text}\n${outcome.report}`);
        });
      }
    });
  }
});
