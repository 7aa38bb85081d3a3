// Four ways to need less memory, each as a wasteful and a thrifty function with the same result:
//   1. a generator instead of a list     2. letting go early
//   3. a view instead of a copy          4. chunks instead of everything at once
//
//   node --require mprof/register examples/patterns.ts

import { profile } from "mprof";

// 1. A generator instead of a list: the sum needs one number at a time.

const sumOfList = profile((n: number): number => {
  const squares: number[] = [];
  for (let i = 0; i < n; i++) {
    squares.push(i * i);
  }
  let sum = 0;
  for (const square of squares) {
    sum += square;
  }
  return sum;
});

function* squaresUpTo(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i * i;
}

const sumOfGenerator = profile((n: number): number => {
  let sum = 0;
  for (const square of squaresUpTo(n)) {
    sum += square;
  }
  return sum;
});

// 2. Letting go early: the raw data is not needed once its summary is there.

const keepsRawData = profile((n: number): number => {
  const raw = new Float64Array(n).fill(1.5);
  const summary = raw.reduce((sum, x) => sum + x, 0);
  const next = new Float64Array(n).fill(2.5);
  return summary + next.reduce((sum, x) => sum + x, 0) + raw.length;
});

const letsGoEarly = profile((n: number): number => {
  let raw: Float64Array | null = new Float64Array(n).fill(1.5);
  const { length } = raw;
  const summary = raw.reduce((sum, x) => sum + x, 0);
  raw = null;
  const next = new Float64Array(n).fill(2.5);
  return summary + next.reduce((sum, x) => sum + x, 0) + length;
});

// 3. A view instead of a copy: subarray() looks at the same bytes, slice() takes new ones.

const copies = profile((n: number): number => {
  const signal = new Float64Array(n).fill(1);
  const firstHalf = signal.slice(0, n / 2);
  const secondHalf = signal.slice(n / 2);
  return firstHalf.length + secondHalf.length;
});

const views = profile((n: number): number => {
  const signal = new Float64Array(n).fill(1);
  const firstHalf = signal.subarray(0, n / 2);
  const secondHalf = signal.subarray(n / 2);
  return firstHalf.length + secondHalf.length;
});

// 4. Chunks instead of everything at once: one buffer, filled again and again.

const atOnce = profile((n: number): number => {
  const everything = new Float64Array(n);
  for (let i = 0; i < n; i++) everything[i] = i % 7;
  return everything.reduce((sum, x) => sum + x, 0);
});

const inChunks = profile((n: number): number => {
  const chunk = new Float64Array(64 * 1024);
  let sum = 0;
  for (let start = 0; start < n; start += chunk.length) {
    const length = Math.min(chunk.length, n - start);
    for (let i = 0; i < length; i++) chunk[i] = (start + i) % 7;
    sum += chunk.subarray(0, length).reduce((s, x) => s + x, 0);
  }
  return sum;
});

const N = 1_000_000;
for (const [wasteful, thrifty] of [
  [sumOfList, sumOfGenerator],
  [keepsRawData, letsGoEarly],
  [copies, views],
  [atOnce, inChunks],
] as const) {
  console.log(wasteful(N) === thrifty(N) ? "same result" : "DIFFERENT RESULTS");
}
