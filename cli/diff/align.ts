/**
 * Which lines of a text are which of a later one, by what they say. Lines in the same order first (the longest common
 * subsequence), then those that have moved, then edited ones: between two that are the same, and last of all elsewhere.
 * Where it could be one or another of the same text, none is taken: a line without a partner is better than a wrong one.
 */

/** Indexes into both texts. */
export interface Pair {
  before: number;
  after: number;
  how: "same" | "moved" | "edited";
}

/** Cells of the table of the longest common subsequence; larger texts are cut at lines that each has once. */
const MOST_CELLS = 4_000_000;
/** Share of its characters that an edited line has kept; one that has moved, too, is known by more. */
const LIKE = 0.5;
const MUCH_ALIKE = 0.8;
/** Lines that are left of both, beyond which none of them is looked for elsewhere. */
const MOST_LEFT = 200;

/** What stands in other functions: a line that has gone there, or has come from there, is not another here. */
export interface Elsewhere {
  hasGone(line: string): boolean;
  hasCome(line: string): boolean;
}

const NOWHERE: Elsewhere = { hasGone: () => false, hasCome: () => false };

/** In the order of `after`. Lines without a partner are left out. */
export function align(before: readonly string[], after: readonly string[], elsewhere = NOWHERE): Pair[] {
  const [a, b] = [before.map(normalise), after.map(normalise)];
  const pairs: Pair[] = sureLines(a, b, (line) => !saysSomething(line)).map(([i, j]) => ({
    before: i,
    after: j,
    how: "same",
  }));
  pairs.push(...moved(a, b, pairs, elsewhere));
  pairs.push(...edited(a, b, pairs, elsewhere));
  pairs.push(...editedAndMoved(a, b, pairs, elsewhere));
  return pairs.sort((one, other) => one.after - other.after);
}

/** Indentation and blanks say nothing. */
export function normalise(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

/** The part of both that is common, 0 to 1; 0, too, where it cannot be as much as `least`. */
export function likeness(before: readonly string[], after: readonly string[], least: number): number {
  const [a, b] = [before.map(normalise).filter(saysSomething), after.map(normalise).filter(saysSomething)];
  const all = a.length + b.length;
  if (all === 0 || (2 * inBoth(a, b)) / all < least) return 0;
  return (2 * commonLines(a, b).length) / all;
}

/** How many lines there are in both, in any order. */
function inBoth(a: readonly string[], b: readonly string[]): number {
  const counts = countsOf(a);
  return b.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left > 0;
  }).length;
}

/** Brackets and blank lines are alike everywhere. */
function saysSomething(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line);
}

export type Indexes = [before: number, after: number];

/**
 * In the order of both: those that each has once, of the others those that every order as long has, and at either end
 * those that repeat their neighbour.
 *
 * @param isAnyTaken of a line: any order will do
 */
export function sureLines(
  a: readonly string[],
  b: readonly string[],
  isAnyTaken: (line: string) => boolean = () => false,
): Indexes[] {
  const common = commonLines(a, b);
  const [inA, inB] = [countsOf(a), countsOf(b)];
  const isClear = ([i]: Indexes) => (inA.get(a[i]!) === 1 && inB.get(a[i]!) === 1) || isAnyTaken(a[i]!);
  if (common.every(isClear)) return common;
  const { start, end } = endsOf(a, b);
  const other = new Map(
    commonLines(a.toReversed(), b.toReversed()).map(([i, j]) => [a.length - 1 - i, b.length - 1 - j]),
  );
  return common.filter((pair) => {
    const [i, j] = pair;
    const isAtEnd = i < start || i >= a.length - end;
    return isClear(pair) || other.get(i) === j || (isAtEnd && (a[i] === a[i - 1] || a[i] === a[i + 1]));
  });
}

/** How often each stands there. */
export function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function commonLines(a: readonly string[], b: readonly string[]): Indexes[] {
  const { start, end } = endsOf(a, b);
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [
    ...Array.from({ length: start }, (_, i): Indexes => [i, i]),
    ...middle.map(([i, j]): Indexes => [i + start, j + start]),
    ...Array.from({ length: end }, (_, i): Indexes => [a.length - end + i, b.length - end + i]),
  ];
}

/** How many lines are common at either end. */
function endsOf(a: readonly string[], b: readonly string[]): { start: number; end: number } {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return { start, end };
}

function between(a: readonly string[], b: readonly string[]): Indexes[] {
  if (a.length === 0 || b.length === 0) return [];
  if (a.length * b.length > MOST_CELLS) return byAnchors(a, b);
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] = a[i] === b[j] ? lengths[at + width + 1]! + 1 : Math.max(lengths[at + width]!, lengths[at + 1]!);
    }
  }
  const found: Indexes[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const at = i * width + j;
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (lengths[at + width]! >= lengths[at + 1]!) i++;
    else j++;
  }
  return found;
}

/** The longest row of lines that both have once and in the same order; what lies between two of them is looked at by itself. */
function byAnchors(a: readonly string[], b: readonly string[]): Indexes[] {
  const anchors = longestRising(uniquePairs(a, b));
  if (anchors.length === 0) return [];
  const found: Indexes[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...anchors, [a.length, b.length] as Indexes]) {
    for (const [x, y] of commonLines(a.slice(i, nextI), b.slice(j, nextJ))) found.push([x + i, y + j]);
    if (nextI < a.length) found.push([nextI, nextJ]);
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return found;
}

