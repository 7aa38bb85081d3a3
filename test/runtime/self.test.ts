/** The option self: what rows took themselves, without what profiled functions took that they called. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Activation,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ModuleHandle,
  TABLE_VERSION,
} from "../../contract/module-table.ts";
import type { Figures, Profile } from "../../contract/profile.ts";
import { createRuntime, type OwnRuntime } from "../support/create-runtime.ts";
import { REGISTER, runCli, runProcess, withFolder } from "../support/run-cli.ts";

const LISTINGS = 3;
const LINES = 4;
const METRICS = ["rss", "heap", "external"] as const;

interface Running {
  listing: number;
  line: number;
  activation: Activation;
}

/** Memory that is played, and a model of whose it is: what runs on top of all. */
class Played {
  private readonly memory = { rss: 9_000_000, heap: 5_000_000, external: 1_000_000 };
  readonly runtime: OwnRuntime;
  private readonly modules: ModuleHandle[];
  readonly stack: Running[] = [];
  readonly aside: Running[] = [];
  /** By listing, line and metric. */
  readonly own = Array.from({ length: LISTINGS }, () => Array.from({ length: LINES + 1 }, () => [0, 0, 0]));

  constructor(backend: string, report: "exit" | "call" = "exit") {
    const { memory } = this;
    this.runtime = createRuntime({
      gauges: {
        rss: () => memory.rss,
        heapStatistics: () => ({
          used_heap_size: memory.heap - memory.external,
          total_heap_size: memory.heap,
          external_memory: memory.external,
        }),
      },
      isSelf: true,
    });
    this.runtime.configure({ backend, report });
    this.modules = Array.from({ length: LISTINGS }, (_, i) =>
      this.runtime.table({
        version: TABLE_VERSION,
        file: `${i}.js`,
        listings: [{ name: "f", first: 1, lines: Array.from({ length: LINES }, () => "") }],
        functions: [[0, FUNCTION_OUTER + FUNCTION_SUSPENDS]],
      }),
    );
  }

  make(rss: number, external: number): void {
    this.memory.rss += rss;
    this.memory.heap += external;
    this.memory.external += external;
    const top = this.stack.at(-1);
    if (top === undefined) return;
    const row = this.own[top.listing]![top.line]!;
    for (const [m, bytes] of [rss, external, external].entries()) row[m]! += bytes;
  }

  call(listing: number, line: number): void {
    const activation = this.modules[listing]!.enter(0);
    activation.line(line);
    this.stack.push({ listing, line, activation });
  }

  line(line: number): void {
    const top = this.stack.at(-1)!;
    top.line = line;
    top.activation.line(line);
  }

  exit(): void {
    this.stack.pop()!.activation.exit();
  }

  suspend(): void {
    const top = this.stack.pop()!;
    top.activation.suspend();
    this.aside.push(top);
  }

  resume(): void {
    const first = this.aside.shift()!;
    first.activation.resume();
    this.stack.push(first);
  }

  end(): void {
    while (this.stack.length > 0) this.exit();
    while (this.aside.length > 0) {
      this.resume();
      this.exit();
    }
  }

  check(): void {
    const { listings } = this.runtime.getProfile();
    this.own.forEach((rows, i) => {
      for (const { line, data } of listings.find(({ file }) => file === `${i}.js`)?.rows ?? [])
        for (const [metric, figures] of Object.entries<Figures>(data?.figures ?? {})) {
          const m = METRICS.indexOf(metric as (typeof METRICS)[number]);
          assert.equal(figures.self, rows[line]![m], `${i}.js:${line}, ${metric}`);
        }
    });
  }
}

const steps = fc.array(
  fc.record({
    kind: fc.nat(9),
    rss: fc.integer({ min: -300_000, max: 500_000 }),
    external: fc.nat(90_000),
    listing: fc.nat(LISTINGS - 1),
    line: fc.integer({ min: 1, max: LINES }),
  }),
  { maxLength: 80 },
);

function play(played: Played, { kind, listing, line }: { kind: number; listing: number; line: number }): void {
  if (kind <= 3) played.call(listing, line);
  else if (kind === 9 && played.aside.length > 0) played.resume();
  else if (played.stack.length === 0) return;
  else if (kind <= 5) played.line(line);
  else if (kind === 6) played.suspend();
  else played.exit();
}

