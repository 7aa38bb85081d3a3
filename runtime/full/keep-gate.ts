/** What is told of probes so that figures are kept outside of the process; `runtime/node/kept/keeper.ts`. */
import type { Counting } from "../auto/counted-listing.ts";
import type { Charging, ExactReader, Listing } from "../core/state.ts";

export interface KeepGate {
  /** Counted down by each reading; at 0 it looks. */
  readonly left: Int32Array;
  /** Readies a reader: `bound` is what a reading must be above for a look at once. */
  adopt(reader: ExactReader): void;
  /** Directly after a reading of `listing`. Never throws. */
  look(listing: Listing): void;
}

/** Counts a reading of `listing`, and says whether it is time to look. */
export function isTimeToLook({ left }: KeepGate, listing: Listing): boolean {
  const { now, bound } = listing.reader as ExactReader;
  left[0] = left[0]! - 1;
  return left[0]! <= 0 || (bound !== undefined && now[0]! > bound[0]!);
}

/** Charging that looks now and then whether it is time to keep the figures. Nothing of the probe itself is changed. */
export function chargingWith(gate: KeepGate, charging: Charging): Charging {
  const { step } = charging;
  function stepAndLook(listing: Listing, line: number, starts: number): void {
    step(listing, line, starts);
    if (!isTimeToLook(gate, listing)) return;
    gate.look(listing);
    (listing.reader as ExactReader).timed?.();
  }
  return { ...charging, step: stepAndLook };
}

/** What counts, with a look at the first reading after a warm-up, which makes thousands that are nobody's. */
export function countingWith({ left }: KeepGate, counting: Counting): Counting {
  return {
    warmUp(reader) {
      counting.warmUp(reader);
      left[0] = 1;
    },
    samplerFor: (reader) => counting.samplerFor(reader),
  };
}