/** In the order of `a`. */
function uniquePairs(a: readonly string[], b: readonly string[]): Indexes[] {
  const places = (lines: readonly string[]) => {
    const indexes = new Map<string, number>();
    for (const [i, line] of lines.entries()) indexes.set(line, indexes.has(line) ? -1 : i);
    return indexes;
  };
  const inB = places(b);
  return [...places(a)].flatMap(([line, i]): Indexes[] => {
    const j = inB.get(line) ?? -1;
    return i >= 0 && j >= 0 ? [[i, j]] : [];
  });
}

function longestRising(pairs: readonly Indexes[]): Indexes[] {
  /** By length: the index in `pairs` of the row of that length that ends lowest. */
  const ends: number[] = [];
  const previous: number[] = [];
  pairs.forEach(([, j], at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]!]![1] < j) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = at;
  });
  const row: Indexes[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]!) row.push(pairs[at]!);
  return row.reverse();
}

/** Of what is left of both: lines that each text has once, and with them their neighbours. */
function moved(a: readonly string[], b: readonly string[], pairs: readonly Pair[], elsewhere: Elsewhere): Pair[] {
  const left = leftOf(a, b, pairs);
  const [freeA, freeB] = [new Set(left.before), new Set(left.after)];
  const found: Pair[] = [];
  const take = (before: number, after: number): boolean => {
    if (a[before] !== b[after] || !freeA.has(before) || !freeB.has(after)) return false;
    freeA.delete(before);
    freeB.delete(after);
    if (saysSomething(a[before]!)) found.push({ before, after, how: "moved" });
    return true;
  };
  for (const [i, j] of uniquePairs(a, b)) {
    const line = a[i]!;
    if (!saysSomething(line) || elsewhere.hasGone(line) || elsewhere.hasCome(line) || !take(i, j)) continue;
    for (const step of [-1, 1]) for (let by = step; take(i + by, j + by); by += step);
  }
  return found;
}

/** Of the lines between the same two neighbours, in order: those that are alike. */
function edited(a: readonly string[], b: readonly string[], pairs: readonly Pair[], elsewhere: Elsewhere): Pair[] {
  const same = pairs.filter(({ how }) => how === "same");
  const left = editableOf(a, b, pairs, elsewhere);
  const found: Pair[] = [];
  let from: Indexes = [-1, -1];
  for (const { before, after } of [...same, { before: a.length, after: b.length }]) {
    const ours = left.before.filter((i) => i > from[0] && i < before);
    let theirs = left.after.filter((j) => j > from[1] && j < after);
    for (const i of ours) {
      const best = theirs
        .map((j) => ({ j, like: likeLines(a[i]!, b[j]!) }))
        .reduce((most, each) => (each.like > most.like ? each : most), { j: -1, like: LIKE });
      if (best.j < 0) continue;
      found.push({ before: i, after: best.j, how: "edited" });
      // What stands above an edited line cannot be what stood below it.
      theirs = theirs.filter((j) => j > best.j);
    }
    from = [before, after];
  }
  return found;
}

/** Two lines of which each is the most like the other. */
function editedAndMoved(
  a: readonly string[],
  b: readonly string[],
  pairs: readonly Pair[],
  elsewhere: Elsewhere,
): Pair[] {
  const { before: ours, after: theirs } = editableOf(a, b, pairs, elsewhere);
  if (ours.length > MOST_LEFT || theirs.length > MOST_LEFT) return [];
  const best = (likes: readonly number[]) => likes.indexOf(Math.max(...likes));
  const table = ours.map((i) => theirs.map((j) => likeLines(a[i]!, b[j]!)));
  return ours.flatMap((i, row): Pair[] => {
    const column = best(table[row]!);
    const isBest =
      column >= 0 && table[row]![column]! >= MUCH_ALIKE && best(table.map((each) => each[column]!)) === row;
    return isBest ? [{ before: i, after: theirs[column]!, how: "edited" }] : [];
  });
}

function leftOf(a: readonly string[], b: readonly string[], pairs: readonly Pair[]) {
  const [usedA, usedB] = [new Set(pairs.map(({ before }) => before)), new Set(pairs.map(({ after }) => after))];
  return {
    before: a.map((_, i) => i).filter((i) => !usedA.has(i)),
    after: b.map((_, j) => j).filter((j) => !usedB.has(j)),
  };
}

/** Those that may have been edited. */
function editableOf(
  a: readonly string[],
  b: readonly string[],
  pairs: readonly Pair[],
  { hasGone, hasCome }: Elsewhere,
): ReturnType<typeof leftOf> {
  const { before, after } = leftOf(a, b, pairs);
  const [inA, inB] = [new Set(a), new Set(b)];
  // What stands in both has not been edited, but nobody knows which is which.
  return {
    before: before.filter((i) => saysSomething(a[i]!) && !inB.has(a[i]!) && !hasGone(a[i]!)),
    after: after.filter((j) => saysSomething(b[j]!) && !inA.has(b[j]!) && !hasCome(b[j]!)),
  };
}

/** The part of both that is common, word by word: 0 to 1. */
function likeLines(one: string, other: string): number {
  const words = (line: string) => line.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [];
  const [a, b] = [words(one), words(other)];
  const length = (indexes: readonly Indexes[]) => indexes.reduce((sum, [i]) => sum + a[i]!.length, 0);
  const all = [...a, ...b].reduce((sum, word) => sum + word.length, 0);
  return all === 0 ? 0 : (2 * length(commonLines(a, b))) / all;
}
