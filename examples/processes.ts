// Work shared out to child processes, each of which profiles its own part. Children started with `fork` inherit `--require`,
// so every process prints a report of its own.
//
//   npx mprof examples/processes.ts

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { profile } from "mprof";

const MIB = 1024 * 1024;

/** In a child: fill a buffer of the given size and add it up. */
const work = profile((mib: number): number => {
  const buffer = new Uint8Array(mib * MIB);
  buffer.fill(1);
  let sum = 0;
  for (let i = 0; i < buffer.length; i += MIB) {
    sum += buffer[i]!;
  }
  return sum;
});

/** In the parent: one child for each size, all at the same time. */
const share = profile(async (sizes: number[]): Promise<number> => {
  const children = sizes.map((size) => fork(fileURLToPath(import.meta.url), [String(size)]));
  const answers = await Promise.all(children.map((child) => once(child, "message")));
  let total = 0;
  for (const [answer] of answers) {
    total += Number(answer);
  }
  return total;
});

const size = process.argv[2];
if (size === undefined) {
  console.log(`${await share([10, 20, 40])} MiB touched by three children`);
} else {
  const answer = work(Number(size));
  process.send?.(answer, () => process.disconnect());
}
