/** What two lists of lines have in common in the same order: the longest common subsequence, and what is sure of it. */

/** Cells of the table of the longest common subsequence; larger texts are cut at lines that each has once. */
const MOST_CELLS = 4_000_000;

export type Indexes = [before: number, after: number];

/**
 * In the order of both: those that each has once; of the others those that every order as long has, and that stand next to
 * a pair which is sure, or to the beginning or the end of both.
 *
 * @param isAnyTaken of a line: any order will do
 * @param areNext nothing stands between two of them: at the beginning or the end of both also those are the same that repeat
 * their neighbour, for it makes no difference which of them is another
 */
export function sureLines(
  a: readonly string[],
  b: readonly string[],
  isAnyTaken: (line: string) => boolean = () => false,
  areNext = true,
): Indexes[] {
  const common = commonLines(a, b, "start");
  const [inA, inB] = [countsOf(a), countsOf(b)];
  const isOnce = ([i]: Indexes) => inA.get(a[i]!) === 1 && inB.get(a[i]!) === 1;
  if (common.every((pair) => isOnce(pair) || isAnyTaken(a[pair[0]]!))) return common;
  const { start, end } = endsOf(a, b);
  const other = new Map(
    commonLines(a.toReversed(), b.toReversed(), "start").map(([i, j]) => [a.length - 1 - i, b.length - 1 - j]),
  );
  const isCertain = ([i, j]: Indexes) => other.get(i) === j;
  const isRepeating = ([i]: Indexes) =>
    areNext && (i < start || i >= a.length - end) && (a[i] === a[i - 1] || a[i] === a[i + 1]);
  const near = [
    ...nextToSure(common, [-1, -1], 1, isOnce, isCertain),
    ...nextToSure(common.toReversed(), [a.length, b.length], -1, isOnce, isCertain),
  ];
  const sure = new Set(near);
  return common.filter((pair) => sure.has(pair) || isRepeating(pair) || isAnyTaken(a[pair[0]]!));
}

/** Pairs that are sure, and those behind them without a gap. @param edge is sure, too @param step to the next line */
function nextToSure(
  pairs: readonly Indexes[],
  edge: Indexes,
  step: number,
  isSure: (pair: Indexes) => boolean,
  isCertain: (pair: Indexes) => boolean,
): Indexes[] {
  const found: Indexes[] = [];
  let last = edge;
  for (const pair of pairs) {
    const isNext = pair[0] === last[0] + step && pair[1] === last[1] + step;
    if (!isSure(pair) && !(isNext && isCertain(pair))) continue;
    found.push(pair);
    last = pair;
  }
  return found;
}

/** How often each stands there. */
export function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** @param first what is common there is the same, whatever the rest is; of the start alone it is the earliest of several orders */
export function commonLines(
  a: readonly string[],
  b: readonly string[],
  first: "start" | "both ends" = "both ends",
): Indexes[] {
  const ends = endsOf(a, b);
  const { start } = ends;
  const end = first === "start" ? 0 : ends.end;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end), first);
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

function between(a: readonly string[], b: readonly string[], first: "start" | "both ends"): Indexes[] {
  if (a.length === 0 || b.length === 0) return [];
  if (a.length * b.length > MOST_CELLS) return byAnchors(a, b, first);
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
function byAnchors(a: readonly string[], b: readonly string[], first: "start" | "both ends"): Indexes[] {
  const anchors = longestRising(uniquePairs(a, b));
  if (anchors.length === 0) return [];
  const found: Indexes[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...anchors, [a.length, b.length] as Indexes]) {
    for (const [x, y] of commonLines(a.slice(i, nextI), b.slice(j, nextJ), first)) found.push([x + i, y + j]);
    if (nextI < a.length) found.push([nextI, nextJ]);
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return found;
}

/** In the order of `a`. */
export function uniquePairs(a: readonly string[], b: readonly string[]): Indexes[] {
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
