/** A Map that grows by doubling, and what it holds. */
const ROUNDS = 8;
const SIZE = 200_000;
export const units = {
  point: (i) => ({ x: i, y: i + 1 }),
  tables: () => {
    const map = new Map();
    for (let i = 0; i < SIZE; i++) map.set(i, null);
    return map;
  },
};
export const bytes = (size) => ({ point: ROUNDS * SIZE * size.point, set: ROUNDS * size.tables });

export function run() {
  let count = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const map = new Map();
    for (let i = 0; i < SIZE; i++) {
      const point = { x: i, y: i + 1 }; //= point
      map.set(i, point); //= set
    }
    count += map.size;
  }
  return count;
}
