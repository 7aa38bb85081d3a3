import type { FoundFunction } from "./find-functions.ts";
import { matchesName, type Options } from "./options.ts";

/** A function that gets probes: the listing it belongs to is its own, or that of the function around it. */
export interface ChosenFunction<N> {
  found: FoundFunction<N>;
  /** The function whose listing it is. */
  owner: FoundFunction<N>;
}

/**
 * Which functions are profiled (`docs/marks.md`): `@noprofile` wins over everything and covers what is inside it unless
 * that has a mark of its own; then marks, then `functions: "all"` and name patterns; what is inside a profiled function
 * belongs to its listing.
 */
export function chooseFunctions<N>(functions: readonly FoundFunction<N>[], options: Options): ChosenFunction<N>[] {
  const owners = new Map<FoundFunction<N>, FoundFunction<N> | null>();
  const covered = new Set<FoundFunction<N>>();
  const chosen: ChosenFunction<N>[] = [];
  for (const found of functions) {
    const { marks, parent, name } = found;
    const isMarked = marks.length > 0;
    const isExcluded = marks.some(({ noprofile }) => noprofile) || matchesName(name, options.excludeFunc);
    const isCovered = !isMarked && parent !== null && covered.has(parent);
    if (isExcluded || isCovered) {
      covered.add(found);
      owners.set(found, null);
      continue;
    }
    const isSelected = isMarked || isSelectedByOption(found, options);
    const owner = found.leftWhole ? null : isSelected ? found : parent ? (owners.get(parent) ?? null) : null;
    owners.set(found, owner);
    if (owner) chosen.push({ found, owner });
  }
  return chosen;
}

function isSelectedByOption<N>({ transparent, named, name }: FoundFunction<N>, options: Options): boolean {
  if (transparent) return false;
  return (options.functions === "all" && named) || matchesName(name, options.func);
}
