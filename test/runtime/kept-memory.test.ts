/** Option gc: what rows say is kept, against what a process without probes keeps. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Profile } from "../../contract/profile.ts";
import { runCli, runProcess, withFolder } from "../support/run-cli.ts";

/** `KEPT_CALLS=1000` is what docs/reading-the-numbers.md speaks of; it prints the rows. */
const CALLS = Number(process.env.KEPT_CALLS ?? 100);
/** The same flags as `runtime/node/collect.ts` sets. */
const QUIET = "--no-sparkplug --no-opt --no-maglev --no-lazy-feedback-allocation --no-flush-bytecode".split(" ");

const PROGRAM = `
const kept = [];
function keep(i) {
  const made = { id: i, tags: [i, i + 1], text: String(i).padStart(40, 'x') };
  kept.push(made);
  return made.id;
}
function noop(x) {
  const a = x;
  const b = a;
  return b;
}
async function later(x) {
  const a = x;
  const b = await a;
  return b;
}
`;
const RUN = `for (let i = 0; i < ${CALLS}; i++) keep(i); for (let i = 0; i < ${CALLS}; i++) noop(i); for (let i = 0; i < ${CALLS}; i++) await later(i);`;

async function rowsOf(folder: string, gc: string, node: readonly string[] = []): Promise<Map<string, number[]>> {
  const json = join(folder, "profile.json");
  const shown = ["--backend", "heap", gc, "--functions", "all", "-q", "-o", join(folder, "report.txt"), "--json", json];
  const flags = [...shown, ...node.map((each) => `--node-arg=${each}`)];
  const { code, stderr } = await runCli([...flags, join(folder, "program.mjs")]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const { listings }: Profile = JSON.parse(readFileSync(json, "utf8"));
  return new Map(
    listings.map(({ name, rows }) => [name, rows.slice(1).map(({ data }) => data?.figures.heap?.increment ?? 0)]),
  );
}

const sum = (bytes: readonly number[]) => bytes.reduce((total, each) => total + each, 0);

describe("memory that is kept, with --gc", function () {
  // Measures a machine that does other things, too: on Node 20 one run in six of some finds an area of 77 KB more, or less.
  this.retries(process.env.KEPT_CALLS ? 0 : 3);
  if (process.env.KEPT_CALLS) this.timeout(0);

  it("stands on its rows, and on no others: sync within 4 KiB, the sum within 16 KiB of a process without probes", () =>
    withFolder({ "program.mjs": PROGRAM + RUN }, async (folder) => {
      const measured = await rowsOf(folder, "--gc");
      const truth = `${PROGRAM} const look = () => { for (let i = 0; i < 3; i++) gc(); const m = process.memoryUsage(); return m.heapUsed + m.external; };
        keep(0); look(); look(); const before = look(); for (let i = 0; i < ${CALLS}; i++) keep(i); console.log(look() - before);`;
      const plain = await runProcess(process.execPath, ["--expose-gc", ...QUIET, "--input-type=module", "-e", truth]);
      const keep = sum(measured.get("keep")!);
      if (process.env.KEPT_CALLS) console.log(keep, "of", Number(plain.stdout), Object.fromEntries(measured));
      assert.ok(Math.abs(keep - Number(plain.stdout)) < 16 * 1024, `${keep} of ${plain.stdout}`);
      // What V8 makes of our own code as it runs first is on the first row: 2 to 3 KB.
      for (const bytes of measured.get("noop")!) assert.ok(Math.abs(bytes) < 4 * 1024, `noop: ${measured.get("noop")}`);
      const [first, , last] = measured.get("later")!;
      assert.ok(Math.abs(first!) < 4 * 1024 && Math.abs(last!) < 4 * 1024, `later: ${measured.get("later")}`);
    }));

  it("is what a call leaves with --gc=call, garbage of its rows included in the row that ends it", () =>
    withFolder(
      {
        "program.mjs": `const waste = () => { for (let i = 0; i < 50; i++) new Array(10000).fill(i); };
          function call() {
            waste();
            return 1;
          }
          for (let i = 0; i < 20; i++) call();`,
      },
      async (folder) => {
        const rows = (await rowsOf(folder, "--gc=call")).get("call")!;
        // Of 80 MB of garbage. V8 makes code meanwhile, and counts its areas whole.
        assert.ok(Math.abs(sum(rows)) < 1024 * 1024, `${rows}`);
      },
    ));

  it("is what a young collection leaves with --gc=young", () =>
    withFolder(
      {
        "program.mjs": `const kept = [];
          function waste(x) {
            const made = new Array(1000).fill(x).concat(x);
            return made.length;
          }
          function keep(i) {
            kept.push({ i, more: [i] });
            return i;
          }
          for (let i = 0; i < 200; i++) waste(i); for (let i = 0; i < 1000; i++) keep(i);`,
      },
      async (folder) => {
        // Without what V8 makes of its own while it optimises, up to 950 KB on a row (Node 26).
        const [push, rest] = (await rowsOf(folder, "--gc=young", QUIET)).get("keep")!;
        assert.ok(push! > 100_000 && push! < 200_000, `${push}`);
        assert.ok(Math.abs(rest!) < 64 * 1024, `${rest}`);
      },
    ));

  it("takes no other word", async () => {
    const { code, stderr } = await runCli(["--gc=fast", "app.js"]);
    assert.equal(code, 2);
    assert.match(stderr, /'--gc \[when\]' argument 'fast' is invalid\. It must be true, false, call or young\./);
  });

  it("is not asked of the program by the program's own --gc", () =>
    withFolder({ "program.mjs": "console.log(process.argv.slice(2).join())" }, async (folder) => {
      const { stdout } = await runCli(["--backend", "heap", "--gc", join(folder, "program.mjs"), "--gc", "x"]);
      assert.match(stdout, /^--gc,x\n/);
    }));
});
