/**
 * What reading a heap snapshot takes: the densest heap, 3.3 million objects of 36 bytes. `node dist/esm/bench/heap-reader.js
 * [runs]` prints each run's time and memory, and fails if the best is over 1.5 s or 300 MiB.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const READER = fileURLToPath(new URL("../heap/reader-process.js", import.meta.url));
const OBJECTS = 820_000;
const PROGRAM = `
const all = (globalThis.all = []);
for (let i = 0; i < ${OBJECTS}; i++) all.push({ a: i, b: [i, i + 0.5], c: { d: i } });
require("node:v8").writeHeapSnapshot(process.argv[1]);
`;
const MOST_SECONDS = 1.5;
const MOST_MIB = 300;
/** Tells the process's own peak behind what it prints. */
const WATCHED = `
process.on("exit", () => console.error(performance.now(), process.resourceUsage().maxRSS));
process.argv.splice(1, 0, "-e");
import(${JSON.stringify(READER)});
`;

const runs = Number(process.argv[2] ?? 3);
const folder = mkdtempSync(join(tmpdir(), "mprof-bench-"));
const path = join(folder, "dense.heapsnapshot");
let isWithin = false;
try {
  const begin = performance.now();
  spawnSync(process.execPath, ["--max-old-space-size=4000", "-e", PROGRAM, path], { stdio: "inherit" });
  console.log(`V8 writes it       ${((performance.now() - begin) / 1000).toFixed(1)} s, Node ${process.version}`);
  for (let run = 0; run < runs; run++) {
    const { stderr } = spawnSync(process.execPath, ["-e", WATCHED, path], { encoding: "utf8" });
    const [ms, kib] = stderr.trim().split(" ").map(Number) as [number, number];
    if (!(ms > 0)) throw new Error(stderr);
    const [seconds, mib] = [ms / 1000, kib / 1024];
    isWithin ||= seconds <= MOST_SECONDS && mib <= MOST_MIB;
    console.log(`read and searched  ${seconds.toFixed(2)} s, ${mib.toFixed(0)} MiB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (!isWithin) process.exitCode = 1;
