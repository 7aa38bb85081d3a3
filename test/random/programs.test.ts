/**
 * Random programs, original against instrumented: the same log, result and error on every back-end, the same rows on all of
 * them, and in each listing the bytes that the memory changed by while it ran. A failure prints the smallest program that
 * shows it. MPROF_RANDOM=N runs N programs, MPROF_SEED=S those of another seed.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { babel, source } from "../support/back-ends.ts";
import { typescript } from "../support/typescript-back-end.ts";
import { programs } from "./programs.ts";
import { type RandomOutcome, runRandomProgram } from "./run-program.ts";

const PATH = "random.cjs";
/** Without MPROF_RANDOM the slow ones take turns. */
const backEndsFor = (text: string) =>
  process.env.MPROF_RANDOM ? [source, babel, typescript] : [source, text.length % 2 === 0 ? babel : typescript];
const numRuns = Number(process.env.MPROF_RANDOM ?? 2000);
const seed = Number(process.env.MPROF_SEED ?? 1);

describe("random programs", () => {
  let listeners: NodeJS.UnhandledRejectionListener[];

  // The programs leave promises behind.
  before(() => {
    listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", () => {});
  });
  after(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  });

  it(`do what they did, and every byte is charged once (${numRuns} programs)`, async function () {
    this.timeout(60_000 + 100 * numRuns);
    await fc.assert(
      fc.asyncProperty(programs(), async ({ text }) => {
        fc.pre(parses(text));
        const original = await runRandomProgram(text);
        fc.pre(!overflows(original));
        let rows: string[] | null = null;
        for (const backEnd of backEndsFor(text)) {
          const { code, warnings } = backEnd.compile(text, PATH, { functions: "all" });
          // A function that becomes a text, as an operand of `+` does, is left alone.
          const others = warnings.filter((warning) => warning.code !== "MPROF_LEFT_ALONE");
          assert.deepEqual(others, [], backEnd.name);
          const instrumented = await runRandomProgram(code!);
          fc.pre(!overflows(instrumented));
          assert.deepEqual(behaviour(instrumented), behaviour(original), backEnd.name);
          assert.deepEqual(instrumented.unbalanced, [], backEnd.name);
          assert.deepEqual(instrumented.rows, rows ?? instrumented.rows, `${backEnd.name}: rows`);
          rows = instrumented.rows;
          for (const time of [false, true]) {
            const options = { functions: "all", mode: "auto", time } as const;
            const counted = await runRandomProgram(backEnd.compile(text, PATH, options).code!);
            const how = `${backEnd.name}, mode auto${time ? " with time" : ""}`;
            assert.deepEqual(behaviour(counted), behaviour(original), how);
            assert.deepEqual(counted.rows.map(occurrences), rows.map(occurrences), `${how}: rows`);
          }
        }
      }),
      { numRuns, seed, reporter },
    );
  });
});

/** The grammar knows no scopes: some names collide. */
function parses(text: string): boolean {
  try {
    new Function(text);
    return true;
  } catch {
    return false;
  }
}

/** How deep the stack is, is an allowed difference. */
function overflows({ log, result }: RandomOutcome): boolean {
  return [...log, result].some((line) => line.includes("RangeError: Maximum call stack"));
}

/** Of a row as `run-program.ts` writes it. */
function occurrences(row: string): string {
  return row.split(" ").slice(0, -2).join(" ");
}

function behaviour({ log, result }: RandomOutcome) {
  return { log, result };
}

function reporter(details: fc.RunDetails<[{ text: string }]>): void {
  if (!details.failed) return;
  const { counterexample, errorInstance, seed: failedSeed, numSkips } = details;
  if (!counterexample) throw new Error(`too few programs parse: ${numSkips} do not`);
  throw new Error(`MPROF_SEED=${failedSeed}\n${counterexample[0].text}\n${(errorInstance as Error).message}`);
}
