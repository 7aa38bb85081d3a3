/**
 * Which lines of a text are which of a later one, by what they say. Lines in the same order first (the longest common
 * subsequence), then those that have moved, then edited ones: between two that are the same, and last of all elsewhere.
 * Where it could be one or another of the same text, none is taken: a line without a partner is better than a wrong one.
 */
import { commonLines, countsOf, type Indexes, sureLines, uniquePairs } from "./common-lines.ts";

/** Indexes into both texts. */
export interface Pair {
  before: number;
  after: number;
  how: "same" | "moved" | "edited";
}

/** Share of its characters that an edited line has kept; one that has moved, too, is known by more. */
const LIKE = 0.5;
const MUCH_ALIKE = 0.8;
/** Lines that are left of both, beyond which none of them is looked for elsewhere. */
const MOST_LEFT = 200;

/** What stands in other functions: a line that may have gone there, or have come from there, is not another here. */
export interface Elsewhere {
  mayHaveGone(line: string): boolean;
  mayHaveCome(line: string): boolean;
}

const NOWHERE: Elsewhere = { mayHaveGone: () => false, mayHaveCome: () => false };

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

/** Of what is left of both: lines that each text has once, and no other function has. */
function moved(a: readonly string[], b: readonly string[], pairs: readonly Pair[], elsewhere: Elsewhere): Pair[] {
  const left = leftOf(a, b, pairs);
  const [freeA, freeB] = [new Set(left.before), new Set(left.after)];
  const isSure = (line: string) => saysSomething(line) && !elsewhere.mayHaveGone(line) && !elsewhere.mayHaveCome(line);
  return uniquePairs(a, b)
    .filter(([i, j]) => freeA.has(i) && freeB.has(j) && isSure(a[i]!))
    .map(([before, after]) => ({ before, after, how: "moved" }));
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
  { mayHaveGone, mayHaveCome }: Elsewhere,
): ReturnType<typeof leftOf> {
  const { before, after } = leftOf(a, b, pairs);
  const [inA, inB] = [new Set(a), new Set(b)];
  // What stands in both has not been edited, but nobody knows which is which.
  return {
    before: before.filter((i) => saysSomething(a[i]!) && !inB.has(a[i]!) && !mayHaveGone(a[i]!)),
    after: after.filter((j) => saysSomething(b[j]!) && !inA.has(b[j]!) && !mayHaveCome(b[j]!)),
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
