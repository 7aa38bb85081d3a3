/** Packages of a workspace that are linked and already compiled: rows are those of their sources, by the maps beside them. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BIN, rowOf } from "./support/run-cli.ts";
import { createProject, type Project } from "./support/typescript-project.ts";

const SOURCE = `export interface Row {
  id: number;
}

// @profile
export function buildRows(n: number): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < n; i++) {
    rows.push({ id: i });
  }
  if (n > 9) throw new Error("too many");
  return rows;
}
`;

const OUTPUTS: Record<string, object> = {
  "a map beside it": { sourceMap: true },
  "an inline map": { inlineSourceMap: true },
  "a map that carries the sources": { sourceMap: true, inlineSources: true },
  "a map with a root of its sources": { sourceMap: true, sourceRoot: "../src" },
};

describe("a package of a workspace that is compiled", function () {
  this.timeout(120_000);
  let project: Project;
  afterEach(() => project.remove());

  async function build(compilerOptions: object, type: string) {
    const own = {
      rootDir: "src",
      outDir: "dist",
      target: "es2022",
      module: "nodenext",
      types: [],
      skipLibCheck: true,
      ...compilerOptions,
    };
    project = createProject({
      "packages/core/package.json": JSON.stringify({ name: "@mono/core", type, exports: "./dist/index.js" }),
      "packages/core/tsconfig.json": JSON.stringify({ compilerOptions: own, include: ["src"] }),
      "packages/core/src/index.ts": SOURCE,
      "packages/app/main.ts":
        'import { buildRows } from "@mono/core";\nconsole.log(buildRows(3).length);\nif (process.argv[2]) buildRows(10);\n',
      "package.json": JSON.stringify({ private: true, type, workspaces: ["packages/*"] }),
    });
    mkdirSync(join(project.folder, "node_modules/@mono"));
    symlinkSync(join(project.folder, "packages/core"), join(project.folder, "node_modules/@mono/core"), "junction");
    const { code, stdout } = await project.node("node_modules/typescript/bin/tsc", "-p", "packages/core");
    assert.equal(`${stdout}${code}`, "0");
  }

  const run = (...args: string[]) => project.node(BIN, "--no-cache", ...args);

  async function showsSource(...flags: string[]) {
    const { stdout, stderr } = await run(...flags, "packages/app/main.ts");
    assert.equal(stderr, "");
    assert.match(stdout, /^3\nFilename: packages\/core\/src\/index\.ts\n/, stdout);
    assert.match(stdout, /^ +6 .* {2}export function buildRows\(n: number\): Row\[\] \{$/m);
    assert.equal(rowOf(stdout, "    rows.push({ id: i });")!.occurrences, 3);
  }

  for (const type of ["module", "commonjs"]) {
    for (const [name, compilerOptions] of Object.entries(OUTPUTS)) {
      it(`has the rows of its sources: ${type}, ${name}`, async () => {
        await build(compilerOptions, type);
        await showsSource();
      });
    }
  }

  it("has them for functions that are selected without a mark", async () => {
    await build({ sourceMap: true, removeComments: true }, "module");
    await showsSource("--func", "buildRows");
    await showsSource("--functions", "all");
  });

  it("says in a stack trace where in its sources an error was thrown", async () => {
    await build({ sourceMap: true }, "commonjs");
    const { stderr } = await run("packages/app/main.ts", "10");
    assert.match(stderr, /at buildRows \(.*packages\/core\/src\/index\.ts:11:20\)/);
  });

  it("has the rows of what was compiled where the map leads nowhere", async () => {
    await build({ sourceMap: true }, "commonjs");
    rmSync(join(project.folder, "packages/core/src"), { recursive: true });
    const { stdout } = await run("packages/app/main.ts");
    assert.match(stdout, /^3\nFilename: packages\/core\/dist\/index\.js\n/);
    assert.equal(rowOf(stdout, "        rows.push({ id: i });")!.occurrences, 3);
  });
});
