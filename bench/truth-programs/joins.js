/** Arrays made of arrays; a store into a copy of a literal copies its elements first. */
const ROUNDS = 1e6;
const BASE = ["a", "b", "c", "d", "e", "f", "g", "h"];
const touched = (i) => {
  const copy = BASE.slice();
  copy[i & 7] = "x";
  return copy;
};
export const units = {
  slice: () => BASE.slice(),
  touched,
  concat: () => BASE.concat(BASE),
  mapped: () => BASE.map((each) => each.length),
};
export const bytes = (size) => ({
  slice: ROUNDS * size.slice,
  store: ROUNDS * (size.touched - size.slice),
  concat: ROUNDS * size.concat,
  mapped: ROUNDS * size.mapped,
});

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    const copy = BASE.slice(); //= slice
    copy[i & 7] = "x"; //= store
    kept[i & 15] = copy;
    kept[16 + (i & 15)] = BASE.concat(BASE); //= concat
    kept[32 + (i & 15)] = BASE.map((each) => each.length); //= mapped
  }
  return kept;
}
