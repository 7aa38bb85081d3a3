/** A line that runs once in 5,000 rounds and makes a third of all, in small pieces. */
const ROUNDS = 4e6;
const RARE = 5000;
export const units = { often: (i) => [i], seldom: (i) => new Array(4000).fill(i) };
export const bytes = (size) => ({ often: ROUNDS * size.often, seldom: (ROUNDS / RARE) * size.seldom });

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 31] = [i]; //= often
    if (i % RARE === 0) {
      kept[32] = new Array(4000).fill(i); //= seldom
    }
  }
  return kept;
}
