/** Closures, and the scope of what they capture, which a round of the loop makes. */
const ROUNDS = 2e6;
export const units = {
  both: (i) => {
    const value = i;
    return () => value;
  },
  bare: () => () => 1,
  list: (i) => [i, i, i],
};
export const bytes = (size) => ({
  // The scope has no line of its own: it is made where the round begins.
  scope: ROUNDS * (size.both - size.bare),
  closure: ROUNDS * size.bare,
  list: ROUNDS * size.list,
});

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    //= scope
    const value = i;
    const get = () => value; //= closure
    kept[i & 31] = get;
    kept[32 + (i & 31)] = [i, i, i]; //= list
  }
  return kept;
}
