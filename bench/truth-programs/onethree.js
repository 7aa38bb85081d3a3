/** Two lines that allocate one part and three parts. */
const ROUNDS = 4e6;
export const units = { small: (i) => [i, i], large: (i) => [i, i, i, i, i, i, i, i, i, i, i, i, i, i] };
export const bytes = (size) => ({ small: ROUNDS * size.small, large: ROUNDS * size.large });

export function run() {
  const kept = new Array(128).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    const small = [i, i]; //= small
    kept[i & 63] = small;
    const large = [i, i, i, i, i, i, i, i, i, i, i, i, i, i]; //= large
    kept[64 + (i & 63)] = large;
  }
  return kept;
}
