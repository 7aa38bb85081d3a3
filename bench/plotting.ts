/**
 * How long `mprof plot` takes for a million samples with 10,000 function calls, and how large its files are:
 * `node dist/esm/bench/plotting.js [program]`; with the path of Python's mprof its time too, up to 600 s.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../cli/bin.js", import.meta.url));
const SAMPLES = 1_000_000;
const SAMPLES_A_CALL = 100;
const FUNCTIONS = 20;
const PATIENCE_S = 600;

/** Waves with noise and one spike. */
function recording(): string {
  const records = ["CMDLINE node app.js\n"];
  for (let i = 0; i < SAMPLES; i++) {
    const time = 1795371575 + i / 1000;
    const memory = 100 + 50 * Math.sin(i / 5e4) + 5 * Math.random() + (i === 777_777 ? 400 : 0);
    records.push(`MEM ${memory.toFixed(6)} ${time.toFixed(4)}\n`);
    if (i % SAMPLES_A_CALL !== 0) continue;
    const call = i / SAMPLES_A_CALL;
    const [name, exit] = [`app.f${call % FUNCTIONS}`, (time + 0.05).toFixed(4)];
    records.push(`FUNC ${name} 100.0000 ${time.toFixed(4)} 110.0000 ${exit} ${call % 3}\n`);
  }
  return records.join("");
}

function time(command: string, args: string[], cwd: string): string {
  const begin = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: PATIENCE_S * 1000 });
  const seconds = (performance.now() - begin) / 1000;
  if (seconds > PATIENCE_S) return `more than ${PATIENCE_S} s`;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stderr}`);
  return `${seconds.toFixed(1)} s`;
}

const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
try {
  writeFileSync(join(folder, "a.dat"), recording());
  writeFileSync(join(folder, "matplotlibrc"), "backend: Agg\n");
  for (const extension of ["png", "svg", "html"]) {
    const taken = time(process.execPath, [COMMAND, "plot", "-o", `a.${extension}`, "a.dat"], folder);
    const mib = statSync(join(folder, `a.${extension}`)).size / 2 ** 20;
    console.log(`${extension.padEnd(5)} ${taken.padStart(8)}  ${mib.toFixed(2)} MiB`);
  }
  const [reference] = process.argv.slice(2);
  if (reference) console.log(`reference  ${time(reference, ["plot", "-o", "b.png", "a.dat"], folder)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
