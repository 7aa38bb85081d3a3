import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/load-fixture.ts";
import { REGISTER, rowOf, runCli, runProcess, withFolder } from "../support/run-cli.ts";

const STUBBORN = `// @profile
function f() {
  return [];
}
f();
process.on("SIGINT", () => {});
setInterval(() => {}, 1000);
`;

/** Does something when the output has `text`, once. */
function once(text: string, work: (kill: (signal: NodeJS.Signals) => void) => void) {
  let isDone = false;
  return (output: string, kill: (signal: NodeJS.Signals) => void) => {
    if (isDone || !output.includes(text)) return;
    isDone = true;
    work(kill);
  };
}

const HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents";

/** One program in every kind of file that the command runs. */
const KINDS: Record<string, string> = {
  "app.js": "@profile\nfunction load() {\n  return Buffer.alloc(8e6, 1);\n}\nload();\n",
  "app.cjs": "@profile\nfunction load() {\n  return Buffer.alloc(8e6, 1);\n}\nexports.x = load();\n",
  "app.mjs": "import 'node:fs';\n@profile\nexport function load() {\n  return Buffer.alloc(8e6, 1);\n}\nload();\n",
  "app.ts": "@profile\nfunction load(): Buffer {\n  return Buffer.alloc(8e6, 1) as Buffer;\n}\nload();\n",
  "app.cts":
    "import fs = require('node:fs');\n@profile\nfunction load(): Buffer {\n  return Buffer.alloc(8e6, 1);\n}\nvoid fs; load();\n",
  "app.mts":
    "import { Buffer } from 'node:buffer';\n@profile\nfunction load(): Buffer {\n  return Buffer.alloc(8e6, 1);\n}\nawait load();\n",
  "app.jsx":
    "/** @jsx h */\nconst h = (type) => type;\n@profile\nfunction load() {\n  return [<p/>, Buffer.alloc(8e6, 1)];\n}\nload();\n",
  "app.tsx":
    "/** @jsx h */\nconst h = (type: string): string => type;\n@profile\nfunction load(): unknown {\n  return [<p/>, Buffer.alloc(8e6, 1)];\n}\nload();\n",
};

