/** `mprof doctor`: what it finds, and each thing that keeps a result away, with its cure. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Diagnosis, diagnose } from "../../cli/doctor/diagnose.ts";
import { runCli } from "../support/run-cli.ts";
import { scratchFolder } from "../support/scratch.ts";

type Files = Record<string, string>;

function project(files: Files, versions: Record<string, string> = {}): string {
  const folder = scratchFolder();
  const all: Files = { "node_modules/.keep": "", ...files };
  for (const [name, version] of Object.entries(versions))
    all[`node_modules/${name}/package.json`] = JSON.stringify({ name, version });
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const blocksOf = (files: Files, versions?: Record<string, string>, env: NodeJS.ProcessEnv = {}) =>
  diagnose(project(files, versions), env).blocks.map(({ what, cure }) => `${what}: ${cure}`);

const ENTRY = '{ "compilerOptions": { "plugins": [{ "transform": "mprof/typescript", "transformProgram": true }] } }';
const NEXT = {
  "next.config.ts": 'import mprof from "mprof/webpack";\n',
  "package.json": '{ "scripts": { "build": "next build" } }',
};

const MAJOR = Number(process.versions.node.split(".")[0]);
const PERMISSION = MAJOR < 24 ? "--experimental-permission" : "--permission";

/** By what is said of them. */
const BLOCKS: Record<string, { files?: Files; versions?: Record<string, string>; env?: NodeJS.ProcessEnv }> = {
  "MPROF=0 switches mprof off: unset it": { env: { MPROF: "0" } },
  "NODE_OPTIONS loads tsx, and mprof steps aside for it: leave tsx out, mprof compiles TypeScript by itself": {
    env: { NODE_OPTIONS: "--import tsx" },
  },
  "Yarn Plug'n'Play: packages are not in folders: write nodeLinker: node-modules into .yarnrc.yml, and run yarn install":
    { files: { ".pnp.cjs": "" } },
  "emitDecoratorMetadata in tsconfig.json: by esbuild, what is injected by type is undefined: run mprof --tsc <script>, or mprof build":
    {
      files: { "tsconfig.json": '{ "compilerOptions": { "emitDecoratorMetadata": true } }' },
      versions: { typescript: "6.0.3" },
    },
  "emitDecoratorMetadata in tsconfig.json: by esbuild, what is injected by type is undefined: install typescript@6 and run mprof --tsc <script>, or mprof build":
    {
      files: { "tsconfig.json": '{ "compilerOptions": { "emitDecoratorMetadata": true } }' },
      versions: { typescript: "7.0.2" },
    },
  "TypeScript 7.0.2 runs no mprof/typescript: mprof build --out <dir>, or install typescript@6": {
    files: { "tsconfig.json": ENTRY },
    versions: { typescript: "7.0.2", "ts-patch": "3.3.0" },
  },
  "mprof/typescript is in tsconfig.json, and plain tsc ignores it: npm install -D ts-patch, and build by tspc": {
    files: { "tsconfig.json": ENTRY },
    versions: { typescript: "6.0.3" },
  },
  '"next build" builds by Turbopack, which ignores mprof/webpack: next build --webpack': {
    files: NEXT,
    versions: { next: "16.4.3" },
  },
  "typescript, eslint refuse @profile above a function (src/a.ts:2): mprof marks --to comment": {
    files: { "src/a.ts": "\n@profile\nexport function f() {}\n" },
    versions: { typescript: "6.0.3", eslint: "10.0.0" },
  },
};

