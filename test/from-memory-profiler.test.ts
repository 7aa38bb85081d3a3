/** docs/from-memory-profiler.md: what its right column says is run as it stands there. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { variables } from "../contract/options.ts";
import { instrument } from "../plugin/node/source.ts";
import { ROOT } from "./support/load-fixture.ts";
import { REGISTER, runCli, runProcess } from "./support/run-cli.ts";
import { scratchFolder } from "./support/scratch.ts";

const PAGE = readFileSync(join(ROOT, "docs/from-memory-profiler.md"), "utf8");
const [TABLES = ""] = PAGE.split("## Which system has what");
/** What is written in the right column, in the order of the page. */
const WRITTEN = [...TABLES.matchAll(/^\| .* \| (.*) \|$/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
);
const RECORDING = `CMDLINE node app.js
MEM 40.000000 1795348903.7000
FUNC app.load 40.0000 1795348903.7000 60.0000 1795348903.9000 0
MEM 60.000000 1795348903.8000
MEM 50.000000 1795348904.0000
MEM 55.000000 1795348904.7000
`;
const PROGRAM = `// @profile
function load(): number[] {
  return new Array<number>(1000).fill(1);
}
load();
`;
/** Said in the cell, but nothing to run. */
const NOT_RUN = new Set(["npm install --save-dev mprof", "node inspect"]);

const commands = WRITTEN.filter((code) => code.startsWith("mprof "));
const marks = WRITTEN.filter((code) => /^(@|\/\/ @)profile/.test(code));
const repl = WRITTEN.filter((code) => code.startsWith("."));
const names = WRITTEN.filter((code) => code.startsWith("MPROF"));
const rest = WRITTEN.filter((code) => ![commands, marks, repl, names].some((some) => some.includes(code)));
const imports = rest.filter((code) => code.startsWith("import "));
const calls = rest.filter((code) => /^(await )?\w+\(/.test(code));

describe("docs/from-memory-profiler.md", function () {
  this.timeout(60_000);
  const folder = scratchFolder();
  const run = (args: string[]) => runCli(args, { cwd: folder, env: { DISPLAY: "", CI: "1" } });

  before(() => {
    writeFileSync(join(folder, "app.ts"), PROGRAM);
    writeFileSync(join(folder, "app.py"), "print(1)\n");
    writeFileSync(join(folder, "app"), "#!/bin/sh\nexit 0\n");
    chmodSync(join(folder, "app"), 0o755);
  });

  it("has looked at all of it", () => {
    const known = new Set([...commands, ...marks, ...repl, ...names, ...imports, ...calls, ...NOT_RUN]);
    const left = rest.filter((code) => !known.has(code) && code !== "node --require mprof/register app.ts");
    assert.deepEqual(left, []);
    assert.ok(commands.length >= 50 && calls.length > 20, `${commands.length} commands, ${calls.length} calls`);
  });

  for (const command of new Set(commands)) {
    it(command, async () => {
      const [, ...args] = command.split(" ");
      for (const second of ["03", "04"]) writeFileSync(join(folder, `mprofile_202611221201${second}.dat`), RECORDING);
      const isAttached = /\battach\b/.test(command);
      const target = isAttached ? spawn(process.execPath, ["-e", "setTimeout(() => {}, 1500)"], { cwd: folder }) : null;
      const aim = (each: string, index: number) =>
        target !== null && index === args.length - 1 ? String(target.pid) : each;
      const { code, stdout, stderr } = await run(args.map(aim));
      // Python's profiler may not be installed; that it is what runs is another test's.
      const isOver = code === 0 || (command.includes("--on-exceed exit") && code === 1);
      assert.ok(isOver || command.endsWith(".py"), `${code}\n${stdout}\n${stderr}`);
    });
  }

  it("node --require mprof/register app.ts", async () => {
    const { stdout } = await runProcess(process.execPath, ["--require", REGISTER, "app.ts"], { cwd: folder });
    assert.match(stdout, /^Filename: app\.ts\n/);
  });

  for (const mark of new Set(marks)) {
    it(mark, () => {
      const warnings: string[] = [];
      const onWarning = ({ message }: { message: string }) => warnings.push(message);
      const result = instrument(`${mark}\nfunction f() {\n  g();\n}\n`, { filename: "a.ts", onWarning });
      assert.deepEqual([result?.table?.listings.length, warnings], [1, []]);
    });
  }

  it("the imports, and the calls with their options", async () => {
    const api = pathToFileURL(join(ROOT, "dist/esm/api/node.js")).href;
    const lines = [
      `import * as api from ${JSON.stringify(api)};`,
      'import { spawn } from "node:child_process";',
      "const { configure, getProfile, logStream, memit, memoryUsage, profile, report, reset, start, stop, timestamp } = api;",
      "const pid = process.pid, stream = { write() {} }, precision = 2, logger = { info() {}, debug() {} };",
      "const f = () => 1, fn = function load() {}, child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300)']);",
      ...imports.flatMap((code) =>
        /\{ (.*) \}/
          .exec(code)![1]!
          .split(", ")
          .map((name) => `if (typeof api.${name} !== "function") throw new Error("no ${name}");`),
      ),
      ...calls.map((code) => `await ${code.replace(/^await /, "")};`),
      'console.log("all of it");',
    ];
    writeFileSync(join(folder, "calls.mjs"), lines.join("\n"));
    const { stdout, stderr } = await runProcess(process.execPath, ["calls.mjs"], { cwd: folder });
    assert.equal(stderr, "");
    assert.match(stdout, /all of it\n$/);
  });

  it("the commands of the REPL", async () => {
    const input = [
      "function load() {}",
      "function save() {}",
      ...repl.map((each) => each.replace("statement", "load()")),
    ];
    const { stdout, stderr } = await runCli(["repl"], { cwd: folder, input: `${input.join("\n")}\n.exit\n` });
    assert.equal(stderr, "");
    assert.equal([...stdout.matchAll(/^(> )*Filename: repl/gm)].length, 1, stdout);
    assert.match(stdout, /peak memory: /);
    assert.doesNotMatch(stdout, /\[mprof\]|Error/);
  });

  it("the variables", () => {
    const known = variables().map(({ standing }) => standing.name as string);
    for (const name of names) assert.ok(known.includes(name.split("=")[0]!), name);
  });
});
