/** Mode `auto` in programs that get hot and keep what they make: rows have what stays, whatever V8 does meanwhile. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "../../bench/statistics.ts";
import type { Profile } from "../../contract/profile.ts";
import { runCli, withFolder } from "../support/run-cli.ts";

const MIB = 1024 * 1024;
/** Of an array of a thousand elements. */
const BYTES = 8016;
const ROUNDS = 13_500;

/** All in one call, which ends long before the report in the second. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "in one call": `const kept = [];
// @profile
function fill() {
  for (let i = 0; i < ${ROUNDS}; i++) {
    const row = new Array(1000).fill(i);
    kept.push(row);
  }
}
fill();
`,
  "in one call, and released": `let kept = [];
// @profile
function fill() {
  for (let i = 0; i < ${ROUNDS}; i++) {
    const row = new Array(1000).fill(i);
    kept.push(row);
  }
}
fill();
kept = undefined;
const waste = [];
for (let i = 0; i < 3e6; i++) waste[i & 15] = [i];
`,
};

async function grownBy(cwd: string): Promise<number> {
  const flags = ["--mode", "auto", "--backend", "heap", "--json", "profile.json", "-o", "report.txt"];
  await runCli([...flags, "app.js"], { cwd });
  const { listings }: Profile = JSON.parse(readFileSync(join(cwd, "profile.json"), "utf8"));
  const rows = listings[0]!.rows.slice(1);
  return rows.reduce((sum, { data }) => sum + (data?.figures.heap?.increment ?? 0), 0);
}

describe("what stays, in mode auto", function () {
  this.timeout(120_000);

  for (const [name, text] of Object.entries(PROGRAMS)) {
    it(`is on the rows: ${name}`, () =>
      withFolder({ "app.js": text }, async (cwd) => {
        const shares: number[] = [];
        for (let i = 0; i < 3; i++) shares.push((await grownBy(cwd)) / (ROUNDS * BYTES));
        assert.ok(Math.abs(median(shares) - 1) < 0.15, `${shares} of ${(ROUNDS * BYTES) / MIB} MiB`);
      }));
  }
});
