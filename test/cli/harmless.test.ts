/** What a program does to its own surroundings neither breaks mprof nor is disturbed by it. */
import assert from "node:assert/strict";
import { REGISTER, runCli, runProcess, withFolder } from "../support/run-cli.ts";

const LOAD = `// @profile
function load(n) {
  const a = new Array(n).fill(1);
  return a.length;
}
`;

/** What the program prints, without and with mprof; it begins with `load` defined. */
const PROGRAMS: Record<string, { source: string; flags?: string[] }> = {
  "a mock of fs that throws": {
    source: `const fs = require("node:fs"); const real = { ...fs };
for (const name of Object.keys(fs)) if (typeof fs[name] === "function" && /Sync$/.test(name)) fs[name] = () => { throw new Error("mock"); };
load(10); Object.assign(fs, real); console.log("ok");`,
  },
  "a mock of fs that reads nothing": {
    source: `const fs = require("node:fs"); let calls = 0; fs.readSync = (fd, buffer) => { calls++; buffer.fill(0); return 0; };
load(10); console.log("ok", calls);`,
  },
  "a clock and timers that stand still": {
    source: `const { performance } = require("node:perf_hooks"); performance.now = () => 0; Date.now = () => 0;
globalThis.setInterval = () => { throw new Error("fake"); }; require("node:timers").setInterval = globalThis.setInterval;
load(10); console.log("ok");`,
  },
  "descriptors that are closed, and taken again": {
    source: `const fs = require("node:fs"); load(10); const own = [];
for (const fd of fs.readdirSync("/proc/self/fd")) {
  let path = "";
  try { path = fs.readlinkSync("/proc/self/fd/" + fd); } catch {}
  if (!/statm|[.]mprof/.test(path)) continue;
  fs.closeSync(Number(fd)); own.push(fs.openSync("own" + fd, "w"));
}
load(10); for (let i = 0; i < 100; i++) load(1);
console.log("ok", own.map((fd) => fs.fstatSync(fd).size).filter((size) => size > 0).length);`,
  },
  "built-ins that are frozen": { source: `load(10); console.log("ok");`, flags: ["--frozen-intrinsics"] },
  "no code from texts": { source: `load(10); console.log("ok");`, flags: ["--disallow-code-generation-from-strings"] },
  "listeners and resources that it counts": {
    source: `load(10);
for (const event of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "uncaughtException", "unhandledRejection", "beforeExit"])
  console.log(event, process.listenerCount(event));
console.log(process.stdout.listenerCount("error"), process.getActiveResourcesInfo().filter((each) => /Timeout|Process|Pipe/.test(each)).length);`,
  },
  "an order of microtasks": {
    source: `Promise.resolve().then(() => console.log(2)); process.nextTick(() => console.log(1)); load(10); console.log(0);`,
  },
};

describe("harmless to", () => {
  for (const [what, { source, flags = [] }] of Object.entries(PROGRAMS)) {
    it(what, () =>
      withFolder({ "app.js": `${LOAD}${source}\n` }, async (cwd) => {
        const plain = await runProcess(process.execPath, [...flags, "app.js"], { cwd, env: { MPROF: "" } });
        const profiled = await runCli([...flags.map((flag) => `--node-arg=${flag}`), "app.js"], { cwd });
        assert.equal(profiled.code, plain.code, profiled.stderr);
        const [printed, table] = profiled.stdout.split("Filename: app.js");
        assert.equal(printed, plain.stdout);
        assert.match(table ?? "", /new Array\(n\)/);
      }),
    );
  }

  const hasPermissions = process.allowedNodeEnvironmentFlags.has("--permission");
  const why = hasPermissions ? "" : " (this Node has no --permission; npm run test:matrix runs it on others)";
  it(`permissions: where it may start no process, nothing is profiled, and one line says so${why}`, function () {
    if (!hasPermissions) this.skip();
    return withFolder({ "app.js": `${LOAD}console.log(load(10));\n` }, async (cwd) => {
      const flags = ["--permission", "--allow-fs-read=*", "--require", REGISTER];
      const { code, stdout, stderr } = await runProcess(process.execPath, [...flags, "app.js"], { cwd });
      assert.deepEqual([code, stdout], [0, "10\n"]);
      assert.match(stderr, /^\[mprof\] nothing is profiled: the permission --allow-child-process is missing\n.*\n$/);
    });
  });
});

describe("a source of the program's own", () => {
  for (const [what, read] of Object.entries({
    throws: "() => { throw new Error('broken'); }",
    "says NaN": "() => NaN",
  })) {
    it(`that ${what} is said once, and the program goes on`, () =>
      withFolder(
        {
          "app.js": `require("mprof").configure({ backend: { name: "own", read: ${read} } });\n${LOAD}console.log(load(10));\n`,
        },
        async (cwd) => {
          const { code, stdout, stderr } = await runCli(["app.js"], { cwd });
          assert.equal(code, 0);
          assert.match(stdout, /^10\nFilename: app\.js/);
          assert.equal(stderr.match(/MPROF_SOURCE/g)?.length, 1, stderr);
        },
      ));
  }
});
