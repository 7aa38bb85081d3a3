/** A call that keeps a fifth of what it allocates, beside one that keeps all. */
const ROUNDS = 8e5;
const SIZE = 4;
function some(i) {
  const parts = [];
  for (let k = 0; k < SIZE; k++) parts.push({ k, i });
  return parts[0];
}
const all = (i) => ({ a: { i }, b: { i } });
export const units = { some, all };
export const bytes = (size) => ({ some: ROUNDS * size.some, all: ROUNDS * size.all });

const kept = new Array(2 * ROUNDS).fill(null);

export function run() {
  for (let i = 0; i < ROUNDS; i++) {
    kept[2 * i] = some(i); //= some
    kept[2 * i + 1] = all(i); //= all
  }
  return kept.length;
}
