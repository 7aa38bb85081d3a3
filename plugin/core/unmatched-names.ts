import { listOf } from "../../contract/values.ts";
import { nearestNames } from "./nearest-names.ts";
import { matchesName, type Options } from "./options.ts";

/** More names than these are counted. */
export const MOST_SHOWN = 3;

/**
 * What to say of patterns that no function's name fits, one line each.
 *
 * @param names of all functions that were seen
 * @param spelled the option as it was written: `--func`
 * @param where the functions are: `of this build`
 */
export function unmatchedNames(
  { func }: Pick<Options, "func">,
  names: readonly string[],
  { spelled, where }: { spelled: string; where: string },
): string[] {
  const unknown = listOf(func ?? []).filter((pattern) => !names.some((name) => matchesName(name, pattern)));
  return unknown.map((pattern) => {
    if (names.length === 0)
      return `${spelled} ${pattern} matches nothing: no function was seen; files under node_modules are left alone`;
    const near = nearestNames(String(pattern), names, MOST_SHOWN);
    const cure = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${shown([...new Set(names)])}`;
    return `${spelled} ${pattern} matches no function ${where}: ${cure}`;
  });
}

/** The first few, and how many more there are. */
export function shown(names: readonly string[]): string {
  const rest = names.length - MOST_SHOWN;
  const first = names.slice(0, MOST_SHOWN).join(", ");
  return rest > 0 ? `${first} and ${rest} more` : first;
}
