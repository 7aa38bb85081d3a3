/** How increments came over the run, of profiles that are added up: by time since the start of each. */
import type { Figures, History, Profile } from "../../contract/profile.ts";

/**
 * The same profiles with pieces of one length, so that they add up piece by piece. Intervals double as a run gets longer:
 * each divides the largest. Where one does not, or a profile has none, nothing is left of any.
 */
export function alignHistories(profiles: readonly [Profile, ...Profile[]]): [Profile, ...Profile[]] {
  const histories = profiles.flatMap(({ history }) => history ?? []);
  const interval = Math.max(...histories.map((each) => each.interval));
  const isOne = histories.length === profiles.length && histories.every((each) => interval % each.interval === 0);
  const pieces = Math.max(...histories.map((each) => Math.ceil((each.pieces * each.interval) / interval)));
  const [first, ...others] = profiles;
  const align = (profile: Profile) => withHistory(profile, isOne ? { interval, pieces } : undefined);
  return [align(first), ...others.map(align)];
}

/** Whether some of it is left out there. */
export function losesHistory(profiles: readonly Profile[], aligned: readonly Profile[]): boolean {
  return profiles.some(({ history }) => history) && aligned.every(({ history }) => history === undefined);
}

function withHistory({ history: own, ...profile }: Profile, history: History | undefined): Profile {
  const change = ({ history: values, ...figures }: Figures): Figures =>
    history && own && values
      ? { ...figures, history: gather(values, history.interval / own.interval, history.pieces) }
      : figures;
  return {
    ...profile,
    ...(history && { history }),
    listings: profile.listings.map((listing) => ({
      ...listing,
      rows: listing.rows.map((row) =>
        row.data
          ? {
              ...row,
              data: {
                ...row.data,
                figures: Object.fromEntries(
                  Object.entries(row.data.figures).map(([metric, figures]) => [metric, change(figures)]),
                ),
              },
            }
          : row,
      ),
    })),
  };
}

/** @param count so many values become one */
function gather(values: readonly number[], count: number, pieces: number): number[] {
  const gathered = new Array<number>(pieces).fill(0);
  for (const [i, value] of values.entries()) gathered[Math.floor(i / count)]! += value;
  return gathered;
}
