import type { FoundFunction } from "./find-functions.ts";
import { matchesName, type Options } from "./options.ts";

/** A function that gets probes: the listing it belongs to is its own, or that of the function around it. */
export interface ChosenFunction<N> {
  found: FoundFunction<N>;
  /** The function whose listing it is. */
  owner: FoundFunction<N>;
}

/**
 * Which functions are profiled, and which would be if they stayed where they stand (`docs/marks.md`): `@noprofile` wins over everything and covers what is inside it unless
 * that has a mark of its own; then marks, then `functions: "all"` and name patterns; what is inside a profiled function
 * belongs to its listing.
 *
 * @param holds whether a function that is chosen is wanted; of one that is not, what is in it and not chosen itself is left alone
 */
export function chooseFunctions<N>(
  functions: readonly FoundFunction<N>[],
  options: Options,
  holds: (chosen: { name: string; start: number; end: number }) => boolean = () => true,
): { chosen: ChosenFunction<N>[]; away: FoundFunction<N>[] } {
  const owners = new Map<FoundFunction<N>, FoundFunction<N> | null>();
  const covered = new Set<FoundFunction<N>>();
  const chosen: ChosenFunction<N>[] = [];
  const away: FoundFunction<N>[] = [];
  for (const found of functions) {
    const { marks, parent, name } = found;
    const isMarked = marks.length > 0;
    const isExcluded = marks.some(({ noprofile }) => noprofile) || matchesName(name, options.excludeFunc);
    const isCovered = (!isMarked || parent?.away) && parent !== null && covered.has(parent);
    if (isExcluded || isCovered) {
      covered.add(found);
      owners.set(found, null);
      continue;
    }
    const isSelected = isMarked || isSelectedByOption(found, options);
    if (isSelected && !holds({ name, start: found.fn.start, end: found.fn.end })) {
      owners.set(found, null);
      continue;
    }
    const owner = found.leftWhole ? null : isSelected ? found : parent ? (owners.get(parent) ?? null) : null;
    // What is inside one that is away stays away with it; only the outermost is worth a word.
    if (found.away) {
      if (owner) away.push(found);
      covered.add(found);
      owners.set(found, null);
      continue;
    }
    owners.set(found, owner);
    if (owner) chosen.push({ found, owner });
  }
  return { chosen, away };
}

function isSelectedByOption<N>({ transparent, named, name }: FoundFunction<N>, options: Options): boolean {
  if (transparent) return false;
  return (options.functions === "all" && named) || matchesName(name, options.func);
}
