/** Jest and Vitest move the calls by which modules are mocked above the imports, with the functions that they are given. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openRecipes } from "../bundlers/packages.ts";
import { rowOf } from "../support/run-cli.ts";
import { INSTRUMENTED, type Mode, runNode } from "./programs.ts";

interface Runner {
  command: string;
  args: string[];
  /** Tests that pass. */
  passing: number;
  /** Text of a row -> occurrences. */
  rows: Record<string, number>;
  /** Texts in functions that are moved, marks or not: without rows. */
  alone: string[];
}

const RUNNERS: Record<string, Runner> = {
  "jest-mocks": {
    command: "jest",
    args: ["--no-cache", "--runInBand", "--json", "--outputFile"],
    passing: 6,
    rows: { "const text = load();": 5, "const said = user();": 1, "expect(target.size())": 1 },
    alone: ['function load() { return "mock"; }', 'const text = "mock first";'],
  },
  "ts-jest": {
    command: "jest",
    args: ["--no-cache", "--runInBand", "--json", "--outputFile"],
    passing: 1,
    rows: { "const text = load();": 1 },
    alone: ["const text = `mock of"],
  },
  "vitest-mocks": {
    command: "vitest",
    args: ["run", "--reporter=json", "--outputFile"],
    passing: 4,
    rows: { "const said = user();": 1, "const texts = [load(), user()];": 1 },
    alone: ["const text = loaded();", "const loaded = vi.fn("],
  },
};

interface Results {
  numPassedTests: number;
  testResults: {
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const packages = openRecipes();

describe("mocks", function () {
  this.timeout(120_000);
  if (packages === null) return;

  for (const [name, { command, args, passing, rows, alone }] of Object.entries(RUNNERS)) {
    describe(name, () => {
      const project = packages.project(name);
      const runs = new Map<Mode, ReturnType<typeof run>>();
      let plain: Awaited<ReturnType<typeof run>>;
      after(async () => {
        await Promise.allSettled(runs.values());
        project.remove();
      });

      async function run(mode: Mode) {
        const file = join(project.folder, `${mode}.json`);
        const env: Record<string, string> = mode === "plain" ? {} : { FUNCTIONS: mode };
        const settings = { command: packages!.binary(command), env };
        const { report, did } = await runNode([...args, file], project.folder, settings);
        const results = JSON.parse(readFileSync(file, "utf8")) as Results;
        const tests = results.testResults.flatMap(({ message, assertionResults }) => [
          ...(message === "" ? [] : [message]),
          ...assertionResults.map(({ fullName, status, failureMessages }) => [fullName, status, ...failureMessages]),
        ]);
        return { tests: tests.sort(), code: did.code, passed: results.numPassedTests, report };
      }

      before(async () => {
        // Beside each other: they wait for processes. What fails is told where it is awaited.
        for (const mode of ["plain", ...INSTRUMENTED] as const) {
          const running = run(mode);
          running.catch(() => {});
          runs.set(mode, running);
        }
        plain = await runs.get("plain")!;
        assert.equal(plain.passed, passing, JSON.stringify(plain.tests, null, 2));
        assert.equal(plain.code, 0);
        assert.equal(plain.report, "");
      });

      for (const mode of INSTRUMENTED) {
        it(`${mode}: each test passes as without mprof, and what is tested has rows`, async () => {
          const { tests, code, report } = await runs.get(mode)!;
          assert.deepEqual(tests, plain.tests);
          assert.equal(code, 0);
          for (const [text, occurrences] of Object.entries(rows))
            assert.equal(rowOf(report, text)?.occurrences, occurrences, `${text}\n${report}`);
          for (const text of alone) assert.equal(rowOf(report, text), null, report);
        });
      }
    });
  }
});

describe("expectMemory", function () {
  this.timeout(120_000);
  if (packages === null) return;
  const project = packages.project("expect-memory");
  after(() => project.remove());

  for (const [command, ...args] of [
    ["jest", "--no-cache", "--runInBand", "--json", "--outputFile"],
    ["vitest", "run", "--reporter=json", "--outputFile"],
  ] as const) {
    it(`is one line under ${command}, and then the rows that took most`, async () => {
      const file = join(project.folder, `${command}.json`);
      const { did } = await runNode([...args, file], project.folder, { command: packages.binary(command) });
      const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Results;
      const results = testResults.flatMap(({ assertionResults }) => assertionResults);
      assert.deepEqual(
        results.map(({ fullName, status }) => [fullName, status]),
        [
          ["has room", "passed"],
          ["has too little", "failed"],
        ],
        did.stderr,
      );
      assert.match(
        results[1]!.failureMessages[0]!,
        /\[mprof\] memory rose by [\d.]+ MiB: more than 10 MiB\n +\+3\d\.\d+ MiB {2}src\/load\.js:[34] /,
      );
      assert.equal(did.code, 1);
    });
  }
});
