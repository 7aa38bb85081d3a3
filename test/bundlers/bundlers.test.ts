import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BIN, runProcess } from "../support/run-cli.ts";
import { BUILDERS, type Build, type Builder } from "./builders.ts";
import { openBundlers } from "./packages.ts";

const bundlers = openBundlers();
const PRECISION = { MPROF_PRECISION: "3" };

/** Farm 1.7 writes an empty map for a minified bundle. */
const NO_MAPS = new Set(["farm"]);

/** Modules of mode `auto` are known as they load, those of mode `exact` at their first call: the order may differ. */
const partsOf = (report: string) => report.split(/^(?=Filename: )/m).sort();

describe("bundlers", function () {
  this.timeout(120_000);
  if (bundlers === null) return;
  const project = bundlers.project("bundled");
  after(() => project.remove());
  const build = {
    folder: project.folder,
    entry: "src/main.ts",
    options: {},
    isMinified: true,
  } satisfies Partial<Build>;

  let expected = "";
  before(async () => {
    const plain = await runProcess(process.execPath, [BIN, "--quiet", "--summary", "never", "src/main.ts"], {
      cwd: project.folder,
    });
    assert.equal(plain.stderr, "");
    expected = plain.stdout;
    assert.match(expected, /const items = \[\];/);
  });

  for (const [name, builder] of Object.entries(BUILDERS)) {
    describe(name, () => {
      it("builds a program that prints the report of the sources", async () => {
        const bundle = await builder(bundlers, { ...build, outDir: `out/${name}` });
        const { stdout, stderr, code } = await runProcess(process.execPath, [bundle], { cwd: "/", env: PRECISION });
        assert.equal(stderr, "");
        assert.equal(code, 0);
        assert.deepEqual(partsOf(stdout), partsOf(expected));
      });

      it("leads an error in the minified bundle back to its line", async () => {
        if (NO_MAPS.has(name)) return assertNoMap(builder, name);
        const bundle = join(project.folder, `out/${name}/main.mjs`);
        const args = ["--enable-source-maps", bundle, "--fail"];
        const { stderr } = await runProcess(process.execPath, args, { cwd: project.folder });
        assert.match(stderr, /Error: on purpose\n +at .*src\/fail\.ts:8:/);
      });

      it("changes no byte of a bundle without marks", async () => {
        const plain = { ...build, entry: "src/unmarked.ts", isMinified: false };
        const files = async (outDir: string, options: Build["options"]) => {
          await builder(bundlers, { ...plain, outDir, options });
          const folder = join(project.folder, outDir);
          return readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]);
        };
        assert.deepEqual(await files("out/without", {}), await files("out/without", null));
      });
    });
  }

  async function assertNoMap(builder: Builder, name: string): Promise<void> {
    const bundle = await builder(bundlers!, {
      ...build,
      entry: "src/unmarked.ts",
      outDir: `out/plain-${name}`,
      options: null,
    });
    const { mappings } = JSON.parse(readFileSync(`${bundle}.map`, "utf8"));
    assert.equal(mappings, "", `${name} composes maps now: take it out of NO_MAPS`);
  }
});
