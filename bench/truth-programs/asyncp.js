/** An async function: what is allocated between awaits, and what an await itself takes. */
const ROUNDS = 1e6;
const ready = Promise.resolve(1);
export const units = { first: (i) => [i, i, i, i, i, i, i, i, i, i], second: (i) => ({ i, k: { i } }) };
export const bytes = (size) => ({ first: ROUNDS * size.first, second: ROUNDS * size.second });
/** What a promise takes is not known by construction. */
export const unknown = ["await"];

export async function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    const first = [i, i, i, i, i, i, i, i, i, i]; //= first
    kept[i & 31] = first;
    await ready; //= await
    kept[32 + (i & 31)] = { i, k: { i } }; //= second
  }
  return kept;
}
