/** Two profiled functions that call each other: the row of a call has what the other function itself allocates. */
const ROUNDS = 120_000;
const DEPTH = 40;
export const profiled = ["even", "odd"];
export const sums = true;
export const units = { point: (i) => ({ x: i, y: i + 1 }), list: (i) => [i, i, i, i, i, i] };
// even runs for DEPTH, DEPTH - 2, …, 0, odd between.
export const bytes = (size) => ({
  point: ROUNDS * (DEPTH / 2 + 1) * size.point,
  callOdd: ROUNDS * (DEPTH / 2) * size.list,
  list: ROUNDS * (DEPTH / 2) * size.list,
  callEven: ROUNDS * (DEPTH / 2) * size.point,
});
const kept = new Array(128).fill(null);

function even(n) {
  kept[n & 31] = { x: n, y: n + 1 }; //= point
  if (n > 0) {
    odd(n - 1); //= callOdd
  }
}

function odd(n) {
  kept[32 + (n & 31)] = [n, n, n, n, n, n]; //= list
  even(n - 1); //= callEven
}

export function run() {
  for (let round = 0; round < ROUNDS; round++) even(DEPTH);
  return kept.length;
}
