/** A Buffer of 8 MiB on a line of its own, once in 100,000 rounds of a loop that allocates little. */
const ROUNDS = 6e6;
const RARE = 100_000;
export const units = { point: (i) => ({ x: i, y: i + 1 }), buffer: () => Buffer.allocUnsafeSlow(8 * 2 ** 20) };
export const bytes = (size) => ({ point: ROUNDS * size.point, buffer: (ROUNDS / RARE) * size.buffer });
/** Within 5 %. */
export const events = ["buffer"];

export function run() {
  const kept = new Array(64).fill(null);
  let last = null;
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 63] = { x: i, y: i + 1 }; //= point
    if (i % RARE === 0) {
      last = Buffer.allocUnsafeSlow(8 * 2 ** 20); //= buffer
    }
  }
  return last;
}
