/** What is said at the end of what was not profiled: one line on standard error, and nothing else changes. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { nearestNames } from "../../plugin/core/nearest-names.ts";
import { type Finished, REGISTER, type RunOptions, runCli, runProcess, withFolder } from "../support/run-cli.ts";

const PLAIN = "console.log('done');\n";
const MARKED = "// @profile\nfunction load() {\n  return [];\n}\n// @profile\nfunction save() {}\n";
const FORKS = "require('node:child_process').fork('./marked.js', ['load']);\n";
const CALLS = `${MARKED}for (const name of process.argv.slice(2)) ({ load, save })[name]();\nconsole.log('done');\n`;

interface Case {
  files: Record<string, string>;
  args: string[];
  env?: Record<string, string>;
  /** All of standard error. */
  says: string;
}

const CURE = "put // @profile above a function, or name some: --func load, --functions all";
const NOTHING = "[mprof] nothing was profiled:";

const CASES: Record<string, Case> = {
  "no mark": {
    files: { "app.js": PLAIN },
    args: ["app.js"],
    says: `${NOTHING} no file that was loaded has a mark; ${CURE}\n`,
  },
  "marks in files that were not loaded": {
    files: { "app.js": PLAIN, "other.ts": `\n${MARKED}` },
    args: ["app.js"],
    says: `${NOTHING} no file that was loaded has a mark; there are some in other.ts:2: run what loads them\n`,
  },
  "marked functions, none of them called": {
    files: { "app.js": CALLS },
    args: ["app.js"],
    says: `${NOTHING} never called were load (app.js:1), save (app.js:5)\n`,
  },
  "a marked function that was not called beside one that was": {
    files: { "app.js": CALLS },
    args: ["app.js", "load"],
    says: "[mprof] without a table, because never called: save (app.js:5)\n",
  },
  "nothing to say": { files: { "app.js": CALLS }, args: ["app.js", "load", "save"], says: "" },
  "nothing to say of a program that is profiled in a fork": {
    files: { "app.js": FORKS, "marked.js": CALLS.replace("// @profile\nfunction save", "function save") },
    args: ["app.js"],
    says: "",
  },
  "nothing to say of a program that is profiled in a worker": {
    files: {
      "app.js": "new (require('node:worker_threads').Worker)('./marked.js', { argv: ['load', 'save'] });\n",
      "marked.js": CALLS,
    },
    args: ["app.js"],
    says: "",
  },
  "marked functions in modules, of which one was called": {
    files: {
      "app.mjs": "import { save } from './marked.mjs';\nsave();\n",
      "marked.mjs": MARKED.replaceAll("function", "export function"),
    },
    args: ["app.mjs"],
    says: "[mprof] without a table, because never called: load (marked.mjs:1)\n",
  },
  "a name that no function has": {
    files: { "app.ts": "function load(): void {}\nclass Cache { loadD(): void {} }\nload();\nvoid Cache;\n" },
    args: ["--func", "laod", "--func", "load", "app.ts"],
    says: "[mprof] --func laod matches no function of the files that ran: did you mean load or Cache.loadD?\n",
  },
  "a name that is far from all": {
    files: { "app.js": "function load() {}\nload();\n" },
    args: ["--func", "zzzzzz", "app.js"],
    says: "[mprof] --func zzzzzz matches no function of the files that ran: there are load\n",
  },
  "a name, and no function at all": {
    files: { "app.js": PLAIN },
    args: ["--func", "load", "app.js"],
    says: "[mprof] --func load matches nothing: no function was seen; files under node_modules are left alone\n",
  },
  "all functions, and there is none": {
    files: { "app.js": PLAIN },
    args: ["--functions", "all", "app.js"],
    says: `${NOTHING} no function with a name was seen; files under node_modules are left alone\n`,
  },
  "all functions, of which some were not called": {
    files: { "app.js": CALLS },
    args: ["--functions", "all", "app.js", "load"],
    says: "",
  },
  "that mprof is switched off": {
    files: { "app.js": CALLS },
    args: ["app.js", "load"],
    env: { MPROF: "False" },
    says: `${NOTHING} MPROF=False switches mprof off; unset it\n`,
  },
  "nothing with --quiet": { files: { "app.js": PLAIN }, args: ["-q", "app.js"], says: "" },
  "nothing with MPROF_QUIET=1": { files: { "app.js": PLAIN }, args: ["app.js"], env: { MPROF_QUIET: "1" }, says: "" },
  "nothing of the recording with --quiet": {
    files: { "app.js": PLAIN },
    args: ["run", "--quiet", "-o", "a.dat", "app.js"],
    says: "",
  },
};

