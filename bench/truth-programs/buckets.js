/** Three hundred arrays that grow under one `push`. */
const ROUNDS = 10;
const BUCKETS = 300;
const SIZE = 1000;
export const units = {
  entry: (i) => ({ i }),
  stores: () => {
    const rows = [];
    for (let i = 0; i < SIZE; i++) rows.push(null);
    return rows;
  },
  empty: () => [],
};
export const bytes = (size) => ({
  entry: ROUNDS * BUCKETS * SIZE * size.entry,
  push: ROUNDS * BUCKETS * (size.stores - size.empty),
});

export function run() {
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const buckets = Array.from({ length: BUCKETS }, () => []);
    for (let i = 0; i < BUCKETS * SIZE; i++) {
      const bucket = buckets[i % BUCKETS];
      const entry = { i }; //= entry
      bucket.push(entry); //= push
    }
    sum += buckets[7].length;
  }
  return sum;
}
