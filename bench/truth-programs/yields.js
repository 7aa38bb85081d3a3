/** A generator: what is allocated between yields. */
const ROUNDS = 1e6;
export const profiled = ["source"];
export const units = { pair: (i) => [i, i], record: (i) => ({ i, next: null, last: null, k: i }) };
export const bytes = (size) => ({ pair: ROUNDS * size.pair, record: ROUNDS * size.record });
/** The object with `value` and `done`. */
export const unknown = ["first", "second"];

function* source() {
  for (let i = 0; i < ROUNDS; i++) {
    const pair = [i, i]; //= pair
    yield pair; //= first
    const record = { i, next: null, last: null, k: i }; //= record
    yield record; //= second
  }
}

export function run() {
  const kept = new Array(64).fill(null);
  let i = 0;
  for (const each of source()) kept[i++ & 63] = each;
  return kept;
}
