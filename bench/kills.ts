/**
 * Kills a profiled program at random moments and reads what was kept: `node dist/esm/bench/kills.js [times] [mode]`. Prints how
 * old the figures were; exits with 1 if one was not whole, or older than a second. 200 kills take four minutes.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ageOf, COMPUTING, killProgram } from "../test/support/kill-program.ts";

const LONGEST_MS = 1500;

async function main(times: number, mode: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mprof-kills-"));
  writeFileSync(join(folder, "app.js"), COMPUTING);
  const ages: number[] = [];
  let failed = 0;
  for (let i = 0; i < times; i++) {
    const said = await killProgram(folder, mode, Math.random() * LONGEST_MS);
    const age = ageOf(said);
    if (age !== undefined) ages.push(age);
    else {
      failed++;
      console.log(said);
    }
  }
  rmSync(folder, { recursive: true });
  ages.sort((a, b) => a - b);
  const at = (part: number) => ages[Math.floor(part * (ages.length - 1))];
  console.log(`Node ${process.version}, mode ${mode}: ${ages.length} of ${times} whole`);
  console.log(`age in ms: median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}`);
  if (failed > 0 || at(1)! >= 1000) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? 200), process.argv[3] ?? "exact");