describe("what rows take themselves", () => {
  for (const [backend, report] of [
    ["rss", "exit"],
    ["all", "exit"],
    ["external", "call"],
  ] as const)
    it(`is to the byte what came while they ran and nothing that they called (${backend}, reports at ${report})`, () => {
      fc.assert(
        fc.property(steps, (script) => {
          const played = new Played(backend, report);
          for (const step of script) {
            played.make(step.rss, step.external);
            play(played, step);
            if (step.kind === 5) played.check();
          }
          played.make(100, 10);
          played.end();
          played.check();
        }),
        { numRuns: 300 },
      );
    });

  it("is nothing of a row whose time a function took that it called, and which called it again", () => {
    const played = new Played("rss");
    played.call(0, 2);
    played.make(10, 0);
    played.call(1, 3);
    played.make(200, 0);
    played.call(0, 4);
    played.make(3000, 0);
    played.end();
    const [outer, called] = played.runtime.getProfile().listings;
    const of = (listing: typeof outer, line: number) => listing!.rows[line - 1]!.data!.figures.rss!;
    assert.deepEqual([of(outer, 2).self, of(called, 3).self, of(outer, 4).self], [10, 200, 3000]);
    assert.deepEqual([of(outer, 2).increment, of(called, 3).increment, of(outer, 4).increment], [210, 3200, 3000]);
  });

  it("begins anew after reset()", () => {
    const played = new Played("rss");
    played.call(0, 2);
    played.make(5000, 0);
    played.exit();
    played.runtime.reset();
    played.call(0, 2);
    played.make(70, 0);
    played.exit();
    assert.equal(played.runtime.getProfile().listings[0]!.rows[1]!.data!.figures.rss!.self, 70);
  });
});

const BYTES = 8_000_000;
/** `outer` makes 8 MB on each of its lines, the second of which is `inner`'s; outside of the heap, so that they are exact. */
const PROGRAM = `const kept = [];
export function inner() {
  kept.push(Buffer.alloc(${BYTES}));
}
export function outer() {
  kept.push(Buffer.alloc(${BYTES}));
  inner();
}
`;
const FLAGS = ["--self", "--backend", "external", "--func", "inner", "--func", "outer"];

/** By line of the program, to the nearest 100 kB: increments, and what is of the row itself. */
function shown({ listings }: Profile): Record<number, [increment: number, self: number]> {
  const round = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return Object.fromEntries(
    listings.flatMap(({ rows, first }) =>
      rows.flatMap(({ line, data }) => {
        if (data === undefined || line === first) return [];
        const { increment, self } = data.figures.external!;
        return [[line, [round(increment), round(self!)]]];
      }),
    ),
  );
}

describe("the option self", () => {
  it("tells a line that makes from one that calls, of threads and of a program that was killed", () =>
    withFolder(
      {
        "made.mjs": PROGRAM,
        "thread.mjs": `import { outer } from "./made.mjs"; outer();`,
        "program.mjs": `import { Worker } from "node:worker_threads"; import { outer } from "./made.mjs"; outer();
          new Worker(new URL("./thread.mjs", import.meta.url)).on("exit", () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 2000));`,
      },
      async (cwd) => {
        await runCli([...FLAGS, "--profile", "kept", "program.mjs"], { cwd });
        const { stdout, stderr, code } = await runCli(["convert", "--to", "json", "kept"], { cwd });
        assert.equal(code, 0, stderr);
        assert.deepEqual(shown(JSON.parse(stdout)), { 3: [16, 16], 6: [16, 16], 7: [16, 0] });
      },
    ));

  it("shows a column in the table, in a chosen one and in CSV, and what each process of a merge took", () =>
    withFolder({ "program.mjs": `${PROGRAM}outer();` }, async (cwd) => {
      const run = await runCli([...FLAGS, "--json", "p.json", "program.mjs"], { cwd });
      assert.match(run.stdout, /^Line # .* Occurrences +Self {3}Line Contents$/m);
      assert.match(run.stdout, /^ +7 .* 7\.6\d\d MiB +1 +0\.0\d\d MiB {5}inner\(\);$/m);
      const columns = await runCli(["report", "--columns", "self", "--sort", "self", "--top", "1", "p.json"], { cwd });
      assert.match(columns.stdout, /^ +[36] +7\.6\d\d MiB {3}/m);
      const csv = await runCli(["convert", "--to", "csv", "p.json"], { cwd });
      assert.match(csv.stdout, /,freed,self,time,/);
      await runCli(["merge", "-o", "both.json", "p.json", "p.json"], { cwd });
      assert.deepEqual(shown(JSON.parse(readFileSync(join(cwd, "both.json"), "utf8"))), {
        3: [16, 16],
        6: [16, 16],
        7: [16, 0],
      });
    }));

  const app = "// @profile\nfunction f() {\n  return 1;\n}\nf();\n";
  it("is refused where it cannot be had", () =>
    withFolder({ "program.mjs": `${PROGRAM}outer();`, "app.js": app }, async (cwd) => {
      const auto = await runCli([...FLAGS, "--mode", "auto", "program.mjs"], { cwd });
      assert.equal(auto.code, 2);
      assert.match(auto.stderr, /--mode auto cannot do --self: .*\n {2}Leave one of them out/);
      await runCli(["--json", "p.json", ...FLAGS.slice(1), "program.mjs"], { cwd });
      const missing = await runCli(["report", "--columns", "self", "p.json"], { cwd });
      assert.equal(missing.code, 2);
      assert.match(missing.stderr, /the profile has no self, only external\n {2}Profile with --self\./);
      const env = { MPROF_SELF: "1", MPROF_MODE: "auto", MPROF: "1" };
      const said = await runProcess(process.execPath, ["--require", REGISTER, "app.js"], { cwd, env });
      assert.equal(said.code, 0);
      assert.match(said.stderr, /built for mode auto, which cannot do the option self.*MPROF_NEEDS_EXACT/s);
      assert.doesNotMatch(said.stdout, / Self /);
    }));
});
