import type { Profile } from "../../../contract/profile.ts";
import { addEstimates } from "../../auto/add-estimates.ts";
import { buildListings } from "../../core/build-profile.ts";
import { TALLY_READINGS } from "../../core/state.ts";
import { addFreed } from "../../freed/add-freed.ts";
import { completeProfile } from "../../full/complete-profile.ts";
import { addTimes } from "../../time/add-times.ts";
import { addWaits } from "../../waiting/add-waits.ts";
import type { Kept } from "./read-kept.ts";

/** What is followed is in the memory of the process alone. */
export const NO_SURVIVORS =
  "What leaks is in the memory of the program alone: let it end by itself, as by process.exit() in a handler of the signal.";

/** The profile of processes and threads of one program, merged by file and function; the first says what holds for all. */
export function profileOfKept(first: Kept, others: readonly Kept[]): Profile {
  const all = [first, ...others];
  const figures = all.flatMap((each) => each.figures);
  const { survivors, ...head } = first.head.profile;
  const profile = completeProfile(
    {
      ...head,
      taken: Math.round(Math.max(...all.map(({ written }) => written))),
      readings: figures.reduce((sum, { tallies }) => sum + tallies[TALLY_READINGS]!, 0),
      listings: buildListings(figures),
      notes: [...head.notes, ...(survivors ? [NO_SURVIVORS] : [])],
    },
    figures,
  );
  addTimes(profile, figures);
  addWaits(profile, figures);
  addEstimates(profile, figures, {
    share: () => Math.max(...all.map(({ rest }) => rest.overhead ?? 0)),
    readings: all.reduce((sum, { rest }) => sum + (rest.readings ?? 0), 0),
    ambiguous: () => all.flatMap(({ rest }) => rest.ambiguous ?? []),
  });
  addFreed(profile, figures);
  return profile;
}
