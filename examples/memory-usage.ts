// Memory of this process while a function runs, and what the function returns: sampled from outside, because the function
// leaves no room for a timer.
//
//   npx mprof examples/memory-usage.ts
import { memit, memoryUsage, timestamp } from "mprof";

function sortAll(blocks: number): number {
  const kept: Float64Array[] = [];
  for (let i = 0; i < blocks; i++) {
    const block = new Float64Array(2 ** 20);
    for (let k = 0; k < block.length; k++) block[k] = Math.random();
    kept.push(block.sort());
  }
  return kept.length;
}

const [values, count] = await memoryUsage([sortAll, [4]], { interval: 0.25, timestamps: true, retval: true });
const [, start] = values[0]!;
console.log(`${count} blocks, ${values.length} samples`);
for (const [memory, time] of values) {
  console.log(`${(time - start).toFixed(2)} s  ${memory.toFixed(0).padStart(4)} MiB  ${"#".repeat(memory / 4)}`);
}

// A block on the time line, under `mprof run`.
await timestamp("once more", () => memit(() => sortAll(2), { interval: 0.01 }));
