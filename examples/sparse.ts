// Two ways to count which users bought which articles. Nearly every pair is empty: the first way makes room for all of them,
// the second only for those that exist. The answers are the same, the rows that fill the tables are not.
//
//   npx mprof examples/sparse.ts

interface Purchase {
  user: number;
  article: number;
}

const USERS = 1_500;
const ARTICLES = 4_000;

/** A fixed sequence, so that every run processes the same data. */
function* purchases(count: number): Generator<Purchase> {
  let seed = 42;
  const next = (limit: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((seed / 2 ** 31) * limit);
  };
  for (let i = 0; i < count; i++) yield { user: next(USERS), article: next(ARTICLES) };
}

@profile
function wasteful(count: number): number {
  const table: number[][] = [];
  for (let user = 0; user < USERS; user++) {
    table.push(new Array<number>(ARTICLES).fill(0));
  }
  const all = [...purchases(count)];
  for (const { user, article } of all) {
    table[user]![article]! += 1;
  }
  const flat = table.flat();
  const taken = flat.filter(Boolean);
  return taken.length;
}

@profile
function sparse(count: number): number {
  const table = new Map<number, number>();
  for (const { user, article } of purchases(count)) {
    const key = user * ARTICLES + article;
    table.set(key, (table.get(key) ?? 0) + 1);
  }
  return table.size;
}

const COUNT = 20_000;
console.log(`wasteful: ${wasteful(COUNT)} pairs, sparse: ${sparse(COUNT)} pairs`);