/** Runs it with a folder for temporary files of its own, in which none may be left. */
async function withoutFiles(cwd: string, run: (options: RunOptions) => Promise<Finished>): Promise<Finished> {
  const own = join(cwd, "tmp");
  mkdirSync(own);
  const finished = await run({ cwd, env: { TMPDIR: own } });
  assert.deepEqual(
    readdirSync(own).filter((name) => name.startsWith("mprof-activity-")),
    [],
  );
  return finished;
}

const register = (options: RunOptions, ...args: string[]) =>
  runProcess(process.execPath, ["--require", REGISTER, ...args], options);

describe("the last word", () => {
  for (const [what, { files, args, env = {}, says }] of Object.entries(CASES)) {
    it(`is ${what}`, () =>
      withFolder(files, async (cwd) => {
        const { stderr, code } = await runCli(args, { cwd, env });
        assert.equal(stderr, says);
        assert.equal(code, 0);
      }));
  }

  it("comes after a warning that says why", () =>
    withFolder({ "app.ts": "@profile\nconst n: number = 1;\nconsole.log(n);\n" }, async (cwd) => {
      const { stderr, stdout } = await runCli(["app.ts"], { cwd });
      assert.match(
        stderr,
        /MPROF_MARK_NOT_A_FUNCTION, .*\n\[mprof\] nothing was profiled: what is said above says why\n$/,
      );
      assert.equal(stdout, "1\n");
    }));

  it("changes neither output nor exit code, and leaves no file", () =>
    withFolder({ "app.js": "console.log('out'); process.exit(7);\n" }, async (cwd) => {
      const { stdout, code } = await withoutFiles(cwd, (options) => runCli(["app.js"], options));
      assert.equal(stdout, "out\n");
      assert.equal(code, 7);
    }));

  it("is nothing where no file can be made, and the program runs", () =>
    withFolder({ "app.js": CALLS }, async (cwd) => {
      const options = { cwd, env: { TMPDIR: "/no/such/folder" } };
      for (const run of [runCli(["app.js", "load"], options), register(options, "app.js", "load")]) {
        const { stdout, stderr, code } = await run;
        assert.deepEqual([stdout.slice(0, 22), stderr, code], ["done\nFilename: app.js\n", "", 0]);
      }
    }));

  it("is said under mprof run, too", () =>
    withFolder({ "app.js": PLAIN }, async (cwd) => {
      const { stderr } = await runCli(["run", "-o", "a.dat", "app.js"], { cwd });
      assert.match(stderr, /^mprof: sampling .*\n\[mprof\] nothing was profiled: no file .*\n$/);
      assert.ok(existsSync(`${cwd}/a.dat`));
    }));

  it("is said by the register hook where no command is, by the first process alone", () =>
    withFolder({ "app.js": FORKS, "marked.js": CALLS }, async (cwd) => {
      const { stderr } = await withoutFiles(cwd, (options) => register(options, "app.js"));
      assert.equal(stderr, "[mprof] without a table, because never called: save (marked.js:5)\n");
    }));

  it("is said when a signal ends the program", () =>
    withFolder({ "app.js": "console.log('ready'); setInterval(() => {}, 1000);" }, async (cwd) => {
      const onOutput = (text: string, kill: (signal: NodeJS.Signals) => void) => {
        if (text.includes("ready")) kill("SIGTERM");
      };
      for (const run of [runCli(["app.js"], { cwd, onOutput }), register({ cwd, onOutput }, "app.js")]) {
        const { stderr, signal } = await run;
        assert.equal(signal, "SIGTERM");
        assert.equal(stderr, `${NOTHING} no file that was loaded has a mark; ${CURE}\n`);
      }
    }));
});

describe("the nearest names", () => {
  const NAMES = ["load", "loadAll", "Cache.get", "render", "a"];
  const cases: [written: string, near: string[]][] = [
    ["laod", ["load"]],
    ["Cash.get", ["Cache.get"]],
    ["rend*", ["render"]],
    ["Load", ["load", "loadAll"]],
    ["zzzz", []],
    ["", ["a"]],
  ];
  for (const [written, near] of cases) {
    it(`of ${JSON.stringify(written)} are ${near.join(", ") || "none"}`, () =>
      assert.deepEqual(nearestNames(written, NAMES, 3), near));
  }
});
