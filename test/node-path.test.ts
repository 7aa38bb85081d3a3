import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./support/load-fixture.ts";
import { type Finished, REGISTER, rowOf, runCli, runProcess, withFolder } from "./support/run-cli.ts";

/** Programs in `fixtures/node-path`: what tsx prints, we print. */
const PROGRAMS: Record<string, readonly string[]> = {
  syntax: [
    ...["b1.ts", "b3.ts", "r1.ts", "r3.ts", "r5.cjs", "n2.ts", "nsdestr.ts", "nsd2.ts", "u.ts"],
    ...["kinds.ts", "names.ts", "decorators.ts"],
  ],
  fields: ["a.ts"],
  "fields-es2022": ["o.ts"],
  "legacy-decorators": ["app.ts"],
  "dynamic-import": ["f.ts", "a.mts", "b.mjs", "d.mjs"],
  aliases: ["app.ts"],
  "commonjs-meta": ["app.ts"],
  module: ["app.ts"],
  jsx: ["app.tsx", "own.jsx"],
  stack: ["app.ts"],
};

const TSX = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist/cli.mjs");

describe("the Node path", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "mprof-node-path-"));
    cpSync(join(ROOT, "fixtures/node-path"), folder, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, entries] of Object.entries(PROGRAMS)) {
    for (const entry of entries) {
      it(`prints what tsx prints for ${name}/${entry}, compiled and kept`, async () => {
        const cwd = join(folder, name);
        const tsx = await runProcess(process.execPath, [TSX, entry], { cwd });
        assert.equal(tsx.code, 0, tsx.stderr);
        for (let round = 0; round < 2; round++) assert.deepEqual(seen(await runCli([entry], { cwd })), seen(tsx));
      });
    }
  }

  it("says that emitDecoratorMetadata is not honoured, and how it can be", async () => {
    const cwd = join(folder, "metadata");
    const { stderr, code } = await runCli(["a.ts"], { cwd });
    assert.match(
      stderr,
      /^\[mprof\] emitDecoratorMetadata is not honoured: .*\(tsconfig\.json:1:1\)\n {2}Run it with --tsc/,
    );
    assert.equal(code, 1);
  });

  it("compiles by the project's own TypeScript with --tsc, and says where there is none", async () => {
    const cwd = join(folder, "metadata");
    const alone = await runCli(["--tsc", "a.ts"], { cwd });
    assert.match(alone.stderr, /^\[mprof\] --tsc: no typescript is found from .*a\.ts\n {2}Install TypeScript 5 or 6/);
    mkdirSync(join(cwd, "node_modules"));
    symlinkSync(join(ROOT, "node_modules/typescript"), join(cwd, "node_modules/typescript"), "dir");
    const { stdout, stderr, code } = await runCli(["--tsc", "a.ts"], { cwd });
    assert.deepEqual([stdout.split("\n")[0], stderr, code], ["[ 1 ]", "", 0]);
    assert.equal(rowOf(stdout, "class Service")!.occurrences, 2);
  });

  it("steps aside where tsx is loaded, too, and says so in whatever order they are", async () => {
    const cwd = join(folder, "beside-others");
    const tsx = ["--import", pathToFileURL(join(dirname(TSX), "loader.mjs")).href];
    const ours = ["--require", REGISTER];
    for (const flags of [
      [...tsx, ...ours],
      [...ours, ...tsx],
    ]) {
      const { stdout, stderr, code } = await runProcess(process.execPath, [...flags, "app.ts"], { cwd });
      assert.match(stderr, /^\[mprof\] nothing is profiled: tsx compiles this program\n {2}Leave tsx out: .*\n$/);
      assert.deepEqual([stdout, code], ["out 10 0\n", 0]);
    }
  });

  describe("what is kept", () => {
    const FIELDS = { "a.ts": "class A { y = 1; z: any; }\nconsole.log(Object.keys(new A()).length);\n" };
    const kept = (cwd: string) =>
      readdirSync(join(cwd, "node_modules/.cache/mprof")).filter((name) => /^\w{8}-\w{8}\.json$/.test(name));
    const withModules = (use: (cwd: string) => Promise<void>) =>
      withFolder(FIELDS, (cwd) => {
        mkdirSync(join(cwd, "node_modules"));
        return use(cwd);
      });
    const prints = async (cwd: string, ...flags: string[]) =>
      (await runCli([...flags, "--quiet", "a.ts"], { cwd })).stdout.trim();

    it("is used again, and not where a configuration or the file has changed", () =>
      withModules(async (cwd) => {
        assert.equal(await prints(cwd), "2");
        const [name] = kept(cwd);
        const path = join(cwd, "node_modules/.cache/mprof", name!);
        writeFileSync(path, readFileSync(path, "utf8").replace("console.log(", "console.log('kept', "));
        assert.equal(await prints(cwd), "kept 2");
        assert.equal(await prints(cwd, "--no-cache"), "2");
        writeFileSync(join(cwd, "base.json"), '{ "compilerOptions": { "useDefineForClassFields": true } }');
        writeFileSync(join(cwd, "tsconfig.json"), '{ "extends": "./base.json" }');
        assert.equal(await prints(cwd), "2");
        writeFileSync(join(cwd, "base.json"), '{ "compilerOptions": { "useDefineForClassFields": false } }');
        assert.equal(await prints(cwd), "1");
        writeFileSync(join(cwd, "a.ts"), 'console.log("new");');
        assert.equal(await prints(cwd), "new");
      }));

    it("is not taken for what another text became that has the same sum", () =>
      withModules(async (cwd) => {
        for (const word of ["plumless", "buckeroo"]) {
          writeFileSync(join(cwd, "a.ts"), `console.log("${word}");`);
          assert.equal(await prints(cwd), word);
          assert.equal(kept(cwd).length, 1);
        }
      }));

    it("is compiled anew where it is broken", () =>
      withModules(async (cwd) => {
        await prints(cwd);
        for (const name of kept(cwd)) writeFileSync(join(cwd, "node_modules/.cache/mprof", name), '{ "compiled": {');
        assert.equal(await prints(cwd), "2");
      }));

    it("is shared by runs at the same time", () =>
      withModules(async (cwd) => {
        const all = await Promise.all(Array.from({ length: 6 }, () => prints(cwd)));
        assert.deepEqual(all, Array(6).fill("2"));
        assert.equal(kept(cwd).length, 1);
      }));

    it("goes when nobody asked for it in a fortnight", () =>
      withModules(async (cwd) => {
        await prints(cwd);
        const cache = join(cwd, "node_modules/.cache/mprof");
        const old = new Date(Date.now() - 15 * 24 * 60 * 60 * 1000);
        for (const name of readdirSync(cache)) utimesSync(join(cache, name), old, old);
        writeFileSync(join(cwd, "a.ts"), 'console.log("new");');
        assert.equal(await prints(cwd), "new");
        assert.equal(kept(cwd).length, 1);
      }));
  });
});

/** What a program did, without our report. */
function seen({ stdout, code }: Finished): object {
  return { stdout: stdout.replace(/Filename: [\s\S]*/, ""), code };
}
