/** The option freed: what rows allocated, and what collections took while they ran, apart. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Activation, FUNCTION_OUTER, type ModuleHandle, TABLE_VERSION } from "../../contract/module-table.ts";
import type { Figures, Profile, RowData } from "../../contract/profile.ts";
import type { Collected } from "../../runtime/freed/collections.ts";
import { createRuntime, type OwnRuntime } from "../support/create-runtime.ts";
import { REGISTER, runCli, runProcess, withFolder } from "../support/run-cli.ts";

const LINES = 4;
const METRICS = ["heap", "heapUsed", "external"] as const;

/** A heap that is played, and a model of what rows did to it. */
class Played {
  used = 50_000_000;
  external = 1_000_000;
  private now = 1000;
  private readonly log: Collected[] = [];
  readonly runtime: OwnRuntime;
  private readonly modules: ModuleHandle[];
  readonly stack: { listing: number; line: number; activation: Activation }[] = [];
  /** By listing and line: bytes of used and external, and collections. */
  readonly rows = [0, 1].map(() =>
    Array.from({ length: LINES + 1 }, () => ({ made: [0, 0], freed: [0, 0], count: 0 })),
  );
  readonly between = { freed: [0, 0], count: 0 };
  count = 0;

  constructor(backend: string, report: "exit" | "call" = "exit") {
    this.runtime = createRuntime({
      gauges: {
        rss: () => 7,
        heapStatistics: () => ({
          used_heap_size: this.used,
          total_heap_size: this.used,
          external_memory: this.external,
        }),
      },
      clock: () => (this.now += 0.0001),
      askCollections: () => this.log.splice(0),
    });
    this.runtime.configure({ backend, report });
    this.modules = [0, 1].map((i) =>
      this.runtime.table({
        version: TABLE_VERSION,
        file: `${i}.js`,
        listings: [{ name: "f", first: 1, lines: Array.from({ length: LINES }, () => "") }],
        functions: [[0, FUNCTION_OUTER]],
      }),
    );
  }

  /** Of each listing that runs: the row of its topmost call. */
  private get running() {
    return [0, 1].flatMap((i) => {
      const top = this.stack.findLast(({ listing }) => listing === i);
      return top ? [this.rows[i]![top.line]!] : [];
    });
  }

  make(used: number, external: number): void {
    this.used += used;
    this.external += external;
    for (const { made } of this.running) {
      made[0]! += used;
      made[1]! += external;
    }
  }

  /** @param ms how long it takes */
  collect(used: number, external: number, ms = 0.1): void {
    this.used -= used;
    this.external -= external;
    this.now += ms;
    this.log.push({ used, external });
    const { running } = this;
    for (const row of running.length > 0 ? running : [this.between]) {
      row.freed[0]! += used;
      row.freed[1]! += external;
      row.count++;
    }
    this.count++;
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

  check(): void {
    const profile = this.runtime.getProfile();
    this.rows.forEach((rows, i) => {
      const listing = profile.listings.find(({ file }) => file === `${i}.js`);
      if (listing === undefined) return;
      for (let line = 1; line <= LINES; line++) {
        const { made, freed, count } = rows[line]!;
        const data: RowData | undefined = listing.rows[line - 1]!.data;
        for (const metric of METRICS) {
          const figures: Figures | undefined = data?.figures[metric];
          if (figures === undefined) continue;
          const of = (pair: readonly number[]) =>
            metric === "heap" ? pair[0]! + pair[1]! : pair[metric === "external" ? 1 : 0]!;
          const baseline: number = line === 1 ? (listing.baseline?.[metric] ?? 0) : 0;
          assert.equal(figures.freed, of(freed), `freed of ${i}:${line}, ${metric}`);
          assert.equal(figures.increment - baseline + figures.freed!, of(made), `made by ${i}:${line}, ${metric}`);
        }
        if (data) assert.equal(data.collections ?? 0, count, `collections of ${i}:${line}`);
      }
    });
    if (profile.listings.length === 0) return;
    assert.equal(profile.collections!.count, this.count);
    assert.equal(profile.collections!.between.count, this.between.count);
  }
}

interface Step {
  kind: number;
  used: number;
  external: number;
  listing: number;
  line: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.nat(9),
    used: fc.nat(3_000_000),
    external: fc.nat(500_000),
    listing: fc.nat(1),
    line: fc.integer({ min: 1, max: LINES }),
  }),
  { maxLength: 60 },
);

