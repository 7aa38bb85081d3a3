/** However a program ends: its status is its own, and its report is there. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { BUSY } from "../support/kill-program.ts";
import { BIN, type Finished, REGISTER, type RunOptions, runCli, runProcess, withFolder } from "../support/run-cli.ts";

/** Fills the heap until V8 gives up. */
const FILL = `// @profile
function fill(keep) {
  for (;;) {
    keep.push(new Array(1000).fill(1));
  }
}
fill([]);
`;

const SMALL_HEAP = "--max-old-space-size=120";

const register = (options: RunOptions, ...args: string[]) =>
  runProcess(process.execPath, ["--require", REGISTER, ...args], options);

/** The two ways to be profiled, both with a report by somebody else. */
const WAYS: Record<string, (options: RunOptions, ...args: string[]) => Promise<Finished>> = {
  "the command": (options, ...args) => runCli(args, options),
  "the hook": register,
};

/** Sends a signal once the program is ready. */
function when(ready: string, signal: NodeJS.Signals): Pick<RunOptions, "onOutput"> {
  let isSent = false;
  return {
    onOutput(text, kill) {
      if (isSent || !text.includes(ready)) return;
      isSent = true;
      kill(signal);
    },
  };
}

/** Fatal by default, and not taken by Node for something of its own; the kernel may send any. */
const FATAL = Object.keys(constants.signals).filter(
  (name) => !/^SIG(CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|WINCH|USR1|PIPE|XFSZ|KILL|INFO)$/.test(name),
) as NodeJS.Signals[];

describe("a signal", function () {
  this.timeout(120_000);

  for (const [way, run] of Object.entries(WAYS)) {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) {
      it(`${signal} ends a program that computes under ${way}, with its report`, () =>
        withFolder({ "app.js": BUSY }, async (cwd) => {
          const { signal: by, stdout, stderr } = await run({ cwd, ...when("ready", signal) }, "app.js");
          assert.equal(by, signal);
          assert.match(stdout, /^ready\nFilename: app\.js\n(.*\n)*.* 1 {5}return n;$/m);
          assert.match(stderr, /^\[mprof\] the program was ended (by SIG\w+|without a word); these figures are /);
        }));
    }

    it(`that the program sends itself as its last act ends it under ${way}`, () =>
      withFolder({ "app.js": "process.kill(process.pid, 'SIGTERM');\nconsole.log('after');\n" }, async (cwd) => {
        const { signal, stdout } = await run({ cwd }, "app.js");
        assert.deepEqual([signal, stdout], ["SIGTERM", ""]);
      }));

    it(`is not swallowed under ${way} where others end by it, too`, () =>
      withFolder({ "app.js": SIGNAL_EXIT }, async (cwd) => {
        const { signal, stdout } = await run({ cwd }, "app.js");
        assert.deepEqual([signal, stdout], ["SIGTERM", ""]);
      }));
  }

  for (const signal of FATAL) {
    it(`${signal}, sent to the program itself, ends it and the command`, () =>
      withFolder({ "app.js": BUSY.replace('"ready"', '"pid", process.pid') }, async (cwd) => {
        let isSent = false;
        const onOutput = (text: string) => {
          const pid = /^pid (\d+)\n/.exec(text)?.[1];
          if (isSent || pid === undefined) return;
          isSent = true;
          process.kill(Number(pid), signal);
        };
        const finished = await runCli(["app.js"], { cwd, onOutput });
        assert.equal(constants.signals[finished.signal!], constants.signals[signal]);
        assert.match(finished.stdout, /Filename: app\.js/);
      }));
  }
});

/** What signal-exit does: end by the signal unless somebody else listens. */
const SIGNAL_EXIT = `const signal = "SIGTERM";
const listener = () => {
  if (process.listenerCount(signal) !== 1) return;
  process.off(signal, listener);
  process.kill(process.pid, signal);
};
process.on(signal, listener);
setTimeout(() => process.kill(process.pid, signal), 50);
setTimeout(() => { console.log("still alive"); process.exit(77); }, 3000);
`;

