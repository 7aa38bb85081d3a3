/** Documents written and read by JSON: the work is in the engine, few lines run. */
function makeRecord(i) {
  const tags = ["red", "green", "blue"].slice(i % 3);
  return { id: i, name: `record ${i}`, tags, at: { x: i * 2, y: i % 97 }, isOpen: i % 2 === 0 };
}

function makeDocument(size) {
  const records = [];
  for (let i = 0; i < size; i++) {
    records.push(makeRecord(i));
  }
  return { version: 1, records };
}

function roundTrip(document) {
  const text = JSON.stringify(document);
  const copy = JSON.parse(text);
  return text.length + copy.records.length;
}

export function run(scale) {
  let sum = 0;
  for (let round = 0; round < 800 * scale; round++) {
    const document = makeDocument(100);
    sum += roundTrip(document);
  }
  return sum;
}
