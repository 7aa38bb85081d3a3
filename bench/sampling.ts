/**
 * What sampling costs the program: medians of a CPU-bound program by itself and under `mprof run`, interleaved. By the clock,
 * which on a busy machine says little, and in CPU time; prints the ratios. `node dist/esm/bench/sampling.js [rounds]`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../cli/bin.js", import.meta.url));
/** Prints how many milliseconds its own work took, by the clock and of the CPU: the start of processes does not count. */
const PROGRAM = `
const begin = performance.now();
const cpu = process.cpuUsage();
let sum = 0;
for (let i = 0; i < 2e8; i++) sum = (sum * 31 + i) | 0;
console.log(performance.now() - begin, process.cpuUsage(cpu).user / 1000, sum);
`;
const INTERVALS = [0.1, 0.01, 0.001];

interface Taken {
  clock: number;
  cpu: number;
}

function time(command: string, args: string[], cwd: string): Taken {
  const { stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  const [clock, cpu] = stdout.split(" ").map(Number) as [number, number];
  if (!(clock > 0)) throw new Error(`the program did not say how long it took\n${stderr}`);
  return { clock, cpu };
}

function median(all: Taken[]): Taken {
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
  return { clock: middle(all.map(({ clock }) => clock)), cpu: middle(all.map(({ cpu }) => cpu)) };
}

const rounds = Number(process.argv[2] ?? 11);
const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
const alone: Taken[] = [];
const sampled = new Map(INTERVALS.map((interval) => [interval, [] as Taken[]]));
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
console.log(`Node ${process.version}, ${rounds} rounds     clock            CPU`);
console.log(`by itself      ${base.clock.toFixed(0).padStart(7)} ms       ${base.cpu.toFixed(0).padStart(7)} ms`);
for (const [interval, times] of sampled) {
  const { clock, cpu } = median(times);
  const cells = [clock, cpu].map((value) => `${value.toFixed(0).padStart(7)} ms`);
  const ratios = [clock / base.clock, cpu / base.cpu].map((ratio) => ratio.toFixed(3));
  console.log(`-T ${String(interval).padEnd(11)} ${cells[0]} ${ratios[0]} ${cells[1]} ${ratios[1]}`);
}
