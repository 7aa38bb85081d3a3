// The example everybody knows from memory_profiler's handbook: a small array, a large one, and the large one let go.
//
//   npx mprof examples/classic.ts
//   npx mprof --gc examples/classic.ts

@profile
function myFunc(): number[] {
  const a = new Array(1e6).fill(1);
  let b: number[] | null = new Array(2e7).fill(2);
  b = null;
  return a;
}

myFunc();
