/** `mprof build` where more than one project, or none that writes anything, is at hand: what was built is what runs. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BIN, rowOf } from "../support/run-cli.ts";
import { createProject, type Project } from "../support/typescript-project.ts";
import { HOW_TO_ENABLE, installedPackages } from "../support/typescript-versions.ts";

const CORE = `export interface Row { id: number; }

// @profile
export function buildRows(n: number): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < n; i++) rows.push({ id: i });
  return rows;
}
`;
const MAIN = `import { buildRows, type Row } from "@mono/core";
@profile
function total(rows: Row[]): number {
  return rows.length;
}
console.log(total(buildRows(3)));
`;

function optionsFor(more: object = {}): object {
  const common = {
    rootDir: "src",
    outDir: "dist",
    target: "es2022",
    module: "nodenext",
    strict: true,
    skipLibCheck: true,
    types: [],
  };
  return { ...common, ...more };
}

function workspace(references: object[], packages: Record<string, string> = {}): Project {
  const config = (compilerOptions: object, more: object = {}) =>
    JSON.stringify({ compilerOptions, include: ["src"], ...more });
  const project = createProject(
    {
      "package.json": '{ "name": "mono", "private": true, "workspaces": ["packages/*"] }',
      "tsconfig.json":
        '{ "files": [], "references": [{ "path": "packages/core" }, { "path": "packages/app/tsconfig.json" }] }',
      "packages/core/package.json": '{ "name": "@mono/core", "main": "dist/index.js", "types": "dist/index.d.ts" }',
      "packages/core/tsconfig.json": config(optionsFor({ composite: true, sourceMap: true })),
      "packages/core/tsconfig.profile.json": config(
        optionsFor({
          composite: true,
          outDir: "build-profile",
          plugins: [{ transform: "mprof/typescript", transformProgram: true }],
        }),
      ),
      "packages/core/src/index.ts": CORE,
      "packages/core/rows.txt": "read beside the code",
      "packages/app/package.json": '{ "name": "@mono/app" }',
      "packages/app/tsconfig.json": config(optionsFor({ composite: true }), { references }),
      "packages/app/src/main.ts": MAIN,
    },
    { packages },
  );
  mkdirSync(join(project.folder, "node_modules/@mono"));
  for (const name of ["core", "app"])
    symlinkSync(join(project.folder, "packages", name), join(project.folder, "node_modules/@mono", name), "junction");
  return project;
}

describe("mprof build of packages that import each other by name", function () {
  this.timeout(180_000);
  let project: Project;
  afterEach(() => project?.remove());
  const build = (...args: string[]) => project.node(BIN, "build", ...args);

  async function shows(script: string): Promise<void> {
    const { stdout, stderr } = await project.node(script);
    assert.match(stdout, /^3\n/, stdout + stderr);
    assert.equal(rowOf(stdout, "return rows.length;")?.occurrences, 1, stdout);
    assert.equal(rowOf(stdout, "  return rows;")?.occurrences, 1, stdout);
  }

  for (const version of ["6.0.3", "7.0.2"]) {
    const packages = version === "6.0.3" ? {} : installedPackages({ typescript: version });
    it(`leads them to what was built of the others, which nobody built before: TypeScript ${version}`, async function () {
      if (!packages) {
        console.log(`      not tested: ${HOW_TO_ENABLE}`);
        return this.skip();
      }
      project = workspace([{ path: "../core" }], packages);
      // What an earlier build left is no hindrance; one compiler is slow enough.
      for (let round = version === "7.0.2" ? 0 : 1; round < 2; round++) {
        const { code, stdout, stderr } = await build("-p", "packages/app", "--out", "packages/app/build-profile");
        assert.equal(`${stdout}${code}`, "0", stderr);
        assert.equal(stderr, "mprof: 2 functions profiled in this build; MPROF=0 builds without\n");
      }
      await shows("packages/app/build-profile/main.js");
      assert.ok(existsSync(join(project.folder, "packages/app/build-profile/node_modules/@mono/core/rows.txt")));
      assert.ok(!existsSync(join(project.folder, "packages/core/dist")));
    });
  }

  it("takes a tsconfig.json that has only references, and keeps the folders of its packages", async () => {
    project = workspace([{ path: "../core" }]);
    const { code, stdout, stderr } = await build("--out", "build-profile");
    assert.equal(`${stdout}${code}`, "0", stderr);
    await shows("build-profile/packages/app/dist/main.js");
  });

  it("says what is no part of it, and how it would be", async () => {
    project = workspace([]);
    assert.equal((await project.node("node_modules/typescript/bin/tsc", "-p", "packages/core")).code, 0);
    const { code, stderr } = await build("-p", "packages/app", "--out", "out");
    assert.equal(code, 0);
    assert.equal(
      stderr,
      'mprof: 1 function profiled in this build; MPROF=0 builds without\nmprof: @mono/core is loaded from packages/core/dist, which has no probes: name its tsconfig.json in "references" of packages/app/tsconfig.json\n',
    );
  });

  it("says where nothing that was built is what a package names as its entry, though its own build has it", async () => {
    project = workspace([{ path: "../core/tsconfig.profile.json" }]);
    assert.equal((await project.node("node_modules/typescript/bin/tsc", "-p", "packages/core")).code, 0);
    const { stderr } = await build("-p", "packages/app", "--out", "out");
    assert.match(stderr, /no "main" or "exports" of @mono\/core is in what was built of it: let its tsconfig\.json/);
  });

  it("is what tspc advises where a reference is built with probes, and not what is imported", async () => {
    project = workspace([{ path: "../core/tsconfig.profile.json" }]);
    assert.equal((await project.node("node_modules/typescript/bin/tsc", "-p", "packages/core")).code, 0);
    const plugins = [{ transform: "mprof/typescript", transformProgram: true }];
    project.write(
      "packages/app/tsconfig.profile.json",
      JSON.stringify({
        extends: "./tsconfig.json",
        compilerOptions: { outDir: "build-profile", plugins },
        references: [{ path: "../core/tsconfig.profile.json" }],
      }),
    );
    const { code, stdout, stderr } = await project.tspc("-b", "packages/app/tsconfig.profile.json");
    assert.equal(code, 0, stdout);
    assert.match(
      stderr,
      /^\[mprof\] packages\/core\/dist\/index\.d\.ts is what the program imports, and not packages\/core\/build-profile, .* \(packages\/core\/tsconfig\.profile\.json:1:1\)\n {2}Build it by mprof build .*MPROF_NOT_REACHED.*\n$/,
    );
  });
});

describe("mprof build of a project that only checks", function () {
  this.timeout(120_000);

  it("writes what noEmit keeps from being written, and imports of sources as imports of what they become", async () => {
    const compilerOptions = { target: "es2022", module: "nodenext", noEmit: true, allowImportingTsExtensions: true };
    const project = createProject({
      "package.json": '{ "type": "module" }',
      "tsconfig.json": JSON.stringify({
        compilerOptions: { ...compilerOptions, skipLibCheck: true, types: [] },
        include: ["src"],
      }),
      "src/main.ts": 'import { f } from "./f.ts";\nf();\n',
      "src/f.ts": "// @profile\nexport function f(): number {\n  return 1;\n}\n",
    });
    const { code, stdout } = await project.node(BIN, "build", "--out", "out");
    assert.equal(`${stdout}${code}`, "0");
    const run = await project.node("out/main.js");
    assert.equal(rowOf(run.stdout, "return 1;")?.occurrences, 1, run.stderr);
    project.remove();
  });

  it("says that a bundler's project may not run without it", async () => {
    const compilerOptions = {
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      noEmit: true,
      skipLibCheck: true,
      types: [],
    };
    const project = createProject({
      "package.json": '{ "type": "module" }',
      "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      "tsconfig.app.json": JSON.stringify({ compilerOptions, include: ["src"] }),
      "src/main.ts": 'import { f } from "./f";\nf();\n',
      "src/f.ts": "// @profile\nexport function f(): number {\n  return 1;\n}\n",
    });
    const { code, stderr } = await project.node(BIN, "build", "--out", "out");
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^mprof: tsconfig\.app\.json is a bundler's \(noEmit\): .*; profile by the bundler's plugin, or /m,
    );
    assert.ok(project.read("out/f.js").includes("mprof/runtime"));
    project.remove();
  });
});
