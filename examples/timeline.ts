// Several functions, some inside others, with short sleeps between: something to see in a plot of memory over time,
// where each call is a bracket from its start to its end.
//
//   npx mprof run examples/timeline.ts && npx mprof plot

import { setTimeout as sleep } from "node:timers/promises";
import { profile } from "mprof";

const MIB = 1024 * 1024;

const readBlock = profile(async (mib: number): Promise<Uint8Array> => {
  const block = new Uint8Array(mib * MIB).fill(1);
  await sleep(150);
  return block;
});

const load = profile(async (blocks: number): Promise<Uint8Array[]> => {
  const data: Uint8Array[] = [];
  for (let i = 0; i < blocks; i++) {
    data.push(await readBlock(20));
  }
  return data;
});

const transform = profile(async (data: Uint8Array[]): Promise<Uint8Array[]> => {
  const doubled: Uint8Array[] = [];
  for (const block of data) {
    doubled.push(block.map((byte) => byte * 2));
    await sleep(100);
  }
  return doubled;
});

const save = profile(async (data: Uint8Array[]): Promise<number> => {
  let written = 0;
  while (data.length > 0) {
    const block = data.pop();
    written += block?.length ?? 0;
    await sleep(50);
  }
  return written;
});

const main = profile(async (): Promise<void> => {
  let data = await load(4);
  await sleep(200);
  data = await transform(data);
  const written = await save(data);
  console.log(`${written / MIB} MiB processed`);
  await sleep(200);
});

await main();
