import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { babel, source } from "./support/back-ends.ts";
import { foldersIn } from "./support/load-fixture.ts";
import { type Outcome, runProgram } from "./support/run-fixture.ts";
import { typescript } from "./support/typescript-back-end.ts";

/**
 * The reference's programs in JavaScript, under the memory source they were recorded with. The report is held byte by byte
 * against `expected.txt`, and its cells against the reference's own report wherever case.json names no correction.
 */
interface GoldenCase {
  says: string;
  report: "exit" | "call";
  precision: number;
  /** Our row -> the reference's row; one map a listing when there are several. */
  rows: Record<string, number> | Record<string, number>[];
  corrected?: Record<string, string> | Record<string, string>[];
  throws?: string;
}

const FOLDER = "fixtures/golden";

for (const name of foldersIn(FOLDER)) {
  const folder = `${FOLDER}/${name}`;
  const said = JSON.parse(readFileSync(`${folder}/case.json`, "utf8")) as GoldenCase;
  const path = `${folder}/input.js`;

  describe(`golden ${name}: ${said.says}`, () => {
    for (const backEnd of [source, babel, typescript]) {
      it(`prints the expected report (${backEnd.name})`, async () => {
        const outcome = await run(backEnd.compile(readFileSync(path, "utf8"), path, {}).code!, path, said);
        assert.equal(outcome.throws, said.throws);
        assert.equal(outcome.printed, readFileSync(`${folder}/expected.txt`, "utf8"));
      });
    }

    it("has the reference's cells in every row that is not corrected", () => {
      const ours = listingsOf(readFileSync(`${folder}/expected.txt`, "utf8"));
      const theirs = listingsOf(readFileSync(`${folder}/reference.txt`, "utf8"));
      const maps = listOf(said.rows);
      const corrected = listOf(said.corrected ?? {});
      for (const [index, map] of maps.entries()) {
        for (const [our, their] of Object.entries(map)) {
          if (corrected[index]?.[our] || !theirs[index]) continue;
          assert.equal(ours[index]?.get(our), theirs[index]?.get(String(their)), `row ${our} of listing ${index}`);
        }
      }
    });
  });
}

function run(code: string, path: string, { report, precision }: GoldenCase): Promise<Outcome> {
  return runProgram(code, path, () => undefined, { report, precision, settleMs: 60 });
}

/** The three cells of each row with data, by line, of each listing. */
function listingsOf(report: string): Map<string, string>[] {
  return report
    .split(/^Filename: .*$/m)
    .slice(1)
    .map((listing) => {
      const rows = listing.matchAll(/^ *(\d+) +(\S+ MiB) +(\S+ MiB) +(\d+) {3}/gm);
      return new Map([...rows].map(([, line, usage, increment, count]) => [line!, `${usage} ${increment} ${count}`]));
    });
}

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
