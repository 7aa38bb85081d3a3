/** Accessors: what they make is of the line that reads or stores; one makes nothing at first, and much later on. */
const ROUNDS = 2e6;
export const units = {
  read: (i) => [i, i, i, i, i, i, i, i, i, i],
  stored: (i) => ({ i, k: { i } }),
  late: (i) => [i, i, i, i, i, i],
};
export const bytes = (size) => ({
  read: ROUNDS * size.read,
  stored: ROUNDS * size.stored,
  late: (ROUNDS / 2) * size.late,
  nothing: 0,
});

class Box {
  kept = null;
  i = 0;
  isLate = false;
  get row() {
    const { i } = this;
    return [i, i, i, i, i, i, i, i, i, i];
  }
  set value(i) {
    this.kept = { i, k: { i } };
  }
  get late() {
    const { i } = this;
    return this.isLate ? [i, i, i, i, i, i] : null;
  }
}

export function run() {
  const box = new Box();
  const kept = new Array(64).fill(null);
  let sum = 0;
  for (let i = 0; i < ROUNDS; i++) {
    box.i = i; //= nothing
    const row = box.row; //= read
    box.value = i; //= stored
    const late = box.late; //= late
    sum += box.i; //= nothing
    kept[i & 31] = row;
    kept[32 + (i & 31)] = late;
    box.isLate = i > ROUNDS / 2;
  }
  return [sum, kept];
}
