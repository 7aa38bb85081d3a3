import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { transformSync } from "esbuild";
import type { Profile } from "../../contract/profile.ts";
import { attachOften } from "../support/attach-loop.ts";
import { ANY_PORT, SOURCES, Target } from "../support/attach-target.ts";
import { InspectorClient } from "../support/inspector-client.ts";
import { BIN, rowOf, runCli } from "../support/run-cli.ts";

/** Node 26 lets no source be changed. */
const CAN_EDIT = Number(process.versions.node.split(".")[0]) < 26;
const isLinux = process.platform === "linux";
/** Looks, and more that are killed; `bench/attach-loop.ts` makes hundreds. */
const OFTEN: [attaches: number, kills: number] = process.env.MPROF_TEST_SHORT === "1" ? [2, 1] : [6, 3];

describe("mprof attach --func", function () {
  this.timeout(120_000);
  let folder: string;
  let target: Target;

  before(function () {
    if (!isLinux) this.skip();
    folder = mkdtempSync(join(tmpdir(), "mprof-attach-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Text, globals, listeners and ports are what they were. */
  async function assertUntouched(before: Awaited<ReturnType<Target["state"]>>): Promise<void> {
    const { heapUsed: _, ...expected } = before;
    for (let waited = 0; target.ports().length > 0 && waited < 2000; waited += 50) await sleep(50);
    const { heapUsed, ...now } = await target.state();
    assert.deepEqual(now, expected);
    assert.deepEqual(target.ports(), []);
    assert.equal(target.child.exitCode, null);
  }

  describe("a server under load, of a bundle with a map", () => {
    beforeEach(async () => {
      target = await Target.start(folder);
    });
    afterEach(() => target.end());

    it("shows the lines of its sources, and leaves it as it was", async () => {
      const before = await target.state();
      target.startLoad();
      const json = join(folder, "profile.json");
      const { stdout, stderr, code } = await target.attach(
        ...[
          "--func",
          "keep",
          "--func",
          "render",
          "--force",
          "--for",
          "3s",
          "--json",
          json,
          "--html",
          join(folder, "page.html"),
        ],
      );
      await target.stopLoad();
      assert.equal(code, 0, stderr);
      assert.deepEqual(target.wrong, []);
      await assertUntouched(before);
      assert.match(
        stderr,
        CAN_EDIT
          ? /by changing their source, which took \d+ ms: Store\.keep \(.*store\.ts:12\)/
          : /by log points, because Node/,
      );
      const set = rowOf(stdout, "sessions.set(id, session)")!;
      assert.ok(set.occurrences > 10, stdout);
      assert.match(stdout, /Filename: \S*store\.ts\n/);
      assert.match(stdout, /\n +16 .* sessions\.set\(id, session\);\n/);
      const profile: Profile = JSON.parse(readFileSync(json, "utf8"));
      const keep = profile.listings.find(({ name }) => name === "Store.keep")!;
      const source = readFileSync(join(SOURCES, "store.ts"), "utf8").split("\n");
      assert.deepEqual(
        keep.rows.map(({ text }) => text),
        source.slice(keep.first - 1, keep.last),
      );
      assert.match(readFileSync(join(folder, "page.html"), "utf8"), /^<!doctype html>/i);
      if (!CAN_EDIT) return;
      // The pages of the process are not read at both ends of each call.
      assert.equal(keep.aside.rss, undefined);
      // Every line of a call ran as often as it was called.
      const counts = keep.rows.flatMap(({ data }) => data?.occurrences ?? []);
      assert.deepEqual([...new Set(counts.filter((_, i) => i !== 2))], [keep.calls]);
    });

    it("picks the functions that grow, of a process that nobody knows", async () => {
      const before = await target.state();
      target.startLoad();
      const { stdout, stderr, code } = await target.attach(...["--pick", "3", "--pick-for", "4s", "--for", "4s"]);
      await target.stopLoad();
      assert.equal(code, 0, stderr);
      assert.deepEqual(target.wrong, []);
      assert.match(stderr, /looks for 4 s at what is made and stays\n.*[\d.]+ MiB by Store\.keep \(\S*store\.ts:12\)/);
      assert.ok(rowOf(stdout, "sessions.set(id, session)")!.occurrences > 0, stdout);
      await assertUntouched(before);
    });

    it("names the rows whose objects survive, with --leaks", async function () {
      if (!CAN_EDIT) this.skip();
      const before = await target.state();
      target.startLoad();
      const { stdout, stderr, code } = await target.attach(
        ...["--func", "keep", "--func", "render", "--leaks", "--force", "--for", "6s"],
      );
      await target.stopLoad();
      assert.equal(code, 0, stderr);
      assert.deepEqual(target.wrong, []);
      assert.match(
        stdout,
        /Leaks, after \d+ full collections in .*\n(?:.*\n)*? {2}\S*store\.ts:15 {2}const session: Session = /,
      );
      assert.doesNotMatch(stdout, /\n {2}\S*server\.ts:\d+ {2}/);
      await assertUntouched(before);
    });

    it("looks at functions that wait by log points, within their budget", async () => {
      const before = await target.state();
      target.startLoad();
      const json = join(folder, "profile.json");
      const { stdout, stderr, code } = await target.attach("--func", "handle", "--for", "4s", "--json", json);
      const { answered } = target;
      await target.stopLoad();
      assert.equal(code, 0, stderr);
      assert.deepEqual(target.wrong, []);
      assert.match(stderr, /by log points, because .*: handle \(.*server\.ts:15\)/);
      await assertUntouched(before);
      const { cost, listings, mode }: Profile = JSON.parse(readFileSync(json, "utf8"));
      assert.equal(mode, "auto");
      assert.ok(cost!.overhead < 0.03, `${cost!.overhead}`);
      assert.ok(cost!.overhead > 0, "nothing was hit");
      const [{ calls, rows }] = listings as [Profile["listings"][number]];
      // Scaled from some windows: of the right order.
      assert.ok(calls > answered / 30 && calls < answered * 10, `${calls} of ${answered}`);
      assert.ok(rows.every(({ data }) => data === undefined || data.estimated !== undefined));
      assert.match(stdout, /~ +\d+ {3} +const session = store\.keep/);
    });

    it("with --dry-run says what would be done, and does nothing", async () => {
      const before = await target.state();
      const { stdout, code } = await target.attach("--func", "keep", "--func", "handle", "--dry-run");
      assert.equal(code, 0);
      assert.match(stdout, /server\.mjs\n/);
      assert.match(
        stdout,
        CAN_EDIT ? /Store\.keep \(\S*store\.ts:12\): 5 rows, source changed\n/ : /5 rows, log points/,
      );
      assert.match(stdout, /handle \(\S*server\.ts:15\): 3 rows, log points\n/);
      assert.match(stdout, /Readings may take 2 % of the time\./);
      await assertUntouched(before);
    });

    it("is left by itself when the command is killed", async () => {
      const before = await target.state();
      target.startLoad();
      const command = spawn(process.execPath, [BIN, "attach", String(target.pid), "--func", "keep", "--for", "60s"]);
      await once(command.stderr, "data");
      await sleep(300);
      assert.notDeepEqual((await target.state()).names, []);
      const refused = await target.attach("--func", "keep");
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /mprof is attached to process \d+ already\n/);
      assert.deepEqual((await target.state()).names.length > 0, true);
      command.kill("SIGKILL");
      for (
        let waited = 0;
        (await target.state()).symbols.length > before.symbols.length && waited < 20_000;
        waited += 200
      )
        await sleep(200);
      await target.stopLoad();
      assert.deepEqual(target.wrong, []);
      await assertUntouched(before);
    });

    it("ends early, with its report, when it is interrupted", async () => {
      const before = await target.state();
      target.startLoad();
      const command = spawn(process.execPath, [
        BIN,
        "attach",
        String(target.pid),
        ...["--func", "keep", "--force", "--for", "60s"],
      ]);
      let stdout = "";
      command.stdout.on("data", (piece) => {
        stdout += piece;
      });
      await once(command.stderr, "data");
      await sleep(4000);
      command.kill("SIGINT");
      const [code] = await once(command, "close");
      await target.stopLoad();
      assert.equal(code, 0);
      assert.ok(rowOf(stdout, "sessions.set"), stdout);
      await assertUntouched(before);
    });

    it("says what it does not find, with the nearest names, and touches nothing", async () => {
      const before = await target.state();
      const cases: [args: string[], says: RegExp][] = [
        [["--func", "kep"], /--func kep matches no function of this process: did you mean Store\.keep/],
        [["--func", "keep", "--file", "nowhere/**"], /no function is left of those that keep matches/],
        [["--func", "keep", "--timeout", "3"], /--timeout is of recordings/],
        [["--dry-run"], /--dry-run is of lines/],
        [["--pick-for", "3s"], /--pick-for is of lines/],
        [["--func", "keep", "--pick", "3"], /--pick chooses functions, as --func does/],
        [["--func", "keep", "--for", "soon"], /It must be a time, as 30s/],
      ];
      for (const [args, says] of cases) {
        const { stderr, stdout, code } = await target.attach(...args);
        assert.match(stderr, says);
        assert.equal(code, 2, stderr);
        assert.equal(stdout, "");
      }
      await assertUntouched(before);
    });
  });

  it("stays what it was after several looks, some of them killed", async () => {
    const { faults, answered, growth } = await attachOften(folder, ...OFTEN);
    assert.deepEqual(faults, []);
    assert.ok(answered > 1000, `${answered}`);
    assert.ok(growth < 1, `${growth} MiB`);
  });

  it("respects another debugger, and an inspector that was open before", async () => {
    target = await Target.start(folder, ["--inspect=127.0.0.1:0"]);
    try {
      const [port] = target.ports();
      const before = await target.state();
      const { stdout, stderr, code } = await runCli(["attach", `127.0.0.1:${port}`, "--func", "keep", "--dry-run"]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Store\.keep/);
      assert.deepEqual(target.ports(), [port], "it was open, and stays so");
      const list: { webSocketDebuggerUrl: string }[] = (await (
        await fetch(`http://127.0.0.1:${port}/json/list`)
      ).json()) as never;
      const other = await InspectorClient.connect(list[0]!.webSocketDebuggerUrl);
      const refused = await runCli(["attach", `127.0.0.1:${port}`, "--func", "keep"]);
      other.close();
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /a debugger is attached to 127\.0\.0\.1:\d+\n/);
      assert.deepEqual((await target.state()).symbols, before.symbols);
    } finally {
      target.end();
    }
  });

  /** A program that runs on, for the time of a test. */
  async function withProgram(text: string, name: string, use: (pid: number, said: () => string) => Promise<void>) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const child = spawn(process.execPath, [ANY_PORT, path], { cwd: dirname(path), stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (piece) => {
      said += piece;
    });
    child.stderr.resume();
    try {
      await once(child.stdout, "data");
      await use(child.pid!, () => said);
    } finally {
      child.kill("SIGKILL");
    }
  }

  it("changes functions that make others, whose closures run on", async () => {
    const program = `const kept = [];
let faults = 0;
process.on("uncaughtException", () => faults++);
function make(n) {
  const own = [n];
  kept.push(() => { const a = [n, own]; return a; });
  kept.push(function named(x) {
    const b = [x, n];
    return b;
  });
  return kept.length;
}
setInterval(() => {
  make(1);
  for (const fn of kept.slice(-40)) fn(1);
}, 10);
setInterval(() => console.log(faults, Object.getOwnPropertyNames(globalThis).filter((n) => n.startsWith("__mp")).length), 100);
`;
    await withProgram(program, "closures.cjs", async (pid, said) => {
      const { stdout, stderr, code } = await runCli(["attach", String(pid), "--func", "make", "--for", "2s"]);
      assert.equal(code, 0, stderr);
      assert.ok(rowOf(stdout, "const b = [x, n]")!.occurrences > 0, stdout);
      await sleep(500);
      const lines = said().trim().split("\n");
      assert.ok(lines.includes("0 0") && lines.at(-1) === "0 0", said());
      if (CAN_EDIT)
        assert.ok(
          lines.some((line) => /^0 [1-9]/.test(line)),
          said(),
        );
      assert.ok(
        lines.every((line) => line.startsWith("0 ")),
        said(),
      );
    });
  });

  it("says which rows log points do not show, once", async () => {
    // Log points on every Node: its calls can be put aside.
    const program = `async function work(list) {
  let n = list.length;
  while (n > 0) {
    n--;
  }
  const made = list
    .concat(n)
    .slice();
  return made;
}
setInterval(() => work([1, 2]), 100);
console.log("up");
`;
    const says =
      "  rows without a statement of their own have no figures: odd.cjs:3, 7-8; what they make is of the row that ran before. Start the program with mprof to have them";
    await withProgram(program, "odd.cjs", async (pid) => {
      const json = join(folder, "odd.json");
      const args = ["attach", String(pid), "--func", "work"];
      const { stderr, code } = await runCli([...args, "--for", "3s", "--json", json]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(
        stderr.split("\n").filter((line) => line.includes("statement of their own")),
        [says],
      );
      const [{ rows }] = JSON.parse(readFileSync(json, "utf8")).listings as [Profile["listings"][number]];
      assert.deepEqual(
        rows.filter(({ data }) => data).map(({ line }) => line),
        [1, 2, 4, 6, 9],
      );
      const { stdout } = await runCli([...args, "--dry-run"]);
      assert.ok(stdout.includes(`\n${says.trim()}.\n`), stdout);
    });
  });

  it("shows figures of whole calls, of a function that runs most of the time", async function () {
    if (!CAN_EDIT) this.skip();
    const program = `function work(n) {
  const a = [n];
  for (const end = Date.now() + 300; Date.now() < end; );
  const b = [a];
  return b;
}
setInterval(() => work(1), 320);
console.log("up");
`;
    await withProgram(program, "busy.cjs", async (pid) => {
      const json = join(folder, "busy.json");
      const { stderr, code } = await runCli(["attach", String(pid), "--func", "work", "--for", "2s", "--json", json]);
      assert.equal(code, 0, stderr);
      const [{ calls, rows }] = JSON.parse(readFileSync(json, "utf8")).listings as [Profile["listings"][number]];
      assert.ok(calls > 2, `${calls}`);
      const counts = [2, 4, 5].map((number) => rows.find(({ line }) => line === number)?.data?.occurrences);
      assert.deepEqual(counts, [calls, calls, calls]);
    });
  });

  it("shows the lines of a process whose folder is there no more, by the map in its text", async () => {
    const source = `function work(n: number) {
  const made: number[] = [n, n];
  return made;
}
setInterval(() => work(1), 5);
setTimeout(() => console.log("up"), 100);
`;
    const { code: program } = transformSync(source, { loader: "ts", sourcemap: "inline", sourcefile: "gone.ts" });
    await withProgram(program, "release/gone.cjs", async (pid) => {
      rmSync(join(folder, "release"), { recursive: true });
      const { stdout, stderr, code } = await runCli(["attach", String(pid), "--func", "work", "--for", "2s"]);
      assert.equal(code, 0, stderr);
      assert.ok(rowOf(stdout, "const made: number[] = [n, n]")!.occurrences > 0, stdout);
    });
  });

  it("says which threads and processes it does not look at", async () => {
    const program = `const { Worker } = require("node:worker_threads");
const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]);
const other = spawn("sleep", ["60"]);
process.on("exit", () => [child, other].forEach((each) => each.kill("SIGKILL")));
process.on("SIGTERM", () => process.exit());
new Worker("for (;;);", { eval: true });
new Worker("setInterval(() => {}, 1e6)", { eval: true });
function work(n) {
  return [n];
}
setInterval(() => work(1), 10);
setTimeout(() => console.log(child.pid), 300);
`;
    await withProgram(program, "threads.cjs", async (pid, said) => {
      const args = ["attach", String(pid), "--func", "work", "--dry-run"];
      const { stderr, code } = await runCli(args);
      const quiet = await runCli([...args, "--quiet"]);
      process.kill(pid);
      assert.equal(code, 0, stderr);
      const child = said().trim();
      assert.equal(
        stderr,
        `[mprof] not looked at: 2 worker threads (their lines: start the program with mprof), process ${child} that it has started (their lines: mprof attach ${child})\n`,
      );
      assert.equal(quiet.stderr, "");
    });
  });

  it("refuses what is minified and has no map", async () => {
    const padding = `const long = "${"x".repeat(3000)}";`;
    const program = `${padding}function work(n){return [n,long]}setInterval(()=>work(1),10);console.log("up");setInterval(()=>{},1e6);`;
    await withProgram(program, "bundle.cjs", async (pid) => {
      const { stderr, code } = await runCli(["attach", String(pid), "--func", "work"]);
      assert.equal(code, 2);
      assert.match(stderr, /bundle\.cjs is minified and has no source map: its lines would say nothing\n/);
    });
  });

  it("refuses what is not Node, not there, or does not answer", async () => {
    const child = spawn("sleep", ["60"]);
    try {
      const notNode = await runCli(["attach", String(child.pid), "--func", "f"]);
      assert.equal(notNode.code, 2);
      assert.match(notNode.stderr, /process \d+ is not Node\n/);
      assert.equal(child.exitCode ?? child.signalCode, null);
      const nobody = await runCli(["attach", "127.0.0.1:1", "--func", "f"]);
      assert.equal(nobody.code, 2);
      assert.match(nobody.stderr, /no inspector of Node answers at 127\.0\.0\.1:1\n/);
      const none = await runCli(["attach", "999999999", "--func", "f"]);
      assert.equal(none.code, 2);
      assert.match(none.stderr, /there is no process with the id 999999999\n/);
    } finally {
      child.kill();
    }
  });
});