describe("mprof <script>", () => {
  for (const [name, text] of Object.entries(KINDS)) {
    it(`profiles ${name}`, () =>
      withFolder({ [name]: text }, async (cwd) => {
        const { stdout, stderr, code } = await runCli([name], { cwd });
        assert.equal(stderr, "");
        assert.equal(code, 0);
        assert.ok(stdout.startsWith(`Filename: ${name}\n\n${HEADER}\n${"=".repeat(61)}\n`), stdout);
        const row = rowOf(stdout, "Buffer.alloc(8e6, 1)")!;
        assert.ok(row.increment > 6 && row.increment < 13, stdout);
        assert.equal(row.occurrences, 1);
      }));
  }

  it("passes arguments, input, output and the exit code through", () =>
    withFolder(
      {
        "app.js":
          "process.stdin.on('data', d => { console.log(process.argv.slice(2).join(), String(d)); process.exit(7); });",
      },
      async (cwd) => {
        const { stdout, code } = await runCli(["app.js", "--precision", "9", "-x", "--help"], { cwd, input: "hello" });
        assert.equal(stdout, "--precision,9,-x,--help hello\n");
        assert.equal(code, 7);
      },
    ));

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`reports and ends by ${signal} when it gets one`, () =>
      withFolder(
        {
          "app.js":
            "// @profile\nfunction f() {\n  return [];\n}\nf();\nconsole.log('ready'); setInterval(() => {}, 1000);",
        },
        async (cwd) => {
          let sent = false;
          const onOutput = (text: string, kill: (signal: NodeJS.Signals) => void) => {
            if (text.includes("ready") && !sent) kill(signal);
            sent ||= text.includes("ready");
          };
          const finished = await runCli(["app.js"], { cwd, onOutput });
          assert.equal(finished.signal, signal);
          assert.ok(finished.stdout.includes("Filename: app.js"), finished.stdout);
        },
      ));
  }

  it("ends a program that computes without a pause at the first SIGINT", () =>
    withFolder({ "app.js": "console.log('busy'); for (;;);" }, async (cwd) => {
      const { signal } = await runCli(["app.js"], { cwd, onOutput: once("busy", (kill) => kill("SIGINT")) });
      assert.equal(signal, "SIGINT");
    }));

  it("ends one that goes on after SIGINT at the third, with its report", () =>
    withFolder({ "app.js": `${STUBBORN}console.log('busy');` }, async (cwd) => {
      const onOutput = once("busy", (kill) => {
        for (const wait of [0, 1700, 1800]) setTimeout(kill, wait, "SIGINT");
      });
      const { signal, stdout, stderr } = await runCli(["app.js"], { cwd, onOutput });
      assert.equal(signal, "SIGKILL");
      assert.match(stdout, /Filename: app\.js/);
      assert.match(
        stderr,
        /^\[mprof\] the program goes on; Ctrl-C three times ends it at once\n\[mprof\] the program was ended by SIGKILL; /,
      );
    }));

  it("reports after an uncaught error and keeps its exit code", () =>
    withFolder(
      {
        "app.ts":
          "@profile\nfunction f(): void {\n  D();\n}\nfunction D(): never { throw new TypeError('no'); }\nf();\n",
      },
      async (cwd) => {
        const { stdout, stderr, code } = await runCli(["app.ts"], { cwd });
        assert.equal(code, 1);
        assert.match(
          stderr,
          /app\.ts:5\n[\s\S]*TypeError: no\n {4}at D \(.*app\.ts:5:\d+\)\n {4}at f \(.*app\.ts:3:3\)/,
        );
        assert.equal(rowOf(stdout, "D();")!.occurrences, 1);
      },
    ));

  it("measures what --backend names", () =>
    withFolder(
      { "app.js": "@profile\nfunction f() {\n  return Buffer.alloc(20e6);\n}\nglobalThis.kept = f();\n" },
      async (cwd) => {
        const increments: Record<string, number> = {};
        for (const backend of ["external", "heap", "rss"]) {
          const { stdout } = await runCli(["--backend", backend, "app.js"], { cwd });
          increments[backend] = rowOf(stdout, "Buffer.alloc")!.increment;
        }
        assert.ok(Math.abs(increments.external! - 19.073) < 0.01, `external ${increments.external}`);
        assert.ok(Math.abs(increments.heap! - 19.073) < 0.05, `heap ${increments.heap}`);
        assert.ok(Math.abs(increments.rss!) < 1, `untouched memory is not resident: ${increments.rss}`);
      },
    ));

  it("appends the report to -o and writes --json", () =>
    withFolder({ "app.js": "// @profile\nfunction f() {\n  return [];\n}\nf();\n" }, async (cwd) => {
      for (let i = 0; i < 2; i++) {
        const { stdout } = await runCli(["-o", "report.txt", "--json", "profile.json", "--precision", "1", "app.js"], {
          cwd,
        });
        assert.equal(stdout, "");
      }
      const report = readFileSync(join(cwd, "report.txt"), "utf8");
      assert.equal(report.split("Filename: app.js").length, 3);
      assert.match(report, /\d+\.\d MiB/);
      const profile = JSON.parse(readFileSync(join(cwd, "profile.json"), "utf8"));
      assert.equal(profile.format, "mprof-profile");
      assert.deepEqual(
        profile.listings.map(({ name }: { name: string }) => name),
        ["f"],
      );
    }));

  it("profiles functions by name without a mark, and all of them", () =>
    withFolder(
      {
        "app.js":
          "class Cache {\n  get() { return [1]; }\n  set() { return [2]; }\n}\nconst c = new Cache(); c.get(); c.set();\nfunction load() {\n  return 1;\n}\nload();\n",
      },
      async (cwd) => {
        const named = await runCli(["--func", "Cache.get", "--func", "lo*", "app.js"], { cwd });
        assert.deepEqual(firstRows(named.stdout), ["  get() { return [1]; }", "function load() {"]);
        const all = await runCli(["--functions", "all", "app.js"], { cwd });
        assert.deepEqual(firstRows(all.stdout), [
          "  get() { return [1]; }",
          "  set() { return [2]; }",
          "function load() {",
        ]);
      },
    ));

  it("reports after each call with --report call", () =>
    withFolder({ "app.js": "// @profile\nfunction f() {\n  return [];\n}\nf(); f();\n" }, async (cwd) => {
      const { stdout } = await runCli(["--report", "call", "app.js"], { cwd });
      assert.equal(stdout.split("Filename:").length, 3);
      assert.equal(rowOf(stdout, "return []")!.occurrences, 1);
    }));

  it("prints nothing when nothing was profiled, or when MPROF=0", () =>
    withFolder(
      { "app.js": "@profile\nfunction f() {\n  return [];\n}\nif (process.argv[2]) f();\nconsole.log('done')" },
      async (cwd) => {
        assert.equal((await runCli(["app.js"], { cwd })).stdout, "done\n");
        assert.equal((await runCli(["app.js", "call"], { cwd, env: { MPROF: "0" } })).stdout, "done\n");
      },
    ));
});