function play(played: Played, { kind, used, external, listing, line }: Step): void {
  played.make(used >> (kind % 3), external);
  // Less than there is, and mostly less than has come since: such a collection shows in no reading.
  if (kind < 3) played.collect(used >> (2 * kind), external >> kind);
  played.make(used >> 4, 0);
  if (kind <= 4) played.call(listing, line);
  else if (played.stack.length > 0) {
    if (kind <= 7) played.line(line);
    else played.exit();
  }
}

describe("what rows allocate, and what collections take", () => {
  for (const [backend, report] of [
    ["heap", "exit"],
    ["heapUsed", "exit"],
    ["external", "exit"],
    ["all", "exit"],
    ["heap", "call"],
  ] as const) {
    it(`is told apart to the byte, whether or not a fall is seen (${backend}, reports at ${report})`, () => {
      fc.assert(
        fc.property(steps, (script) => {
          const played = new Played(backend, report);
          for (const step of script) play(played, step);
          while (played.stack.length > 0) played.exit();
          played.check();
        }),
        { numRuns: 300 },
      );
    });
  }

  it("is nothing known of where V8 does not count: no freed of rss", () => {
    const played = new Played("rss");
    played.call(0, 2);
    played.exit();
    const [listing] = played.runtime.getProfile().listings;
    assert.deepEqual(
      listing!.rows.flatMap(({ data }) => Object.values(data?.figures ?? {})).filter((each) => "freed" in each),
      [],
    );
  });

  it("has a collection that took less than a look is due for, if the reading falls", () => {
    const played = new Played("heap");
    played.call(0, 2);
    played.line(3);
    played.make(10_000, 0);
    played.collect(900_000, 5000, 0);
    played.line(4);
    played.make(100, 0);
    played.exit();
    played.check();
  });

  it("counts as freed what V8 gives back without a collection, so that nothing was allocated", () => {
    const played = new Played("heap");
    played.call(0, 2);
    played.line(3);
    played.used -= 300_000;
    played.exit();
    const { figures } = played.runtime.getProfile().listings[0]!.rows[2]!.data!;
    assert.equal(figures.heap!.increment, -300_000);
    assert.equal(figures.heap!.freed, 300_000);
  });

  it("begins anew after reset()", () => {
    const played = new Played("heap");
    played.call(0, 2);
    played.make(5000, 0);
    played.collect(4000, 0);
    played.exit();
    played.runtime.reset();
    assert.equal(played.runtime.getProfile().listings.length, 0);
    played.call(0, 2);
    played.make(70, 0);
    played.exit();
    const profile = played.runtime.getProfile();
    assert.equal(profile.listings[0]!.rows[1]!.data!.figures.heap!.freed, 0);
    assert.equal(profile.collections!.count, 0);
  });
});

/** While V8 compiles a hot line it counts areas ahead that it gives back: up to 1.3 MB a row, however many rounds follow. */
const ROUNDS = 12_000;
/** Line by line: 100,000 bytes each outside of the heap and dropped, 10,000 kept for a while, objects, then a collection. */
const PROGRAM = `const kept = [];
export function known(n) {
  let last = null;
  for (let i = 0; i < n; i++) {
    last = Buffer.allocUnsafeSlow(100000);
    kept[i & 15] = Buffer.allocUnsafeSlow(10000);
    last = new Array(1000).fill(i);
  }
  last = null;
  gc();
  return kept.length;
}
`;
const DROPPED = 5;
const KEPT = 6;
const OBJECTS = 7;
const COLLECTED = 10;
/** Of the array on the heap; the last ones of a page leave some of it unused. */
const ARRAY = 8000 + 32;

