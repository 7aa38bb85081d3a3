/** Maps and sets: words counted, neighbours found. */
function countWords(words) {
  const counts = new Map();
  for (const word of words) {
    const before = counts.get(word) ?? 0;
    counts.set(word, before + 1);
  }
  return counts;
}

function findCommon(a, b) {
  const common = new Set();
  for (const [word, count] of a) {
    if (b.has(word) && count > 1) common.add(word);
  }
  return common;
}

function makeWords(size, seed) {
  const words = [];
  for (let i = 0; i < size; i++) {
    words.push(`w${(i * seed) % 301}`);
  }
  return words;
}

export function run(scale) {
  const first = makeWords(2_500, 7);
  const second = makeWords(2_500, 11);
  let sum = 0;
  for (let round = 0; round < 400 * scale; round++) {
    const common = findCommon(countWords(first), countWords(second));
    sum += common.size;
  }
  return sum;
}
