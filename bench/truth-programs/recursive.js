/** Recursion: within a listing every byte is charged once, to the line of the call that allocates it. */
const ROUNDS = 50;
const DEPTH = 14;
const NODES = 2 ** (DEPTH + 1) - 1;
export const profiled = ["build"];
export const sums = true;
export const units = { leaf: (i) => ({ id: i, left: null }), node: (i) => ({ id: i, left: null, right: null }) };
export const bytes = (size) => ({
  leaf: ROUNDS * 2 ** DEPTH * size.leaf,
  node: ROUNDS * (NODES - 2 ** DEPTH) * size.node,
});

function build(depth, id) {
  if (depth === 0) {
    return { id, left: null }; //= leaf
  }
  const left = build(depth - 1, 2 * id);
  const right = build(depth - 1, 2 * id + 1);
  return { id, left, right }; //= node
}

export function run() {
  let last = null;
  for (let round = 0; round < ROUNDS; round++) last = build(DEPTH, 1);
  return last;
}
