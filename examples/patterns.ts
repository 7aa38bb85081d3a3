// Four ways to need less memory, each as a wasteful and a thrifty function with the same result:
//   1. a generator instead of a list     2. letting go early
//   3. a view instead of a copy          4. chunks instead of everything at once
// With --gc each row shows what it keeps, and what it lets go.
//
//   npx mprof --gc --backend heap examples/patterns.ts

// 1. A generator instead of a list: the sum needs one number at a time.

@profile
function sumOfList(n: number): number {
  const squares = [...squaresUpTo(n)];
  return sumOf(squares);
}

@profile
function sumOfGenerator(n: number): number {
  const squares = squaresUpTo(n);
  return sumOf(squares);
}

// 2. Letting go early: the raw data is not needed once its summary is there.

@profile
function keepsRawData(n: number): number {
  const raw = new Float64Array(n).fill(1.5);
  const summary = sumOf(raw);
  const next = new Float64Array(n).fill(2.5);
  return summary + sumOf(next) + raw.length;
}

@profile
function letsGoEarly(n: number): number {
  let raw: Float64Array | null = new Float64Array(n).fill(1.5);
  const { length } = raw;
  const summary = sumOf(raw);
  raw = null;
  const next = new Float64Array(n).fill(2.5);
  return summary + sumOf(next) + length;
}

// 3. A view instead of a copy: subarray() looks at the same bytes, slice() takes new ones.

@profile
function copies(n: number): number {
  const signal = new Float64Array(n).fill(1);
  const firstHalf = signal.slice(0, n / 2);
  const secondHalf = signal.slice(n / 2);
  return firstHalf.length + secondHalf.length;
}

@profile
function views(n: number): number {
  const signal = new Float64Array(n).fill(1);
  const firstHalf = signal.subarray(0, n / 2);
  const secondHalf = signal.subarray(n / 2);
  return firstHalf.length + secondHalf.length;
}

// 4. Chunks instead of everything at once: one buffer, filled again and again.

@profile
function atOnce(n: number): number {
  const everything = new Float64Array(n);
  fill(everything, 0);
  return sumOf(everything);
}

@profile
function inChunks(n: number): number {
  const chunk = new Float64Array(100_000);
  let sum = 0;
  for (let start = 0; start < n; start += chunk.length) {
    fill(chunk, start);
    sum += sumOf(chunk);
  }
  return sum;
}

// Not profiled: they run at full speed, and what they allocate is charged to the line that calls them.

function* squaresUpTo(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i * i;
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

function fill(numbers: Float64Array, start: number): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = (start + i) % 7;
}

const N = 1_000_000;
for (const [wasteful, thrifty] of [
  [sumOfList, sumOfGenerator],
  [keepsRawData, letsGoEarly],
  [copies, views],
  [atOnce, inChunks],
] as const) {
  console.log(wasteful(N) === thrifty(N) ? "same result" : "DIFFERENT RESULTS");
}
