/**
 * Kills a profiled program at random moments and reads what was kept: `node dist/esm/bench/kills.js [times] [mode]`. Prints how
 * old the figures were; exits with 1 if one was not whole, or older than a second. 200 kills take four minutes.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../cli/bin.js", import.meta.url));
const PROGRAM = `// @profile
function work(keep) {
  let s = 0;
  for (let i = 0; i < 100; i++) {
    s += i;
  }
  keep[s % 1000] = new Array(s % 1000);
  return s;
}
const keep = [];
work(keep);
console.log("ready");
for (;;) work(keep);
`;
const LONGEST_MS = 1500;

/** @returns what standard error says after the program was killed */
function kill(cwd: string, mode: string, ms: number): Promise<string> {
  return new Promise((resolve) => {
    let stderr = "";
    const command = spawn(process.execPath, [BIN, "--mode", mode, "app.js"], { cwd });
    command.stderr.on("data", (text) => {
      stderr += text;
    });
    command.stdout.once("data", () => {
      setTimeout(() => {
        const children = readFileSync(`/proc/${command.pid}/task/${command.pid}/children`, "utf8");
        process.kill(Number(children.trim().split(" ")[0]), "SIGKILL");
      }, ms);
    });
    command.on("close", () => resolve(stderr));
  });
}

async function main(times: number, mode: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mprof-kills-"));
  writeFileSync(join(folder, "app.js"), PROGRAM);
  const ages: number[] = [];
  let failed = 0;
  for (let i = 0; i < times; i++) {
    const said = await kill(folder, mode, Math.random() * LONGEST_MS);
    const [, age] = /by SIGKILL; these figures are (\d+) ms old\n/.exec(said) ?? [];
    if (age !== undefined && !/damaged|missing/.test(said)) ages.push(Number(age));
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
  if (failed > 0 || at(1)! > 1000) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? 200), process.argv[3] ?? "exact");
