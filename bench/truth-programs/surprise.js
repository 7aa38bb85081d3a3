/** An array of 2 MiB, once in 40,000 rounds, in one of five calls that could all have made it. */
const ROUNDS = 2e6;
const RARE = 40_000;
const one = (i) => ({ i });
const two = (i) => [i, i];
const three = (i) => (i % RARE === 0 ? new Array(2 ** 18).fill(i) : { i, k: i });
const four = (i) => [i];
const five = (i) => ({ i, j: i, k: i });
export const units = { one, two, three: (i) => ({ i, k: i }), large: () => new Array(2 ** 18).fill(1), four, five };
export const bytes = (size) => ({
  one: ROUNDS * size.one,
  two: ROUNDS * size.two,
  three: ROUNDS * size.three + (ROUNDS / RARE) * size.large,
  four: ROUNDS * size.four,
  five: ROUNDS * size.five,
});

export function run() {
  const kept = new Array(128).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 15] = one(i); //= one
    kept[16 + (i & 15)] = two(i); //= two
    kept[32] = three(i); //= three
    kept[48 + (i & 15)] = four(i); //= four
    kept[64 + (i & 15)] = five(i); //= five
  }
  return kept;
}
