/** Small Sets, made, filled and read again. */
const ROUNDS = 1.5e5;
const filled = () => {
  const set = new Set();
  for (let k = 0; k < 20; k++) set.add(k);
  return set;
};
export const units = { made: () => new Set(), filled, spread: () => [...FULL] };
const FULL = filled();
export const bytes = (size) => ({
  made: ROUNDS * size.made,
  add: ROUNDS * (size.filled - size.made),
  spread: ROUNDS * size.spread,
});

export function run() {
  let sum = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const set = new Set(); //= made
    for (let k = 0; k < 20; k++) {
      set.add(k); //= add
    }
    const values = [...set]; //= spread
    sum = (sum + values.length) & 1023;
  }
  return sum;
}
