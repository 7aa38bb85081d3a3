/**
 * Random async programs, compiled for both modes: the invariants of waiting in mode `auto`, by those of mode `exact`, which
 * `waiting.test.ts` holds against a model.
 */
import assert from "node:assert/strict";
import type { Profile } from "../../contract/profile.ts";
import { source } from "../support/back-ends.ts";
import { createRuntime } from "../support/create-runtime.ts";
import { createScriptedSource } from "../support/scripted-source.ts";

/** `MPROF_WAITING=10000` for long. */
const PROGRAMS = Number(process.env.MPROF_WAITING ?? 100);
const FUNCTIONS = 6;
/** Calls of a program, at most. */
const CALLS = 40;

/** Each line allocates, and so is read in both modes. Nothing recurses: mode `auto` does not read the rest of a line behind that. */
function programOf(below: (most: number) => number, isPositive: boolean): string {
  const bytes = () => (isPositive ? below(1_000_001) : below(2_000_001) - 1_000_000);
  let self = 0;
  const call = () => {
    const others = FUNCTIONS - 1 - self;
    return others === 0 ? `read(${bytes()}, 1)` : `f${self + 1 + below(others)}()`;
  };
  const statements = [
    () => `grow(${bytes()});`,
    () => `await read(${bytes()}, ${1 + below(3)});`,
    () => `await ${call()};`,
    () => `await Promise.all([${call()}, ${call()}]);`,
    () => `await Promise.race([${call()}, read(${bytes()}, 1)]);`,
    () => `${call()}.catch(() => grow(${bytes()}));`,
    () => `try {\n    await ${call()};\n  } catch {\n    grow(${bytes()});\n  }`,
    () => `if (below(4) === 0) throw grow(${bytes()});`,
    () => `for (let i = 0; i < ${below(3)}; i++) {\n    await read(${bytes()}, 1);\n    grow(${bytes()});\n  }`,
    () => `await read(${bytes()}, 1).then(() => ${call()});`,
  ];
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => {
    self = i;
    const body = Array.from({ length: 1 + below(4) }, () => `  ${statements[below(statements.length)]!()}`);
    const last = below(2) === 0 ? "  await read(0, 1);\n" : "  grow(1);\n";
    return `// @profile\nasync function f${i}() {\n  if (isEnough()) return grow(${bytes()});\n${body.join("\n")}\n${last}}\n`;
  });
  return functions.join("\n");
}

function randomFrom(seed: number): (most: number) => number {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0;
  return (most) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % most;
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Played {
  profile: Profile;
  /** What came while the program ran. */
  total: number;
}

async function play(text: string, seed: number, mode: "exact" | "auto"): Promise<Played> {
  const runtime = createRuntime();
  const memory = createScriptedSource();
  const before = memory.bytes;
  runtime.configure({ backend: memory });
  const { code } = source.compile(text, "random.cjs", { mode });
  let calls = 0;
  let reading = 0;
  const helpers = {
    below: randomFrom(seed + 1),
    isEnough: () => ++calls > CALLS,
    grow(bytes: number) {
      memory.bytes += bytes;
    },
    async read(bytes: number, turns: number) {
      reading++;
      for (let i = 0; i < turns; i++) {
        await turn();
        memory.bytes += bytes;
      }
      reading--;
    },
  };
  const program = new Function("require", ...Object.keys(helpers), `${code}\nreturn f0;`);
  const main: () => Promise<void> = program(() => runtime, ...Object.values(helpers));
  await main().catch(() => {});
  while (reading > 0) await turn();
  await turn();
  return { profile: runtime.getProfile(), total: memory.bytes - before };
}

interface Sums {
  /** By function and line: what came while the row ran. */
  increments: Record<string, number>;
  /** Over all functions: what came in gaps. */
  waiting: number;
  /** By function: `waiting`, `awaited`, and both with the increments. */
  functions: { waiting: number; awaited: number; all: number }[];
}

function sumsOf({ listings }: Profile): Sums {
  const increments: Record<string, number> = {};
  const functions = listings.map(({ name, first, rows, baseline }) => {
    const sums = { waiting: 0, awaited: 0, all: 0 };
    for (const { line, data } of rows) {
      const figures = data?.figures.scripted;
      if (figures === undefined) continue;
      const { increment, waiting = 0, awaited = 0 } = figures;
      const came = increment - (line === first ? (baseline?.scripted ?? 0) : 0);
      increments[`${name}:${line}`] = came;
      sums.waiting += waiting;
      sums.awaited += awaited;
      sums.all += came + waiting + awaited;
    }
    return sums;
  });
  return { increments, waiting: functions.reduce((sum, { waiting }) => sum + waiting, 0), functions };
}

describe("random async programs in mode auto, while lines are read each time", function () {
  this.timeout(0);

  it("have on rows what came while these ran, have what came in gaps once, and no byte twice in a function", async () => {
    let waited = 0;
    for (let seed = 0; seed < PROGRAMS; seed++) {
      const isPositive = seed % 2 === 0;
      const text = programOf(randomFrom(seed), isPositive);
      const said = `seed ${seed}:\n${text}`;
      const exact = sumsOf((await play(text, seed, "exact")).profile);
      const { profile, total } = await play(text, seed, "auto");
      const { increments, waiting, functions } = sumsOf(profile);
      assert.deepEqual(increments, exact.increments, said);
      assert.equal(waiting, exact.waiting, said);
      if (waiting !== 0) waited++;
      if (!isPositive) continue;
      for (const each of functions) {
        assert.ok(each.waiting >= 0 && each.awaited >= 0 && each.all <= total, `${JSON.stringify(each)}, ${said}`);
      }
    }
    assert.ok(waited > PROGRAMS / 2, `${waited} of ${PROGRAMS} programs have waited`);
  });
});
