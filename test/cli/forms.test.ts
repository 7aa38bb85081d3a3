import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command as Program } from "commander";
import { profile, SUBCOMMANDS } from "../../cli/commands/index.ts";
import { readDat } from "../../cli/recording/dat.ts";
import { BIN, rowOf, runCli, runProcess, withFolder } from "../support/run-cli.ts";

/** Where the interpreter lies. */
const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
const APP =
  "// @profile\nfunction f() { return [1]; }\nf();\nconsole.log(JSON.stringify([process.argv.slice(2), process.execArgv]));\n";

/** Runs `mprof run -o a.dat …args` and reads the recording. */
async function run(cwd: string, ...args: string[]) {
  const { stdout, stderr, code } = await runCli(["run", "-o", "a.dat", ...args], { cwd });
  const file = join(cwd, "a.dat");
  return { stdout, stderr, code, recording: existsSync(file) ? readDat(readFileSync(file)) : undefined };
}

describe("mprof run takes", () => {
  it("`node app.js`, with node's own options, and profiles it", () =>
    withFolder({ "app.js": APP }, async (cwd) => {
      const { stdout, stderr, recording } = await run(
        cwd,
        "node",
        "--no-warnings",
        "app.js",
        "-T",
        "9",
        "--",
        "--node",
        "-1",
      );
      assert.match(stdout, /^\[\["-T","9","--","--node","-1"\],\[.*"--no-warnings"/, stderr);
      assert.equal(rowOf(stdout, "return [1]")!.occurrences, 1);
      assert.deepEqual(
        recording!.calls.map(({ name }) => name),
        ["app.f"],
      );
      assert.equal(recording!.command, "node --no-warnings app.js -T 9 -- --node -1");
    }));

  it("`node app.js` as an executable, with --no-node", () =>
    withFolder({ "app.js": APP }, async (cwd) => {
      const { stdout, recording } = await run(cwd, "--no-node", "node", "app.js", "x");
      assert.equal(stdout, '[["x"],[]]\n');
      assert.equal(recording!.calls.length, 0);
    }));

  for (const args of [
    ["--python", "python3", "script.py"],
    ["--python", PYTHON, "script.py"],
    ["python3", "script.py"],
    ["script.py"],
  ]) {
    it(`\`${args.join(" ")}\``, () =>
      withFolder({ "script.py": "import sys, time\ntime.sleep(.2)\nprint(sys.argv)\n" }, async (cwd) => {
        const { stdout, code, recording } = await run(cwd, "-T", "0.05", ...args, "-o", "--python");
        assert.equal(stdout, "['script.py', '-o', '--python']\n");
        assert.equal(code, 0);
        assert.ok(recording!.samples.length >= 2);
      }));
  }

  it("`npm test`, with everything after it", () =>
    withFolder(
      {
        "package.json": '{ "scripts": { "test": "node app.js" } }',
        "app.js": "console.log(process.argv.slice(2).join());",
      },
      async (cwd) => {
        const { stdout, recording } = await run(cwd, "-C", "npm", "test", "--silent", "--", "-C", "--grep", "x");
        assert.equal(stdout, "-C,--grep,x\n");
        assert.ok(recording!.samples.length > 0);
      },
    )).timeout(60_000);

  it("a script under --python as under --node", () =>
    withFolder({ "app.js": APP }, async (cwd) => {
      for (const args of [
        ["--node", "app.js"],
        ["--python", "app.js"],
      ]) {
        const { stdout } = await run(cwd, ...args);
        assert.equal(rowOf(stdout, "return [1]")!.occurrences, 1);
      }
    }));
});

/** What is taken and says nothing of its own: other spellings, and a choice of one. */
const HIDDEN = new Set(["--nonode", "--nopython", "--ended", "--follow"]);

describe("the help of every command", () => {
  for (const [of, load] of [["mprof", profile] as const, ...SUBCOMMANDS]) {
    it(`${of} has every flag, an example and a place in docs/cli.md`, async () => {
      const program = new Program("mprof").enablePositionalOptions();
      (await load()).register(program, {} as never);
      const command = program.commands[0] ?? program;
      assert.equal(command.name(), of);
      const name = command === program ? [] : [of];
      const { stdout, code } = await runCli([...name, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples?:\n {2}mprof ${name.join("")}`));
      const page = readFileSync("docs/cli.md", "utf8");
      assert.ok(page.includes(["mprof", ...name].join(" ")), command.name());
      for (const { long, hidden } of command.options) {
        const isShown = new RegExp(`${long}[ ,\n]`).test(stdout);
        assert.equal(isShown, !HIDDEN.has(long!), `${long} in the help of ${command.name()}`);
        assert.equal(hidden, !isShown);
        assert.ok(page.includes(long!), `${long} of ${command.name()} is not in docs/cli.md`);
      }
    });
  }
});

describe("a reader that stops early", () => {
  it("is no error: `mprof --help | head -n 1`", async () => {
    const script = `"${process.execPath}" "${BIN}" --help | { read line; echo "$line"; }; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runProcess("bash", ["-c", script]);
    assert.match(stdout, /^Usage: mprof/);
    assert.doesNotMatch(stderr, /EPIPE/);
  });
});