describe("mprof doctor", () => {
  for (const [said, { files = {}, versions, env }] of Object.entries(BLOCKS)) {
    it(`says: ${said}`, () => assert.deepEqual(blocksOf(files, versions, env), [said]));
  }

  it("says which permissions are missing: those without which this Node compiles nothing", async () => {
    const { code } = await runCli(["--quiet", "a.ts"], {
      cwd: project({ "a.ts": "// @profile\nfunction f() {}\nf();\n" }),
      env: { NODE_OPTIONS: `--no-warnings ${PERMISSION} --allow-fs-read=*` },
    });
    assert.notEqual(code, 0);
    const [said] = blocksOf({}, {}, { NODE_OPTIONS: `${PERMISSION} --allow-fs-read=*` });
    const needed = /: add (.*)$/.exec(said!)![1]!;
    const NODE_OPTIONS = `--no-warnings ${PERMISSION} --allow-fs-read=* ${needed}`;
    const cwd = project({ "a.ts": "// @profile\nfunction f(): void {}\nf();\n" });
    const { stdout, stderr } = await runCli(["a.ts"], { cwd, env: { NODE_OPTIONS } });
    assert.match(stdout, /^Filename: a\.ts\n/, stderr);
    assert.deepEqual(blocksOf({}, {}, { NODE_OPTIONS }), []);
  });

  it("says that the cache cannot be written", () => {
    const folder = project({ "node_modules/.cache": "a file" });
    const [block] = diagnose(folder, {}).blocks;
    assert.equal(
      block!.what,
      `${join(folder, "node_modules/.cache/mprof")} cannot be written: every run compiles anew`,
    );
    assert.equal(block!.cure, "make it writable, or run with MPROF_CACHE=0");
  });

  it("says why a tsconfig.json cannot be read", () => {
    const [said, ...more] = blocksOf({ "tsconfig.json": '{ "extends": "./missing.json" }' });
    assert.match(said!, /^tsconfig\.json cannot be read: .*: mend it: /);
    assert.deepEqual(more, []);
  });

  it("says what is too old or too new for the Node that runs it", () => {
    const said = blocksOf({ "package.json": "{}" }, { "ts-patch": "4.0.1" });
    assert.deepEqual(said, MAJOR < 22 ? ["ts-patch 4.0.1 needs Node 22.15: install ts-patch@3"] : []);
  });

  it("counts marks by form, and finds nothing wrong where nothing is", () => {
    const folder = project({
      "package.json": '{ "type": "module" }',
      "a.js": '// @profile\nexport function a() {}\nfunction b() {\n  "use profile";\n}\n',
      "b.ts":
        'import { profile } from "mprof";\nexport class C {\n  @profile\n  m() {}\n}\nconst f = profile(() => 1);\n',
      "vite.config.js": 'import mprof from "mprof/vite";\n',
      "node_modules/x/a.js": "// @profile\nfunction x() {}\n",
    });
    const { marks, blocks, project: found } = diagnose(folder, {});
    assert.deepEqual(Object.fromEntries(marks.map(({ name, value }) => [name, value])), {
      "// @profile": "1",
      "@profile on classes and members": "1",
      '"use profile"': "1",
      "profile(fn)": "1",
      files: "2",
    });
    assert.deepEqual(blocks, []);
    assert.equal(found.find(({ name }) => name === "vite.config.js")?.value, "names mprof");
  });

  it("is a screen of less than 60 lines with one column for names, and ends with 0 or 1", async () => {
    const fine = await runCli(["doctor"], { cwd: project({ "package.json": "{}" }) });
    assert.deepEqual([fine.code, fine.stderr], [0, ""]);
    assert.ok(fine.stdout.split("\n").length < 60);
    assert.match(fine.stdout, /\nNothing keeps a result away\.\n$/);
    const columns = fine.stdout.split("\n").flatMap((line) => /^ {2}\S.*? {2,}(?=\S)/.exec(line)?.[0].length ?? []);
    assert.ok(columns.length > 8 && new Set(columns).size === 1, fine.stdout);
    const off = await runCli(["doctor"], {
      cwd: project({ "package.json": "{}" }),
      env: { MPROF_CACHE: "0", MPROF: "off" },
    });
    assert.equal(off.code, 1);
    assert.match(off.stdout, /\nWhat keeps a result away\n {2}MPROF=off switches mprof off: unset it\n$/);
  });

  it("says the same as JSON", async () => {
    const folder = project({ "package.json": "{}" }, { vite: "8.3.8" });
    const { stdout, code } = await runCli(["doctor", "--json"], { cwd: folder });
    const told = JSON.parse(stdout) as Diagnosis;
    assert.equal(code, 0);
    assert.deepEqual(
      told.versions.find(({ name }) => name === "vite"),
      { name: "vite", value: "8.3.8" },
    );
    assert.deepEqual(Object.keys(told), ["folder", "versions", "project", "paths", "marks", "blocks"]);
  });
});
