/** The same Buffer, but within a call that mostly allocates nothing, beside other hot calls. */
const ROUNDS = 6e6;
const RARE = 100_000;
const make = (i) => ({ x: i, y: i + 1 });
const maybe = (i) => (i % RARE === 0 ? Buffer.allocUnsafeSlow(8 * 2 ** 20) : null);
const pair = (i) => [i, i];
export const units = { make, pair, buffer: () => Buffer.allocUnsafeSlow(8 * 2 ** 20) };
export const bytes = (size) => ({
  make: ROUNDS * size.make,
  maybe: (ROUNDS / RARE) * size.buffer,
  pair: ROUNDS * size.pair,
});

export function run() {
  const kept = new Array(128).fill(null);
  let last = null;
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 63] = make(i); //= make
    last = maybe(i) ?? last; //= maybe
    kept[64 + (i & 63)] = pair(i); //= pair
  }
  return last;
}
