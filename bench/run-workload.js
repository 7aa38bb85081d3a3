/**
 * One process of the overhead benchmark: `run-workload.js <file> <scale> <rounds> [patience]` prints its best time in
 * milliseconds. What is slow is not run as often: no round begins after `patience` milliseconds.
 */
import { pathToFileURL } from "node:url";

const [, , workload, scale, rounds, patience = "6000"] = process.argv;
const { run } = await import(pathToFileURL(workload));
const start = performance.now();
let best = Number.POSITIVE_INFINITY;
for (let round = 0; round < Number(rounds) && performance.now() - start < Number(patience); round++) {
  const began = performance.now();
  const result = await run(Number(scale));
  // A workload whose work is done by another process has its own clock.
  best = Math.min(best, result?.milliseconds ?? performance.now() - began);
}
console.log(`best ${best.toFixed(3)}`);
