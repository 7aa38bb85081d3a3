/** Generators that feed each other. */
function* range(n) {
  for (let i = 0; i < n; i++) {
    yield i;
  }
}

function* map(source, f) {
  for (const value of source) {
    yield f(value);
  }
}

function* filter(source, test) {
  for (const value of source) {
    if (test(value)) yield value;
  }
}

function triple(value) {
  return value * 3;
}

function isOdd(value) {
  return value % 2 === 1;
}

export function run(scale) {
  let sum = 0;
  for (let round = 0; round < 100 * scale; round++) {
    for (const value of filter(map(range(10_000), triple), isOdd)) {
      sum = (sum + value) % 1_000_003;
    }
  }
  return sum;
}
