/** What a program sends while it runs, by `MPROF_PUSH_URL`: each byte once, and nothing of it is the program's trouble. */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { MIB } from "../../contract/units.ts";
import { instrument } from "../../plugin/node/source.ts";
import { type IngestServer, waitingIn, withIngest } from "../support/ingest-server.ts";
import { ROOT } from "../support/load-fixture.ts";
import { BIN, REGISTER, runProcess, withFolder } from "../support/run-cli.ts";

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

/** Grows by 4 MB each 100 ms, `rounds` times. */
const SERVICE = `
const kept = [];
// @profile
function grow() {
  kept.push(Buffer.alloc(4e6, 1));
}
let rounds = Number(process.argv[2]);
const timer = setInterval(() => {
  grow();
  if (--rounds === 0) clearInterval(timer);
}, 100);
`;

describe("a program with MPROF_PUSH_URL", function () {
  this.timeout(60_000);

  const variables = (url: string, cwd: string) => ({
    TMPDIR: cwd,
    MPROF_PUSH_URL: url,
    MPROF_PUSH_EVERY: "1",
    MPROF_PUSH_NAME: "service",
    MPROF_PUSH_LABELS: "pod=a1",
    MPROF_PUSH_AUTH: "Bearer secret",
  });
  const took = ({ taken }: IngestServer) => taken.flatMap(({ profile }) => profile.samples.map(({ values }) => values));

  const runs: [says: string, command: string[]][] = [
    ["under the command", [BIN]],
    ["under the hook", ["--require", REGISTER]],
  ];
  for (const [says, before] of runs) {
    it(`${says} sends what each interval brought, and the rest when it has ended: each byte once`, () =>
      withIngest((server) =>
        withFolder({ "app.cjs": SERVICE }, async (cwd) => {
          const { code, stdout, stderr } = await runProcess(process.execPath, [...before, "app.cjs", "40"], {
            cwd,
            env: variables(server.url, cwd),
          });
          assert.deepEqual([code, stderr], [0, ""]);
          const shown = / +\S+ MiB +(\S+) MiB +40 {3} {2}kept/.exec(stdout)!;
          while (sum(took(server).map(({ occurrences }) => occurrences!)) < 80)
            await server.until(server.taken.length + 1);
          assert.ok(server.taken.length >= 3, `${server.taken.length}`);
          const bytes = sum(took(server).map(({ rss, rss_given_back: back }) => rss! - back!));
          assert.ok(Math.abs(bytes - Number(shown[1]) * MIB) < 2 ** 16, `${bytes} ${shown[1]}`);
          const times = server.taken.map(({ query }) => [query.get("from"), query.get("until")]);
          for (const [i, [from]] of times.slice(1).entries()) assert.equal(from, times[i]![1]);
          assert.equal(server.taken[0]!.query.get("name"), "service{pod=a1}");
          await emptied(cwd, "mprof-kept-");
        }),
      ));
  }

  it("is not changed by a server that is away, is told of it once, and loses nothing", () =>
    withFolder({ "app.cjs": SERVICE }, async (cwd) => {
      const env = variables("http://127.0.0.1:9", cwd);
      const { code, stdout, stderr } = await runProcess(process.execPath, [BIN, "app.cjs", "45"], { cwd, env });
      assert.equal(code, 0);
      assert.match(stdout, / 45 {3} {2}kept/);
      assert.match(stderr, /^(\[mprof\] the server does not answer, profiles wait in the queue: \w.*\n)?$/);
      await emptied(cwd, "mprof-kept-");
      assert.ok(waitingIn(cwd).length >= 2);
    }));

  it("ends when it ends, for whoever reads what it says, while a server lets the sender wait", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      await withFolder({ "app.cjs": SERVICE }, async (cwd) => {
        const { port } = silent.address() as AddressInfo;
        const began = Date.now();
        const env = variables(`http://127.0.0.1:${port}`, cwd);
        const { code } = await runProcess(process.execPath, ["--require", REGISTER, "app.cjs", "25"], { cwd, env });
        assert.equal(code, 0);
        assert.ok(Date.now() - began < 15_000, `${Date.now() - began} ms`);
      });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it("that is killed has its last figures sent", () =>
    withIngest((server) =>
      withFolder({ "app.cjs": SERVICE }, async (cwd) => {
        const env = { ...variables(server.url, cwd), MPROF_PUSH_EVERY: "600" };
        const killed = `${SERVICE}setTimeout(() => process.kill(process.pid, "SIGKILL"), 3000);`;
        writeFileSync(join(cwd, "app.cjs"), killed);
        const { signal } = await runProcess(process.execPath, [BIN, "app.cjs", "99"], { cwd, env });
        assert.equal(signal, "SIGKILL");
        await server.until(1);
        const { values } = server.taken[0]!.profile.samples[1]!;
        assert.ok(values.occurrences! > 15 && values.rss! > 15 * 3e6, JSON.stringify(values));
      }),
    ));

  it("says where nobody can send, and runs as ever", () =>
    withFolder({ "app.cjs": SERVICE }, async (cwd) => {
      const bundle = join(cwd, "bundle.cjs");
      const entry = `require(${JSON.stringify(join(ROOT, "dist/cjs/runtime/node/index.js"))})`;
      const { code: text } = instrument(SERVICE, { filename: "app.cjs", runtime: "require" })!;
      writeFileSync(join(cwd, "built.cjs"), text.replace(/require\(["']mprof\/runtime["']\)/, entry));
      buildSync({
        entryPoints: [join(cwd, "built.cjs")],
        outfile: bundle,
        bundle: true,
        platform: "node",
        logLevel: "error",
      });
      const env = variables("http://127.0.0.1:9", cwd);
      const { code, stdout, stderr } = await runProcess(process.execPath, [bundle, "2"], { cwd, env });
      assert.match(
        stderr,
        /^\[mprof\] profiles are not sent: the command mprof is not beside the program\n.*\(MPROF_PUSH, /,
      );
      assert.match(stdout, / 2 {3} {2}kept/);
      assert.equal(code, 0);
    }));
});

/** Waits for what a process of ours does after the program has ended. */
async function emptied(cwd: string, start: string): Promise<void> {
  const [name] = readdirSync(cwd).filter((each) => each.startsWith(start)) as [string];
  for (let i = 0; i < 100 && readdirSync(join(cwd, name)).length > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(readdirSync(join(cwd, name)), []);
}