describe("out of memory", function () {
  this.timeout(120_000);

  for (const mode of ["exact", "auto"]) {
    it(`the report has the growing line on top, and the abort stays one, by mode ${mode}`, () =>
      withFolder({ "app.js": FILL }, async (cwd) => {
        const { signal, stdout, stderr } = await runCli(
          ["--mode", mode, "--backend", "heap", "--node-arg", SMALL_HEAP, "app.js"],
          { cwd },
        );
        assert.equal(signal, "SIGABRT");
        const [, used, limit] = /the heap held ([\d.]+) MiB of its limit of ([\d.]+) MiB/.exec(stderr)!;
        assert.equal(limit, "120.0");
        const [, increment] = /^ +([\d.]+) MiB .*app\.js:4 /m.exec(stdout)!;
        // The heap before the program began is no line's. What mode auto says of a row is an estimate.
        const grown = Number(used) - 4;
        const off = Math.abs(Number(increment) / grown - 1);
        assert.ok(off < (mode === "exact" ? 0.05 : 0.12), `${increment} of ${grown}`);
        assert.match(stdout, /^Summary of 1 function/);
      }));
  }

  it("with --on-oom the line that ran is the one", () =>
    withFolder({ "app.js": FILL }, async (cwd) => {
      const { stderr } = await runCli(["--on-oom", "--node-arg", SMALL_HEAP, "app.js"], { cwd });
      // V8 gives up where it collects: as the line allocates, or where the loop goes round.
      assert.match(stderr, /running then: fill \(app\.js:[34]\)/);
    }));

  for (const mode of ["exact", "auto"])
    it(`a worker's own limit ends the worker alone, and what it had is there, by mode ${mode}`, () =>
      withFolder(
        {
          "app.js": `const { Worker } = require("node:worker_threads");
const worker = new Worker("./fill.js", { resourceLimits: { maxOldGenerationSizeMb: 60 } });
worker.on("error", ({ code }) => console.log(code));
`,
          "fill.js": FILL,
        },
        async (cwd) => {
          const { code, stdout } = await runCli(["--mode", mode, "--backend", "heap", "app.js"], { cwd });
          assert.equal(code, 0);
          assert.match(stdout, /^ERR_WORKER_OUT_OF_MEMORY\nFilename: fill\.js\n/);
          const [, increment] = /^ +4 +[\d.]+ MiB +([\d.]+) MiB/m.exec(stdout)!;
          assert.ok(Number(increment) > 40, `${increment} of 60 MiB`);
        },
      ));
});

