import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { rowOf } from "../support/run-cli.ts";
import { copyProject, type Project, type ProjectSettings } from "../support/typescript-project.ts";

const APP_ROWS = {
  "for (const row": 4,
  "cache.put(row)": 3,
  "this.#rows.push": 3,
  "return new Array": 1,
  "return left + right": 1,
};

/** The program's own output, and the rows of its report. */
async function runsProfiled(
  project: Project,
  file: string,
  output: string,
  rows: Record<string, number>,
): Promise<void> {
  const { stdout, stderr } = await project.node(file);
  assert.equal(stderr, "");
  assert.ok(stdout.startsWith(output), stdout);
  for (const [text, count] of Object.entries(rows))
    assert.equal(rowOf(stdout, text)?.occurrences, count, `${text}\n${stdout}`);
}

describe("a project", function () {
  // Measures a machine that does other things, too.
  this.retries(1);
  let project: Project;
  let isStopped = true;
  const use = (name: string, settings?: ProjectSettings) => {
    project = copyProject(name, settings);
    isStopped = false;
    return project;
  };
  afterEach(() => {
    if (!isStopped) project.remove();
    isStopped = true;
  });

  it("builds with tspc -p: ES modules and CommonJS, noEmitOnError, no unused import", async () => {
    const { tspc } = use("tsc-app");
    const { code, stdout } = await tspc("-p", ".");
    assert.equal(`${stdout}${code}`, "0");
    await runsProfiled(project, "out/main.js", "3 3\n", APP_ROWS);
  });

  it("keeps its own errors, and emits nothing with them under noEmitOnError", async () => {
    const { tspc, write, read } = use("tsc-app");
    write("src/wrong.ts", "@profile\nexport function f(): string {\n  return 1;\n}\n");
    const { code, stdout } = await tspc("-p", ".");
    assert.equal(stdout, "src/wrong.ts(3,3): error TS2322: Type 'number' is not assignable to type 'string'.\n");
    assert.equal(code, 1);
    assert.throws(() => read("out/main.js"));
  });

  it("says what is wrong with the plugin's options, and how to mend it", async () => {
    const { tspc, write, read } = use("tsc-app");
    write(
      "tsconfig.json",
      read("tsconfig.json").replace('"transformProgram": true', '"transformProgram": true, "func": 1'),
    );
    const { code, stdout, stderr } = await tspc("-p", ".");
    assert.match(
      stdout,
      /^error TS90100: \[mprof\] option "func" must be .*, got number: 1\n {2}.*MPROF_OPTION_TYPE, docs\/messages\.md\)\n$/,
    );
    assert.deepEqual([code, stderr], [1, ""]);
  });

  it("says so if its entry is not one for programs", async () => {
    const { tspc, write, read } = use("tsc-app");
    write(
      "tsconfig.json",
      read("tsconfig.json").replace(', "transformProgram": true', "").replace('"noEmitOnError": true,', ""),
    );
    const { stdout, stderr } = await tspc("-p", ".");
    assert.match(stdout, /error TS90100: \[mprof\] the plugin's entry needs "transformProgram": true\n/);
    assert.equal(stderr, "");
  });

  it("builds with tspc -b, incrementally, and again after a change", async () => {
    const { tspc, write, read } = use("tsc-references");
    const first = await tspc("-b");
    assert.equal(`${first.stdout}${first.code}`, "0");
    await runsProfiled(project, "out/app/main.js", "4\n", { "rows.push(index)": 5, "console.log": 1 });
    write("lib/load.ts", read("lib/load.ts").replace("index < count", "index < count * 2"));
    const second = await tspc("-b");
    assert.equal(`${second.stdout}${second.code}`, "0");
    await runsProfiled(project, "out/app/main.js", "8\n", { "rows.push(index)": 9, "console.log": 1 });
  });

  it("builds with tspc -w, with marks that stay when another file changes", async () => {
    const { folder, write, read } = use("tsc-app");
    const watcher = spawn(
      process.execPath,
      ["node_modules/ts-patch/bin/tspc.js", "-p", ".", "-w", "--preserveWatchOutput"],
      { cwd: folder },
    );
    try {
      await said(watcher.stdout, /Found 0 errors/);
      await runsProfiled(project, "out/main.js", "3 3\n", APP_ROWS);
      write("src/cache.ts", read("src/cache.ts").replace("this.#rows.length", "this.#rows.length * 10"));
      await said(watcher.stdout, /Found 0 errors/);
      await runsProfiled(project, "out/main.js", "30 3\n", APP_ROWS);
      write("src/main.ts", read("src/main.ts").replace("count: number", "count: string"));
      await said(watcher.stdout, /error TS2345[\s\S]*Found 2 errors/);
    } finally {
      watcher.kill();
    }
  });

  it("builds with a patched tsc", async function () {
    this.timeout(180_000);
    const { node } = use("tsc-app", { copied: ["typescript"] });
    const patched = await node("node_modules/ts-patch/bin/ts-patch.js", "install");
    assert.equal(patched.code, 0, patched.stdout + patched.stderr);
    const { code, stdout } = await node("node_modules/typescript/bin/tsc", "-p", ".");
    assert.equal(`${stdout}${code}`, "0");
    await runsProfiled(project, "out/main.js", "3 3\n", APP_ROWS);
  });

  it("is compiled without a runtime import by a tsc that is not patched", async () => {
    const { node, read, write } = use("tsc-app");
    write("src/main.ts", "// @profile\nexport function f() {\n  return [1];\n}\nf();\n");
    write("src/cache.ts", "export {};\n");
    const { code, stdout } = await node("node_modules/typescript/bin/tsc", "-p", ".");
    assert.equal(`${stdout}${code}`, "0");
    assert.ok(!read("out/main.js").includes("mprof/runtime"));
    const { stdout: output, stderr } = await node("out/main.js");
    assert.equal(`${output}${stderr}`, "");
  });

  it("has its cure in the first row of the documentation's table of troubles", () => {
    const [, table] = readFileSync(join(ROOT, "docs/typescript.md"), "utf8").split("\n## If something is wrong\n");
    const [first] = table!.split("\n").filter((line) => /^\| (?!what you see)/.test(line));
    assert.match(first!, /^\| no report, and no `mprof\/runtime` in the output \| plain `tsc` .* \| build with `tspc`/);
  });

  it("is told of marks by a tsc that is not patched", async () => {
    const { node } = use("tsc-app");
    const { code, stdout } = await node("node_modules/typescript/bin/tsc", "-p", ".");
    assert.match(stdout, /error TS1206: Decorators are not valid here\./);
    assert.notEqual(code, 0);
  });
});

describe("a host of its own", function () {
  // Measures a machine that does other things, too.
  this.retries(1);
  const HOSTS = {
    "language-service.cjs": "12\n",
    "transpile.cjs": "8\n",
    "rollup.mjs": "8\n",
    "emit.mjs": "8\n",
  };
  for (const [script, output] of Object.entries(HOSTS)) {
    it(`instruments: ${script}`, async () => {
      const project = copyProject("tsc-hosts");
      await runsProfiled(project, script, output, { "return twice(4)": 1, "return value": 1 });
      project.remove();
    });
  }
});

/** Waits until a process has said something new. */
function said(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    const listen = (piece: Buffer) => {
      text += piece;
      if (!pattern.test(text)) return;
      stream.off("data", listen);
      resolve();
    };
    stream.on("data", listen);
  });
}
