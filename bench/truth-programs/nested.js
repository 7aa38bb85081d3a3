/** A profiled function that calls another: the row of the call has what the callee's rows have. */
const ROUNDS = 1e6;
export const profiled = ["run", "make"];
export const sums = true;
export const units = {
  point: (i) => ({ x: i, y: i + 1 }),
  list: (i) => [i, i, i, i, i, i],
  own: (i) => [i, i],
};
export const bytes = (size) => ({
  point: ROUNDS * size.point,
  list: ROUNDS * size.list,
  call: ROUNDS * (size.point + size.list),
  own: ROUNDS * size.own,
});
const kept = new Array(128).fill(null);

function make(i) {
  kept[i & 31] = { x: i, y: i + 1 }; //= point
  const list = [i, i, i, i, i, i]; //= list
  return list;
}

export function run() {
  for (let i = 0; i < ROUNDS; i++) {
    kept[32 + (i & 31)] = make(i); //= call
    kept[64 + (i & 31)] = [i, i]; //= own
  }
  return kept.length;
}
