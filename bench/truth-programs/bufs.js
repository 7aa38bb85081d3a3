/** Buffers in a hot loop, of 5 and 15 KiB. */
const ROUNDS = 60_000;
export const units = { one: () => Buffer.alloc(5 * 1024), three: () => Buffer.alloc(15 * 1024) };
export const bytes = (size) => ({ one: ROUNDS * size.one, three: ROUNDS * size.three });

export function run() {
  const kept = new Array(16).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    const one = Buffer.alloc(5 * 1024); //= one
    kept[i & 7] = one;
    const three = Buffer.alloc(15 * 1024); //= three
    kept[8 + (i & 7)] = three;
  }
  return kept;
}
