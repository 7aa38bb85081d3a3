/** Calls into the engine that allocate much: JSON and split. */
const ROUNDS = 60_000;
const TEXT = JSON.stringify({
  id: 1,
  names: ["ann", "bob", "cid"],
  at: { x: 1, y: 2 },
  list: [1, 2, 3, 4, 5, 6, 7, 8],
});
const CSV = "one,two,three,four,five,six,seven,eight,nine,ten";
const OBJECT = JSON.parse(TEXT);
const write = (i) => {
  OBJECT.id = i & 7;
  return JSON.stringify(OBJECT);
};
export const units = { parse: () => JSON.parse(TEXT), split: () => CSV.split(","), write };
export const bytes = (size) => ({
  parse: ROUNDS * size.parse,
  split: ROUNDS * size.split,
  write: ROUNDS * size.write,
});

export function run() {
  const kept = new Array(64).fill(null);
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 15] = JSON.parse(TEXT); //= parse
    kept[16 + (i & 15)] = CSV.split(","); //= split
    OBJECT.id = i & 7;
    kept[32 + (i & 15)] = JSON.stringify(OBJECT); //= write
  }
  return kept;
}