async function profileOf(folder: string, flags: string[]): Promise<Profile> {
  const json = join(folder, "profile.json");
  const all = ["--backend", "heap", "--freed", "--func", "known", "--node-arg=--expose-gc", "-q"];
  const files = ["-o", join(folder, "report.txt"), "--json", json];
  const { code, stderr } = await runCli([...all, ...flags, ...files, join(folder, "program.mjs")]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return JSON.parse(readFileSync(json, "utf8"));
}

function dataAt({ listings }: Profile, line: number): RowData {
  const { rows, first } = listings.find(({ name }) => name === "known")!;
  return rows[line - first]!.data!;
}

function allocatedAt(profile: Profile, line: number): number {
  const { increment, freed } = dataAt(profile, line).figures.heap!;
  return increment + freed!;
}

describe("the option freed on a real heap", () => {
  it("shows what lines made, outside of the heap and on it, dropped and retained, and a collection on its row", () =>
    withFolder({ "program.mjs": `${PROGRAM}known(${ROUNDS});` }, async (folder) => {
      const profile = await profileOf(folder, ["--mode", "exact"]);
      const near = (line: number, bytes: number, within: number) => {
        const made = allocatedAt(profile, line) / ROUNDS;
        assert.ok(Math.abs(made - bytes) < within, `line ${line} made ${made}, not ${bytes}`);
      };
      // Besides the object that holds a Buffer.
      near(DROPPED, 100_000, 2000);
      near(KEPT, 10_000, 600);
      near(OBJECTS, ARRAY, 500);
      const gc = dataAt(profile, COLLECTED);
      assert.ok(gc.collections! >= 1);
      assert.ok(gc.figures.heap!.freed! > 100_000, `gc() took ${gc.figures.heap!.freed}`);
      assert.ok(allocatedAt(profile, COLLECTED) < 64 * 1024, `gc() made ${allocatedAt(profile, COLLECTED)}`);
      const { rows } = profile.listings[0]!;
      assert.ok(rows.every(({ data }) => data === undefined || allocatedAt(profile, rows.indexOf(rows[0]!) + 2) >= 0));
      const inRows = rows.reduce((sum, { data }) => sum + (data?.collections ?? 0), 0);
      assert.equal(inRows + profile.collections!.between.count, profile.collections!.count);
    }));

  it("keeps apart what fell while nothing profiled ran", () =>
    withFolder(
      { "program.mjs": `${PROGRAM}known(1); let a = Buffer.allocUnsafeSlow(3e7); a = null; gc(); known(1);` },
      async (folder) => {
        const { collections, nobody } = await profileOf(folder, ["--mode", "exact"]);
        assert.ok(collections!.between.count >= 1);
        assert.ok(collections!.between.freed.heap! >= 3e7, JSON.stringify(collections));
        // What came and went there is in neither row; the gap itself says the net.
        assert.ok(Math.abs(nobody!.heap!) < 1e7, `${nobody!.heap}`);
      },
    ));

  it("is right in mode auto, too, for lines that are not read each time", () =>
    withFolder({ "program.mjs": `${PROGRAM.replace("(1000)", "(100)")}known(${5 * ROUNDS});` }, async (folder) => {
      const profile = await profileOf(folder, ["--mode", "auto"]);
      const made = allocatedAt(profile, DROPPED) / (5 * ROUNDS);
      assert.ok(Math.abs(made - 100_000) < 10_000, `${made}`);
    }));

  it("is of worker threads, of killed programs and of merged profiles", () =>
    withFolder(
      {
        "program.mjs": `import { Worker } from "node:worker_threads"; import { known } from "./known.mjs";
          known(500); new Worker(new URL("./known-too.mjs", import.meta.url)).on("exit", () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 2000));`,
        "known.mjs": PROGRAM,
        "known-too.mjs": `import { known } from "./known.mjs"; known(500);`,
      },
      async (folder) => {
        const kept = join(folder, "kept");
        const flags = ["--backend", "heap", "--freed", "--func", "known", "--node-arg=--expose-gc", "--mode", "exact"];
        await runCli([...flags, "--profile", kept, "program.mjs"], { cwd: folder });
        const convert = await runCli(["convert", "--to", "json", kept], { cwd: folder });
        assert.equal(convert.code, 0, convert.stderr);
        const profile: Profile = JSON.parse(convert.stdout);
        assert.equal(dataAt(profile, DROPPED).occurrences, 1000);
        const made = allocatedAt(profile, DROPPED) / 1000;
        assert.ok(Math.abs(made - 100_000) < 3000, `${made}`);
        assert.ok(profile.collections!.count >= 2);
      },
    ));

  it("says what it cannot do", () =>
    withFolder({ "app.js": "// @profile\nfunction f() {\n  return 1;\n}\nf();\n" }, async (cwd) => {
      const wrong = await runCli(["--freed", "--backend", "rss", "app.js"], { cwd });
      assert.equal(wrong.code, 2);
      assert.match(
        wrong.stderr,
        /--freed with --backend rss: what is freed of it is not known\n {2}Choose one of heap, /,
      );
      const both = await runCli(["--freed", "--gc=young", "app.js"], { cwd });
      assert.equal(both.code, 2);
      assert.match(both.stderr, /--freed with --gc=young: every reading would .*\n {2}Leave one of them out, or take/);
      const env = { MPROF_FREED: "1", MPROF_BACKEND: "rss", MPROF: "1" };
      const said = await runProcess(process.execPath, ["--require", REGISTER, "app.js"], { cwd, env });
      assert.equal(said.code, 0);
      assert.match(
        said.stderr,
        /what is freed is not known of this source: rss\n {2}Choose one of heap, .*MPROF_FREED_SOURCE/,
      );
    }));
});
