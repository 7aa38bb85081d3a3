/** Two arrays that grow, one four times as fast, and nothing else. */
const ROUNDS = 16;
const SIZE = 400_000;
const stores = (count) => () => {
  const rows = [];
  for (let i = 0; i < count; i++) rows.push(null);
  return rows;
};
export const units = { many: stores(SIZE), few: stores(SIZE / 4) };
export const bytes = (size) => ({ many: ROUNDS * size.many, few: ROUNDS * size.few });

export function run() {
  let length = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const many = [];
    const few = [];
    for (let i = 0; i < SIZE; i++) {
      many.push(i); //= many
      if (i % 4 === 0) {
        few.push(i); //= few
      }
    }
    length += many.length + few.length;
  }
  return length;
}