describe("the other processes of a program", function () {
  this.timeout(120_000);
  const COUNT = `const cp = require("node:child_process"), cluster = require("node:cluster");
const { Worker, isMainThread } = require("node:worker_threads");
// @profile
function count(n) {
  let s = 0;
  for (let i = 0; i < n; i++) {
    s++;
  }
  return s;
}
const [kind, depth = "0"] = process.argv.slice(2);
const end = (each) => new Promise((resolve) => each.on("exit", resolve));
const four = (start) => Promise.all([0, 1, 2, 3].map(() => end(start())));
const fork = (...args) => cp.fork(__filename, args, { silent: true });
async function child() {
  count(5);
  if (depth > 0) await four(() => fork("child", depth - 1));
  await end(new Worker(__filename));
}
(async () => {
  if (!isMainThread) count(7);
  else if (cluster.isWorker) { count(3); process.exit(); }
  else if (kind === "child") await child();
  else {
    count(1);
    if (kind === "fork") await four(() => fork("child"));
    if (kind === "nested") await four(() => fork("child", "1"));
    if (kind === "cluster") await four(() => cluster.fork());
    if (kind === "worker") await four(() => new Worker(__filename));
    if (kind === "flags") {
      class Own extends Worker {}
      await four(() => new Own(__filename, Object.create({ execArgv: ["--no-warnings"] })));
      await four(() => cp.fork(__filename, ["child"], { silent: true, execArgv: [] }));
    }
    if (kind === "killed") { const c = fork("child"); await end(new Worker(__filename)); await end(c); process.kill(process.pid, "SIGKILL"); }
  }
})();
`;
  const cases: [kind: string, count: number, processes: number][] = [
    ["fork", 1 + 4 * 12, 5],
    ["nested", 1 + 4 * (12 + 4 * 12), 21],
    ["cluster", 1 + 4 * 3, 5],
    ["worker", 1 + 4 * 7, 1],
    ["flags", 1 + 4 * 7 + 4 * 12, 5],
    ["killed", 1 + 7 + 12, 2],
  ];
  for (const mode of ["exact", "auto"]) {
    for (const [kind, count, processes] of cases) {
      it(`${kind}: one report of ${count}, by mode ${mode}`, () =>
        withFolder({ "app.js": COUNT }, async (cwd) => {
          const { stdout, stderr } = await runCli(["--mode", mode, "app.js", kind], { cwd });
          assert.equal(stdout.match(/Filename:/g)?.length, 1, stdout);
          assert.match(stdout, new RegExp(` ${count} {7}s\\+\\+;$`, "m"));
          if (kind === "killed") assert.match(stderr, /2 processes and threads took part/);
          else assert.equal(stderr, processes > 1 ? `[mprof] the report is of ${processes} processes\n` : "");
        }));
    }
  }

  it("and threads find in Node's modules what they would find without us", () =>
    withFolder({ "app.mjs": CLASSES }, async (cwd) => {
      const [plain, profiled] = await Promise.all([
        runProcess(process.execPath, ["app.mjs"], { cwd }),
        runCli(["-q", "app.mjs"], { cwd }),
      ]);
      assert.match(plain.stdout, /ERR_INVALID_ARG_TYPE/);
      assert.equal(profiled.stdout, plain.stdout);
    }));

  for (const [way, run] of Object.entries(WAYS)) {
    it(`write no report into a pipe that the program reads, under ${way}`, () =>
      withFolder({ "app.js": PIPED }, async (cwd) => {
        const { code, stdout } = await run({ cwd }, "app.js");
        assert.equal(code, 0);
        assert.match(stdout, /^\{ ok: 1 \}\nFilename: app\.js\n/);
      }));
  }
});

/** What of a class and a function can be seen, and what is thrown at what they do not take. */
const CLASSES = `import cp, { fork } from "node:child_process";
import { createRequire } from "node:module";
import threads, { Worker } from "node:worker_threads";
const thrown = (call) => { try { call(); } catch ({ name, code, message }) { return [name, code, message]; } };
const worker = new Worker("0", { eval: true, execArgv: ["--no-warnings"], name: "own" });
const required = createRequire(import.meta.url)("worker_threads");
console.log(Worker === threads.Worker, Worker === required.Worker, fork === cp.fork, cp.fork.name, fork.length, Worker.name, Worker.length);
console.log(worker instanceof Worker, worker.constructor === Worker, Object.getPrototypeOf(worker) === Worker.prototype);
for (const execArgv of ["--x", 1, null, ["--no-such-flag"]]) console.log(execArgv, thrown(() => new Worker("0", { eval: true, execArgv })));
console.log(thrown(() => fork("no.js", { execArgv: 1 })), thrown(() => fork()), thrown(() => Worker("0")), thrown(() => new Worker()));
`;

const PIPED = `const cp = require("node:child_process");
if (!process.send) {
  const child = cp.fork(__filename, [], { silent: true });
  let text = "";
  child.stdout.on("data", (piece) => { text += piece; });
  child.on("close", () => console.log(JSON.parse(text)));
} else {
  work();
  console.log(JSON.stringify({ ok: 1 }));
  process.disconnect();
}
// @profile
function work() {
  return 1;
}
`;

