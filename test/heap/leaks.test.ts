import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Profile } from "../../contract/profile.ts";
import { type FoundLeak, leaksIn } from "../../runtime/reporters/show-leaks.ts";
import { runCli } from "../support/run-cli.ts";
import { scratchFolder } from "../support/scratch.ts";

/** In the short form each program runs once; `LEAK_RUNS=10` is what docs/leaks.md speaks of. */
const RUNS = Number(process.env.LEAK_RUNS ?? 1);
const FOLDER = "fixtures/leaks";

async function leaksOf(path: string, flag: string): Promise<FoundLeak[]> {
  const json = join(scratchFolder(), "profile.json");
  const { code, stderr } = await runCli([flag, "--quiet", "--json", json, path]);
  assert.equal(code, 0, stderr);
  const profile: Profile = JSON.parse(readFileSync(json, "utf8"));
  assert.ok(profile.survivors!.collections >= 3, `${profile.survivors!.collections} collections`);
  return leaksIn(profile);
}

function programs(kind: string): string[] {
  return readdirSync(join(FOLDER, kind)).map((name) => `${FOLDER}/${kind}/${name}`);
}

describe("a program that leaks", function () {
  this.timeout(60_000);
  for (const path of programs("leaking"))
    for (let run = 1; run <= RUNS; run++)
      it(`is found with the row and its holder: ${path}${RUNS > 1 ? `, run ${run}` : ""}`, async () => {
        const lines = readFileSync(path, "utf8").split("\n");
        const line = lines.findIndex((text) => text.includes("//= leak")) + 1;
        const held = lines.find((text) => text.startsWith("//= held "))!.slice("//= held ".length);
        const found = await leaksOf(path, "--leaks=why");
        const leak = found.find(({ row }) => row.line === line);
        assert.ok(leak, `found are ${found.map(({ row }) => row.line).join(", ") || "none"}`);
        const holders = leak.survivors.leak.holders?.join(" ← ") ?? "";
        assert.ok(holders.endsWith(held), `held by ${holders}`);
      });
});

describe("a program that does not leak", function () {
  this.timeout(60_000);
  for (const path of programs("decoys"))
    for (let run = 1; run <= RUNS; run++)
      it(`is not said to: ${path}${RUNS > 1 ? `, run ${run}` : ""}`, async () => {
        const found = await leaksOf(path, "--leaks");
        assert.deepEqual(
          found.map(({ row }) => row.text),
          [],
        );
      });
});