describe("mprof with wrong input", () => {
  const cases: [string, string[], RegExp][] = [
    ["an unknown option", ["--presicion", "3", "x.js"], /unknown option '--presicion'\n.*--precision/],
    [
      "an unknown backend",
      ["--backend", "vram", "app.js"],
      /'--backend <name>' argument 'vram' is invalid\. Allowed choices are rss, /,
    ],
    [
      "a precision that is none",
      ["--precision", "many", "app.js"],
      /argument 'many' is invalid\. It must be a whole number from 0 to 20/,
    ],
    [
      "a missing script",
      ["no/such.ts"],
      /\[mprof\] there is no such script: no\/such\.ts\n {2}Looked for .*no\/such\.ts/,
    ],
    ["a folder", ["docs"], /\[mprof\] the script is a folder: docs/],
    ["no script", [], /missing required argument 'script'/],
    [
      "a mode that there is not",
      ["--mode", "fast", "package.json"],
      /'--mode <mode>' argument 'fast' is invalid\. Allowed choices are exact, auto\./,
    ],
  ];
  for (const [what, args, message] of cases) {
    it(`says what is wrong about ${what}, and exits with 2`, async () => {
      const { code, stderr, stdout } = await runCli(args);
      assert.match(stderr, message);
      assert.match(stderr, /^\[mprof\] /);
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.equal(stdout, "");
      assert.equal(code, 2);
    });
  }

  it("shows the place of a syntax error, once and without our stack", () =>
    withFolder({ "app.ts": "@profile\nfunction f() {\n  return [;\n}\n" }, async (cwd) => {
      const { code, stderr } = await runCli(["app.ts"], { cwd });
      assert.equal(code, 1);
      assert.match(stderr, /^SyntaxError: Unexpected ";"\n[\s\S]*\n {4}at \S*app\.ts:3:11\n/);
      assert.match(stderr, /> 3 \| {3}return \[;/);
      assert.doesNotMatch(stderr, /plugin\/node/);
    }));

  it("leaves a syntax error in plain JavaScript to Node", () =>
    withFolder({ "app.js": "// @profile\nfunction f() {\n  return [;\n}\n" }, async (cwd) => {
      const { code, stderr } = await runCli(["app.js"], { cwd });
      assert.equal(code, 1);
      assert.match(stderr, /app\.js:3\n {2}return \[;\n[\s\S]*SyntaxError: Unexpected token ';'/);
    }));

  it("warns of a mark on something that is no function, and runs the program", () =>
    withFolder({ "app.ts": "@profile\nconst n: number = 1;\nconsole.log(n);\n" }, async (cwd) => {
      const { code, stderr, stdout } = await runCli(["app.ts"], { cwd });
      assert.equal(code, 0);
      assert.equal(stdout, "1\n");
      assert.match(
        stderr,
        /\[mprof\] a mark stands on something that is no function \(app\.ts:1:1\)\n.*MPROF_MARK_NOT_A_FUNCTION/,
      );
    }));
});

describe("mprof --help and --version", () => {
  it("names every flag and shows examples", async () => {
    const { stdout, code } = await runCli(["--help"]);
    assert.equal(code, 0);
    for (const flag of [
      "--precision",
      "--backend",
      "--gc",
      "--output",
      "--json",
      "--functions",
      "--func",
      "--report",
      "--root",
      "--node-arg",
      "--version",
      "--help",
      "Examples:",
    ]) {
      assert.ok(stdout.includes(flag), flag);
    }
  });
  it("prints the version of the package", async () => {
    const { stdout } = await runCli(["--version"]);
    assert.equal(stdout.trim(), JSON.parse(readFileSync("package.json", "utf8")).version);
  });
});

describe("node --require mprof/register", () => {
  it("profiles a program and the modules it loads", () =>
    withFolder(
      {
        "app.ts": "import { load } from './lib';\nimport { more } from './more.js';\nload(); more();\n",
        "lib.ts": "enum Kind { A = 1 }\n@profile\nexport function load(): Kind {\n  return Kind.A;\n}\n",
        "more.ts": "// @profile\nexport const more = async () => {\n  await null;\n};\n",
      },
      async (cwd) => {
        const { stdout, stderr, code } = await runProcess(process.execPath, ["--require", REGISTER, "app.ts"], { cwd });
        assert.equal(stderr, "");
        assert.equal(code, 0);
        assert.equal(rowOf(stdout, "return Kind.A")!.occurrences, 1);
        assert.equal(rowOf(stdout, "await null")!.occurrences, 1);
        assert.match(stdout, /\d\.\d{3} MiB/);
      },
    ));

  it("serves mocha", () =>
    withFolder(
      { "a.test.ts": "@profile\nfunction f(): number[] {\n  return [1];\n}\nit('runs', () => { f(); });\n" },
      async (cwd) => {
        const mocha = join(ROOT, "node_modules/mocha/bin/mocha.js");
        const { stdout, code } = await runProcess(process.execPath, [mocha, "--require", REGISTER, "a.test.ts"], {
          cwd,
        });
        assert.equal(code, 0, stdout);
        assert.match(stdout, /1 passing/);
        assert.equal(rowOf(stdout, "return [1]")!.occurrences, 1);
      },
    ));

  it("reaches worker threads and forks", () =>
    withFolder(
      {
        "app.js":
          "const { Worker } = require('node:worker_threads');\nnew Worker('./w.js');\nrequire('node:child_process').fork('./c.ts');\n",
        "w.js": "// @profile\nfunction inWorker() {\n  return [1];\n}\ninWorker();\n",
        "c.ts": "@profile\nfunction inFork(): number[] {\n  return [2];\n}\ninFork();\n",
      },
      async (cwd) => {
        const { stdout } = await runProcess(process.execPath, ["--require", REGISTER, "app.js"], { cwd });
        assert.equal(rowOf(stdout, "return [1]")?.occurrences, 1, stdout);
        assert.equal(rowOf(stdout, "return [2]")?.occurrences, 1, stdout);
      },
    ));

  it("keeps the parser out of the program's memory", () =>
    withFolder(
      {
        "app.ts":
          "@profile\nfunction f(): number[] {\n  return [1];\n}\nf();\nconsole.log(Object.keys(require.cache).some((name) => name.includes('@babel')));\n",
      },
      async (cwd) => {
        const { stdout } = await runProcess(process.execPath, ["--require", REGISTER, "app.ts"], { cwd });
        assert.match(stdout, /^false\n/);
        assert.ok(existsSync(cwd));
      },
    ));
});

function firstRows(report: string): string[] {
  return report
    .split(/^Summary of /m)[0]!
    .split(/^=+$/m)
    .slice(1)
    .map((listing) => listing.split("\n")[1]!.slice(47));
}
