/** Objects, and the array that holds them: its store is made anew as it grows. */
const ROUNDS = 12;
const SIZE = 250_000;
export const units = {
  point: (i) => ({ x: i, y: i + 1 }),
  stores: () => {
    const rows = [];
    for (let i = 0; i < SIZE; i++) rows.push(null);
    return rows;
  },
};
export const bytes = (size) => ({ point: ROUNDS * SIZE * size.point, push: ROUNDS * size.stores });

export function run() {
  let rows = [];
  for (let round = 0; round < ROUNDS; round++) {
    rows = [];
    for (let i = 0; i < SIZE; i++) {
      const point = { x: i, y: i + 1 }; //= point
      rows.push(point); //= push
    }
  }
  return rows.length;
}
