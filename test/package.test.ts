import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BABEL_7, BABEL_8 } from "./support/back-ends.ts";
import { ROOT } from "./support/load-fixture.ts";
import { rowOf, runProcess } from "./support/run-cli.ts";

/** The tarball that users install, in an empty folder. */
describe("the package", () => {
  let folder: string;
  let tarball: string;

  before(function () {
    this.timeout(180_000);
    folder = mkdtempSync(join(tmpdir(), "mprof-pack-"));
    const npm = (...args: string[]) =>
      execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [{ filename }] = JSON.parse(npm("pack", ROOT, "--json", "--ignore-scripts"));
    tarball = filename;
    writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true }');
    npm("install", `./${filename}`, "--no-audit", "--no-fund", "--prefer-offline");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => runProcess(process.execPath, args, { cwd: folder });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  for (const typescript of ["~7.0.2", "~6.0.3", "~5.9.3"]) {
    it(`is taken by npm beside TypeScript ${typescript} and Babel 8`, () => {
      const project = mkdtempSync(join(tmpdir(), "mprof-beside-"));
      try {
        const devDependencies = { typescript, "@babel/core": "^8.0.0" };
        writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, devDependencies }));
        const install = ["install", "--dry-run", "--no-audit", "--no-fund", "-D", join(folder, tarball)];
        const { status, stderr } = spawnSync("npm", install, { cwd: project, encoding: "utf8" });
        assert.equal(status, 0, stderr);
      } finally {
        rmSync(project, { recursive: true, force: true });
      }
    });
  }

  it("has a command", async () => {
    write(
      "app.ts",
      'import { profile, getProfile } from "mprof";\n@profile\nfunction f(): number[] {\n  return [1];\n}\nf();\nconsole.log(typeof getProfile, typeof profile);\n',
    );
    const { stdout, stderr, code } = await run("node_modules/.bin/mprof", "app.ts");
    assert.equal(code, 0, stderr);
    assert.ok(stdout.startsWith("function function\n"), stdout);
    assert.equal(rowOf(stdout, "return [1]")!.occurrences, 1);
  });

  it("registers by its name", async () => {
    write("app.cjs", "// @profile\nfunction f() {\n  return [1];\n}\nf();\n");
    const { stdout } = await run("--require", "mprof/register", "app.cjs");
    assert.equal(rowOf(stdout, "return [1]")!.occurrences, 1);
  });

  it("compiles text and runs it as an ES module and as CommonJS, with one runtime", async () => {
    write(
      "build.mjs",
      'import { instrument } from "mprof/source";\nimport { writeFileSync } from "node:fs";\nfor (const name of ["esm.mjs", "cjs.cjs"]) writeFileSync(`out-` + name, instrument(`// @profile\\nfunction f() {\\n  return [1];\\n}\\nf();\\n`, { filename: name }).code);\n',
    );
    write(
      "both.mjs",
      'import "./out-esm.mjs";\nimport "./out-cjs.cjs";\nimport { getProfile } from "mprof";\nconsole.log(getProfile().listings.map((l) => l.file).join());\n',
    );
    assert.equal((await run("build.mjs")).stderr, "");
    const { stdout, stderr } = await run("both.mjs");
    assert.equal(stderr, "");
    assert.ok(stdout.startsWith("esm.mjs,cjs.cjs\n"), stdout);
  });

  it("measures itself from outside, as an ES module and as CommonJS", async () => {
    const body =
      "memoryUsage(() => 1, { retval: true }).then(([m, v]) => console.log(m.length >= 2, v)).then(() => memit(() => 1));\n";
    write("usage.mjs", `import { logStream, memit, memoryUsage, timestamp } from "mprof";\n${body}`);
    write("usage.cjs", `const { logStream, memit, memoryUsage, timestamp } = require("mprof");\n${body}`);
    for (const name of ["usage.mjs", "usage.cjs"]) {
      const { stdout, stderr } = await run(name);
      assert.equal(stderr, "");
      assert.match(stdout, /^true 1\npeak memory: \S+ MiB, increment: \S+ MiB\n$/);
    }
  });

  const babel7 = join(ROOT, "node_modules", BABEL_7, "lib", "index.js");
  for (const [major, babel] of Object.entries({ 7: babel7, ...(BABEL_8 ? { 8: BABEL_8 } : {}) })) {
    it(`is a plugin for Babel ${major} by its name`, async () => {
      write(
        "babel.mjs",
        `import { createRequire } from "node:module";\nconst babel = createRequire(import.meta.url)(${JSON.stringify(babel)});\nconst { code } = babel.transformSync("@profile\\nfunction f() {\\n  return [1];\\n}\\n", { filename: "a.js", configFile: false, plugins: ["mprof/babel"] });\nconsole.log(code);\n`,
      );
      const { stdout, stderr } = await run("babel.mjs");
      assert.equal(stderr, "");
      assert.match(stdout, /__mp\.line\(3\);\n\s*return \[1\];/);
    });
  }

  it("has types for every entry", async () => {
    write(
      "types.ts",
      'import { configure, getProfile, logStream, memit, memoryUsage, noprofile, profile, report, reset, timestamp } from "mprof";\nimport { instrument } from "mprof/source";\nimport babel from "mprof/babel";\nimport type { Profile } from "mprof/profile";\nconst p: Profile = getProfile();\nconst f = profile((n: number) => n + 1);\nconst n: number = noprofile(f)(1);\nconfigure({ precision: 3 }); report({ reporter: "json", stream: logStream(() => {}) }); reset();\nconst list: Promise<number[]> = memoryUsage();\nconst pairs: Promise<[number, number][]> = memoryUsage(1, { timestamps: true, timeout: 1 });\nconst most: Promise<[number, string]> = memoryUsage([(a: number) => String(a), [1]], { maxUsage: true, retval: true });\nconst families: Promise<[number, ...number[]][]> = memoryUsage({ pid: 1 }, { multiprocess: true });\nconst t: number = timestamp("a", () => 1);\nexport const more = [list, pairs, most, families, t, memit(() => 1).then(({ peak }) => peak.toFixed())];\nexport const all = [p, n, instrument("", { filename: "a.ts" })?.code, babel];\n',
    );
    write(
      "tsconfig.json",
      '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true, "skipLibCheck": false, "types": [], "lib": ["ES2023", "ESNext.Disposable"] }, "files": ["types.ts"] }',
    );
    const { stdout, code } = await run(join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".");
    assert.equal(stdout, "");
    assert.equal(code, 0);
  });
});
