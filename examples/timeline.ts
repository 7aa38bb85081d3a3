// Several asynchronous functions that call each other over time. A line that calls another profiled function is charged for
// what that did; what happens while a function waits is charged to nobody in it.
//
//   npx mprof examples/timeline.ts

import { setTimeout as sleep } from "node:timers/promises";

const MIB = 1024 * 1024;

@profile
async function readBlock(mib: number): Promise<Uint8Array> {
  const block = new Uint8Array(mib * MIB).fill(1);
  await sleep(150);
  return block;
}

@profile
async function load(blocks: number): Promise<Uint8Array[]> {
  const data: Uint8Array[] = [];
  for (let i = 0; i < blocks; i++) {
    data.push(await readBlock(20));
  }
  return data;
}

@profile
async function transform(data: Uint8Array[]): Promise<Uint8Array[]> {
  const doubled: Uint8Array[] = [];
  for (const block of data) {
    doubled.push(new Uint8Array(block).fill(2));
    await sleep(100);
  }
  return doubled;
}

@profile
async function save(data: Uint8Array[]): Promise<number> {
  let written = 0;
  while (data.length > 0) {
    const block = data.pop();
    written += block?.length ?? 0;
    await sleep(50);
  }
  return written;
}

@profile
async function main(): Promise<void> {
  let data = await load(4);
  await sleep(200);
  data = await transform(data);
  const written = await save(data);
  console.log(`${written / MIB} MiB processed`);
  await sleep(200);
}

await main();
