/** A profiled callback, run by the engine within a line of another profiled function. */
const ROUNDS = 120_000;
const SIZE = 30;
export const profiled = ["run", "convert"];
export const sums = true;
const INPUT = Array.from({ length: SIZE }, (_, i) => i);
export const units = { point: (i) => ({ x: i, y: i + 1 }), mapped: () => INPUT.map((i) => i), own: (i) => [i, i] };
export const bytes = (size) => ({
  point: ROUNDS * SIZE * size.point,
  map: ROUNDS * (size.mapped + SIZE * size.point),
  own: ROUNDS * size.own,
});

function convert(i) {
  const point = { x: i, y: i + 1 }; //= point
  return point;
}

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 31] = INPUT.map(convert); //= map
    kept[32 + (i & 31)] = [i, i]; //= own
  }
  return kept;
}
