/** Small objects and arrays that live for a while: a ring of lists. */
function makePoint(i) {
  const x = i % 1000;
  const y = i >> 3;
  return { x, y };
}

function addTo(list, i) {
  const point = makePoint(i);
  list.push(point);
  return point.x;
}

function fill(ring, slot, size) {
  const list = [];
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += addTo(list, i);
  }
  ring[slot] = list;
  return sum;
}

export function run(scale) {
  const ring = new Array(16).fill(null);
  let sum = 0;
  for (let round = 0; round < 10_000 * scale; round++) {
    sum += fill(ring, round % 16, 1000);
  }
  return sum;
}
