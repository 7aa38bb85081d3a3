// The example everybody knows from memory_profiler's handbook: a small array, a large one, and the large one let go.
//
//   node --require mprof/register examples/classic.ts

import { profile } from "mprof";

const myFunc = profile(() => {
  const a = new Array(1e6).fill(1);
  let b: number[] | null = new Array(2e7).fill(2);
  b = null;
  return a;
});

myFunc();
