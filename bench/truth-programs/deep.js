/** Four profiled functions, each calling the next: three rows have what the last allocates. */
const ROUNDS = 2e6;
export const profiled = ["run", "outer", "middle", "inner"];
export const sums = true;
export const units = { small: (i) => [i], point: (i) => ({ x: i, y: i + 1 }), list: (i) => [i, i, i, i, i, i] };
export const bytes = (size) => ({
  list: ROUNDS * size.list,
  callInner: ROUNDS * size.list,
  point: ROUNDS * size.point,
  callMiddle: ROUNDS * (size.list + size.point),
  small: ROUNDS * size.small,
  callOuter: ROUNDS * (size.list + size.point + size.small),
});
const kept = new Array(128).fill(null);

function inner(i) {
  const list = [i, i, i, i, i, i]; //= list
  return list;
}

function middle(i) {
  kept[i & 31] = { x: i, y: i + 1 }; //= point
  const list = inner(i); //= callInner
  return list;
}

function outer(i) {
  const list = middle(i); //= callMiddle
  kept[32 + (i & 31)] = [i]; //= small
  return list;
}

export function run() {
  for (let i = 0; i < ROUNDS; i++) {
    kept[64 + (i & 31)] = outer(i); //= callOuter
  }
  return kept.length;
}
