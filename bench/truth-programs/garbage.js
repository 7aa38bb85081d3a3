/** What one line makes is kept, what the other makes is dropped at once: both have allocated it. */
const ROUNDS = 1.2e6;
export const units = { kept: (i) => ({ id: i, next: null, last: null }), dropped: (i) => [i, i, i, i, i, i] };
export const bytes = (size) => ({ kept: ROUNDS * size.kept, dropped: ROUNDS * size.dropped });

const all = new Array(ROUNDS).fill(null);

export function run() {
  const sink = [null];
  for (let i = 0; i < ROUNDS; i++) {
    const kept = { id: i, next: null, last: null }; //= kept
    all[i] = kept;
    const dropped = [i, i, i, i, i, i]; //= dropped
    sink[0] = dropped;
  }
  return all.length;
}
