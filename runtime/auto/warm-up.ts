import { SLOT_CLOSES, SLOT_UNBOUNDED, type SlotTable } from "../../contract/module-table.ts";
import type { Charging, ExactReader, Reader } from "../core/state.ts";
import { createListing } from "../full/calibrate.ts";
import { CountedListing, type Counting, type CountingGate } from "./counted-listing.ts";

/** As many calls as V8 needs: a slow path that is not compiled yet allocates, and that would show in the first rows. */
const CALLS = 1000;

/** Two lines of a function, and one of a function that the first of them calls. */
const TABLE: SlotTable = {
  kinds: SLOT_UNBOUNDED + SLOT_CLOSES + SLOT_UNBOUNDED,
  lines: [1],
  starts: [],
  calls: [1, 3],
  owners: [0, 0, 1],
};
const PLACE = { file: "", rowCount: 2 };
const GATE: CountingGate = { isCollecting: true, prepare: () => true, fail() {} };

/** Before the first reading that counts, by a reader. @returns how many slow calls it took */
export function warmUp(reader: Reader, charging: Charging): number {
  const counting: Counting = { warmUp() {}, samplerFor: () => undefined };
  const listing = createListing(reader as ExactReader, charging);
  const { counters } = new CountedListing(listing, TABLE, PLACE, GATE, counting);
  for (let i = 0; i < CALLS; i++) {
    counters.line(1);
    if (i % 2 === 0) counters.line(2);
    else {
      counters.line(3);
      counters.exit(undefined, 1);
    }
    counters.exit();
  }
  // The end of a call in which nothing is open is no slow one.
  return 3 * CALLS;
}
