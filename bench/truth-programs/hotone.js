/** One line allocates; its neighbours only calculate, and take most of the time. */
const ROUNDS = 4e6;
export const units = { point: (i) => ({ x: i, y: i + 1 }) };
export const bytes = (size) => ({ point: ROUNDS * size.point });

export function run() {
  const kept = new Array(64).fill(null);
  let sum = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const point = { x: i, y: i + 1 }; //= point
    kept[i & 63] = point;
    sum = (sum * 31 + (i % 7)) % 1009;
    sum = (sum * 17 + (i % 11)) % 2003;
    sum = (sum * 13 + point.x) % 4001;
  }
  return sum;
}
