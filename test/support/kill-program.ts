/** Programs that compute, and one killed under the command at a moment of one's own. Linux. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { BIN } from "./run-cli.ts";

/** Computes, and says so; profiled once. */
export const BUSY = `// @profile
function load(n) {
  return n;
}
load(1);
console.log("ready");
for (;;);
`;

/** `app.js`; says `ready` after its first profiled call. */
export const COMPUTING = `// @profile
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

/** Kills `app.js` of the folder `cwd` so many milliseconds after it is ready. @returns what the command says on standard error */
export function killProgram(cwd: string, mode: string, ms: number): Promise<string> {
  return new Promise((resolve) => {
    let stderr = "";
    const command = spawn(process.execPath, [BIN, "--mode", mode, "app.js"], { cwd });
    command.stderr.on("data", (text) => {
      stderr += text;
    });
    command.stdout.once("data", () => {
      setTimeout(() => process.kill(childrenOf(command.pid!)[0]!, "SIGKILL"), ms);
    });
    command.on("close", () => resolve(stderr));
  });
}

export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}

/** Milliseconds: how old the figures of a killed program are, as its report says; undefined if some are missing. */
export function ageOf(stderr: string): number | undefined {
  const [, age, unit] = /by SIGKILL; these figures are ([\d.]+) (ms|s) old\n/.exec(stderr) ?? [];
  return age === undefined || /damaged|missing/.test(stderr) ? undefined : Number(age) * (unit === "s" ? 1000 : 1);
}
