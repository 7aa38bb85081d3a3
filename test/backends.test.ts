import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "../contract/profile.ts";
import type { Options } from "../plugin/core/options.ts";
import { type BackEnd, type BackEndResult, babel, babel8, source } from "./support/back-ends.ts";
import { type Fixture, type FixtureCall, loadFixtures } from "./support/load-fixture.ts";
import { planOf } from "./support/plan-of.ts";
import { type Outcome, rowsOf, runProgram } from "./support/run-fixture.ts";
import { typescript } from "./support/typescript-back-end.ts";

/**
 * Each fixture is asked five questions by each back-end: is the plan that of plan.txt, is the code the golden one, does the
 * program do what it did, do the rows hold, does a second pass change nothing. What TypeScript's parser refuses, it refuses
 * with the error that case.json names. UPDATE=1 rewrites goldens, never case.json.
 */
const BACK_ENDS = [source, babel, ...(babel8 ? [babel8] : []), typescript];

for (const fixture of loadFixtures()) {
  describe(`fixture ${fixture.name}`, () => {
    for (const backEnd of BACK_ENDS) {
      const error = backEnd.rejects?.(fixture.input, fixture.path);
      if (error) it(`is refused by the parser of ${backEnd.name}`, () => assert.equal(error, fixture.refused));
      else describe(backEnd.name, () => ask(fixture, backEnd));
    }
  });
}

function ask(fixture: Fixture, backEnd: BackEnd): void {
  const { input, path, options = {}, calls = [] } = fixture;
  const made = new Map<string, BackEndResult>();
  after(() => made.clear());

  /** In mode exact, unless told otherwise; once for all questions. */
  function compile(text = input, given: Options = {}): BackEndResult {
    const key = JSON.stringify([text, given]);
    const result = made.get(key) ?? backEnd.compile(text, path, { ...options, mode: "exact", ...given });
    made.set(key, result);
    return result;
  }

  it("plans what plan.txt says", () => {
    const plan = planOf(backEnd.name, input, path, options);
    matchGolden(join(fixture.folder, "plan.txt"), plan);
  });

  it("plans what plan.auto.txt says, for mode auto", () => {
    const plan = planOf(backEnd.name, input, path, { ...options, mode: "auto" });
    matchGolden(join(fixture.folder, "plan.auto.txt"), plan);
  });

  if (backEnd !== babel8) {
    it("writes the golden code", () => {
      const { code } = compile();
      const extension = path.slice(path.lastIndexOf("."));
      if (code !== null) matchGolden(join(fixture.folder, `output.${backEnd.name}${extension}`), code);
    });
  }

  if (fixture.marked) {
    it("profiles the functions that are marked", () => {
      const { table } = compile();
      assert.deepEqual(table?.listings.map(({ name }) => name) ?? [], fixture.marked);
    });
  }

  it("warns of what cannot be honoured", () => {
    const codes = compile().warnings.map(({ code }) => code);
    assert.deepEqual(codes, fixture.warnings ?? []);
  });

  for (const [index, call] of calls.entries()) {
    it(`behaves as the original and fills its rows, call ${index + 1}`, async () => {
      const original = await run(compile(input, { enabled: false }).code ?? input, path, call);
      const instrumented = await run(compile().code ?? input, path, call);
      assert.deepEqual(behaviour(original), expected(call), "the original");
      assert.deepEqual(behaviour(instrumented), expected(call), "the instrumented program");
      for (const [name, rows] of Object.entries(call.listings ?? {})) {
        assert.deepEqual(rowsOf(instrumented.profile, name), rows, name);
      }
      if (call.lines) assert.deepEqual(rowsOf(instrumented.profile), call.lines);
    });
  }

  for (const [index, call] of calls.entries()) {
    it(`does and counts in mode auto what it does in exact, call ${index + 1}`, async () => {
      const [counted, exact] = await Promise.all(
        (["auto", "exact"] as const).map((mode) => run(compile(input, { mode }).code ?? input, path, call)),
      );
      assert.deepEqual(behaviour(counted!), expected(call));
      const listings = (outcome: Outcome) =>
        outcome.profile.listings.map(({ name, calls, rows }) => ({ name, calls, rows: rows.map(figuresOf) }));
      assert.deepEqual(listings(counted!), listings(exact!));
    });
  }

  for (const [index, call] of calls.entries()) {
    it(`does and counts with the option survivors what it does without, call ${index + 1}`, async () => {
      for (const mode of ["auto", "exact"] as const) {
        const without = compile(input, { mode });
        const { code, warnings } = compile(input, { mode, survivors: true });
        const [followed, plain] = [await run(code ?? input, path, call), await run(without.code ?? input, path, call)];
        assert.deepEqual(behaviour(followed), behaviour(plain), mode);
        const rows = ({ profile }: Outcome) => profile.listings.map((each) => each.rows.map(figuresOf));
        assert.deepEqual(rows(followed), rows(plain), mode);
        assert.deepEqual(
          warnings.map(({ code }) => code),
          without.warnings.map(({ code }) => code),
        );
      }
    });
  }

  it("changes nothing in a second pass", () => {
    const { code } = compile();
    if (code === null) return;
    const again = compile(code).code ?? code;
    assert.equal(again, compile(code, { enabled: false }).code ?? code);
  });
}

/** Of a row whose line cannot allocate there may be no reading of its own: Mem usage can be an earlier one. */
function figuresOf({ line, data }: Row) {
  const increments = Object.values(data?.figures ?? {}).map(({ increment }) => increment);
  return { line, occurrences: data?.occurrences, increments };
}

function run(code: string, path: string, call: FixtureCall): Promise<Outcome> {
  return runProgram(code, path, (exports) =>
    (exports.run as (...args: unknown[]) => unknown)(...structuredClone(call.args)),
  );
}

/** Comparable through JSON: what case.json can hold. */
function behaviour({ returns, throws, logs }: Outcome) {
  return plain({ ...(throws === undefined ? { returns } : { throws }), logs });
}

function expected({ returns, throws, logs = [] }: FixtureCall) {
  return plain({ ...(throws === undefined ? { returns } : { throws }), logs });
}

function plain(value: { throws?: string; returns?: unknown; logs: unknown[] }) {
  const name = value.throws?.replace(/:.*/s, "");
  return JSON.parse(JSON.stringify(name === undefined ? value : { ...value, throws: name }));
}

function matchGolden(file: string, actual: string): void {
  if (process.env.UPDATE || !existsSync(file)) {
    if (process.env.CI) assert.ok(existsSync(file), `${file} is missing: run with UPDATE=1 and commit it`);
    writeFileSync(file, actual);
  }
  assert.equal(actual, readFileSync(file, "utf8"), `${file} (UPDATE=1 rewrites it; read the diff)`);
}