describe("a report that cannot go where it was asked for", () => {
  const QUIET = "// @profile\nfunction load(n) {\n  return n;\n}\nload(1);\n";
  const INSTEAD = /could not be written to (.+) \((\w+)\)\n {2}It is in (\S+)\. /;

  const shell = (cwd: string, script: string) =>
    runProcess("bash", ["-c", script], { cwd, env: { MPROF: `"${process.execPath}" "${BIN}"` } });

  it("goes into a file when the disk is full, with a line that names it, and the exit code stays", () =>
    withFolder({ "app.js": `${QUIET}process.exitCode = 7;\n` }, async (cwd) => {
      const { code, stderr } = await shell(cwd, "eval $MPROF app.js > /dev/full");
      assert.equal(code, 7);
      const [, where, why, file] = INSTEAD.exec(stderr)!;
      assert.deepEqual([where, why], ["standard output", "ENOSPC"]);
      assert.match(readFileSync(file!, "utf8"), /^Filename: app\.js/);
      rmSync(file!);
    }));

  it("is each for itself: --json is written where -o cannot be", () =>
    withFolder({ "app.js": QUIET }, async (cwd) => {
      const { stderr } = await runCli(["-o", "/no/such/x.txt", "--json", "ok.json", "app.js"], { cwd });
      rmSync(INSTEAD.exec(stderr)![3]!);
      assert.ok(existsSync(join(cwd, "ok.json")));
    }));

  it("of single calls does not end the program", () =>
    withFolder(
      { "app.js": `process.stdout.end("bye\\n");\n${QUIET}setTimeout(() => console.error("alive"), 50);\n` },
      async (cwd) => {
        const { code, stdout, stderr } = await runCli(["--report", "call", "app.js"], { cwd });
        assert.deepEqual([code, stderr], [0, "alive\n"]);
        assert.match(stdout, /^bye\nFilename: app\.js/);
      },
    ));

  it("is not written into a file that the program has opened in the place of standard output", () =>
    withFolder(
      {
        "app.js": `const fs = require("node:fs");\nfs.closeSync(1);\nfs.writeSync(fs.openSync("own.txt", "w"), "own");\n${QUIET}`,
      },
      async (cwd) => {
        const { code, stderr } = await runCli(["app.js"], { cwd });
        assert.equal(code, 0);
        rmSync(INSTEAD.exec(stderr)![3]!);
        assert.equal(readFileSync(join(cwd, "own.txt"), "utf8"), "own");
      },
    ));

  it("lets console.log outlive a reader that has gone, as without mprof", () =>
    withFolder({ "app.js": "for (let i = 0; i < 3; i++) console.log('line', i);\n" }, async (cwd) => {
      const { stdout } = await shell(cwd, `"${process.execPath}" --require "${REGISTER}" app.js > /dev/full; echo $?`);
      assert.equal(stdout, "0\n");
    }));

  it("is there when the working folder is not", () =>
    withFolder(
      {
        "app.js": `const fs = require("node:fs"), path = require("node:path");
process.chdir(fs.mkdtempSync(path.join(require("node:os").tmpdir(), "gone-")));
fs.rmdirSync(process.cwd());
require(path.join(__dirname, "dep.js"));
`,
        "dep.js": QUIET,
      },
      async (cwd) => {
        for (const run of Object.values(WAYS)) {
          const { code, stdout } = await run({ cwd }, "app.js");
          assert.equal(code, 0);
          assert.match(stdout, /^Filename: .*dep\.js/);
        }
      },
    ));
});

describe("nothing", () => {
  it("is left behind by a program that ends by itself", () =>
    withFolder({ "app.js": BUSY.replace("for (;;);", "") }, async (cwd) => {
      const own = { cwd, env: { TMPDIR: join(cwd, "tmp") } };
      mkdirSync(own.env.TMPDIR);
      for (const run of Object.values(WAYS)) await run(own, "app.js");
      assert.deepEqual(readdirSync(join(own.env.TMPDIR, `mprof-kept-${process.getuid!()}`)), []);
    }));

  it("but a file that --profile names", () =>
    withFolder({ "app.js": BUSY.replace("for (;;);", "") }, async (cwd) => {
      await runCli(["--profile", "kept.mprof", "app.js"], { cwd });
      const { stdout, stderr } = await runCli(["report", "kept.mprof"], { cwd });
      assert.match(stdout, /^Filename: app\.js\n/);
      assert.match(stderr, /^\[mprof\] app\.js, in .*: the program has ended; these figures are of /);
    }));
});
