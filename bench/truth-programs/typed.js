/** Typed arrays: on the heap, and too large for it. */
const ROUNDS = 2e5;
export const units = { small: () => new Uint8Array(48), large: () => new Float64Array(200) };
export const bytes = (size) => ({ small: ROUNDS * size.small, large: ROUNDS * size.large });

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    const small = new Uint8Array(48); //= small
    small[i & 31] = 1;
    kept[i & 31] = small;
    const large = new Float64Array(200); //= large
    kept[32 + (i & 31)] = large;
  }
  return kept;
}
