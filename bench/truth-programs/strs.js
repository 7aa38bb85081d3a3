/** Strings: put together, cut, joined. */
const ROUNDS = 1.5e6;
const WORDS = ["alphabetical", "betweenwhile", "countermarch", "determinable"];
const add = (i) => `${WORDS[i & 3]}${WORDS[(i + 1) & 3]}`;
const cut = (i) => WORDS[i & 3].repeat(4).slice(1);
const joined = (i) => [WORDS[i & 3], WORDS[(i + 2) & 3]].join("-");
export const units = { add, cut, joined };
export const bytes = (size) => ({ add: ROUNDS * size.add, cut: ROUNDS * size.cut, joined: ROUNDS * size.joined });

export function run() {
  const kept = new Array(64).fill("");
  for (let i = 0; i < ROUNDS; i++) {
    kept[i & 15] = add(i); //= add
    kept[16 + (i & 15)] = cut(i); //= cut
    kept[32 + (i & 15)] = joined(i); //= joined
  }
  return kept;
}
