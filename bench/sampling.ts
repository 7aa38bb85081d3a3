/**
 * What sampling costs the program: wall-clock medians of a CPU-bound program by itself and under `mprof run`, interleaved.
 * Prints the ratio; `node dist/esm/bench/sampling.js [rounds]`, about a minute.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../cli/bin.js", import.meta.url));
/** Prints how many milliseconds its own work took, so that the start of processes does not count. */
const PROGRAM = `
const begin = performance.now();
let sum = 0;
for (let i = 0; i < 4e8; i++) sum = (sum * 31 + i) | 0;
console.log(performance.now() - begin, sum);
`;
const INTERVALS = [0.1, 0.01, 0.001];

function time(command: string, args: string[], cwd: string): number {
  const { stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  const milliseconds = Number.parseFloat(stdout);
  if (!(milliseconds > 0)) throw new Error(`the program did not say how long it took\n${stderr}`);
  return milliseconds;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

const rounds = Number(process.argv[2] ?? 11);
const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
const alone: number[] = [];
const sampled = new Map(INTERVALS.map((interval) => [interval, [] as number[]]));
try {
  const program = [process.execPath, "-e", PROGRAM];
  for (let round = 0; round < rounds; round++) {
    alone.push(time(program[0]!, program.slice(1), folder));
    for (const [interval, times] of sampled) {
      const flags = [COMMAND, "run", "--no-node", "-T", String(interval), "-o", "a.dat"];
      times.push(time(process.execPath, [...flags, ...program], folder));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const base = median(alone);
console.log(`Node ${process.version}, ${rounds} rounds\nby itself      ${base.toFixed(0)} ms`);
for (const [interval, times] of sampled) {
  const cost = median(times);
  console.log(`-T ${String(interval).padEnd(8)}    ${cost.toFixed(0)} ms  ${(cost / base).toFixed(3)}`);
}
