import assert from "node:assert/strict";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { BIN, rowOf } from "../support/run-cli.ts";
import { copyProject, createProject, type Project } from "../support/typescript-project.ts";
import { HOW_TO_ENABLE, installedPackages } from "../support/typescript-versions.ts";

const VERSIONS = ["5.2.2", "6.0.3", "7.0.2"];

for (const version of VERSIONS) {
  describe(`mprof build with TypeScript ${version}`, function () {
    this.timeout(180_000);
    let project: Project;
    const packages = version === "6.0.3" ? {} : installedPackages({ typescript: version });
    if (!packages) {
      it.skip(HOW_TO_ENABLE);
      return;
    }
    afterEach(() => project?.remove());

    const build = (...args: string[]) => project.node(BIN, "build", ...args);

    it("compiles a project with probes: ES modules, CommonJS, declarations without marks", async () => {
      project = copyProject("tsc-app", { packages });
      const { code, stdout, stderr } = await build("--out", "build");
      assert.equal(`${stdout}${code}`, "0");
      assert.match(stderr, /^mprof: \d+ functions profiled in this build; MPROF=0 builds without\n$/);
      const run = await project.node("build/main.js");
      assert.ok(run.stdout.startsWith("3 3\n"), run.stdout + run.stderr);
      const rows = { "for (const row": 4, "cache.put(row)": 3, "this.#rows.push": 3, "return new Array": 1 };
      for (const [text, count] of Object.entries(rows))
        assert.equal(rowOf(run.stdout, text)?.occurrences, count, run.stdout);
      assert.ok(
        project.read("build/main.d.ts").includes("export declare function fill(cache: Cache, count: number): number;"),
      );
    });

    it("tells the program's own errors where they are, and obeys noEmitOnError", async () => {
      project = copyProject("tsc-app", { packages });
      project.write("src/wrong.ts", "@profile\nexport function f(): string {\n  return 1;\n}\n");
      const { code, stdout } = await build("--out", "build");
      assert.equal(stdout, "src/wrong.ts(3,3): error TS2322: Type 'number' is not assignable to type 'string'.\n");
      assert.notEqual(code, 0);
      assert.throws(() => project.read("build/main.js"));
    });

    it("leads source maps back to the source, to the column", async () => {
      project = copyProject("tsc-app", { packages });
      await build("--out", "build");
      const map = new TraceMap(project.read("build/main.js.map"));
      assert.deepEqual(map.sources, ["../src/main.ts"]);
      const [code, source] = [project.read("build/main.js"), project.read("src/main.ts")];
      for (const word of ["load(count)", "cache.size", "left + right", "console"]) {
        const { line, column } = originalPositionFor(map, placeIn(code, code.lastIndexOf(word)));
        assert.deepEqual({ line, column }, placeIn(source, source.lastIndexOf(word)), word);
      }
    });

    it("takes folders whose names begin with two dots for what they are", async () => {
      const compilerOptions = {
        target: "es2022",
        module: "nodenext",
        sourceMap: true,
        strict: true,
        skipLibCheck: true,
        types: [],
      };
      const text = "// @profile\nexport function f(n: number): number[] {\n  return [n];\n}\n";
      project = createProject(
        {
          "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src", "..hidden/*.ts"] }),
          "..hidden/a.ts": text,
          "src/b.ts": text,
          "package.json": '{ "type": "module" }',
        },
        { packages },
      );
      assert.equal((await build("--out", "out")).code, 0);
      const { sources } = JSON.parse(project.read("out/..hidden/a.js.map"));
      assert.deepEqual(sources, ["../../..hidden/a.ts"]);
    });

    it("follows paths, files beside the project, and arguments for the compiler", async () => {
      const compilerOptions = {
        target: "es2022",
        module: "commonjs",
        moduleResolution: "bundler",
        types: ["node"],
        rootDir: "..",
        strict: true,
        paths: { "@/*": ["./src/*"] },
      };
      project = createProject(
        {
          "app/tsconfig.json": JSON.stringify({
            compilerOptions: version === "5.2.2" ? { ...compilerOptions, moduleResolution: "node10" } : compilerOptions,
            include: ["src"],
          }),
          "app/src/main.ts":
            'import { twice } from "../../shared/twice";\nimport type { Size } from "@/size";\nconst size: Size = 3;\nconsole.log(twice(size));\n',
          "app/src/size.ts": "export type Size = number;\n",
          "shared/twice.ts": "export const twice = (n: number) => {\n  return n * 2;\n};\n",
          "package.json": "{}",
        },
        { packages },
      );
      const { code, stdout, stderr } = await build(
        "--quiet",
        "-p",
        "app",
        "--out",
        "build",
        "--functions",
        "all",
        "--",
        "--removeComments",
      );
      assert.equal(`${stdout}${stderr}${code}`, "0");
      const run = await project.node("build/app/src/main.js");
      assert.ok(run.stdout.startsWith("6\n"), run.stdout + run.stderr);
      assert.equal(rowOf(run.stdout, "return n * 2")?.occurrences, 1);
    });
  });
}

describe("mprof build", () => {
  it("says what is missing", async () => {
    const project = createProject({ "lib/tsconfig.json": '{ "files": [], "references": [{ "path": "a" }] }' });
    const errors = async (...args: string[]) => (await project.node(BIN, "build", ...args)).stderr;
    assert.match(await errors(), /\[mprof\] required option '--out <dir>' not specified/);
    assert.match(await errors("--out", "x"), /\[mprof\] there is no such project: tsconfig\.json\n {2}Looked for /);
    assert.match(
      await errors("-p", "lib", "--out", "x"),
      /\[mprof\] the project (has no files of its own|cannot be read): /,
    );
    assert.match(await errors("-p", "lib", "--out", "lib"), /\[mprof\] the output would lie among the sources: lib\n/);
    project.remove();
  });
});

/** Lines from 1, columns from 0. */
function placeIn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length };
}
