/** Binary trees built and walked by recursion. */
function build(depth) {
  if (depth === 0) return { left: null, right: null };
  const left = build(depth - 1);
  const right = build(depth - 1);
  return { left, right };
}

function count(node) {
  if (node.left === null) return 1;
  return 1 + count(node.left) + count(node.right);
}

export function run(scale) {
  let sum = 0;
  for (let round = 0; round < 3000 * scale; round++) {
    const root = build(10);
    sum += count(root);
  }
  return sum;
}
