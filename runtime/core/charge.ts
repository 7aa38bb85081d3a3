/** Charging where a reading costs nothing in its own metric: one metric, no null probes, nothing read beside it. */
import { type Charging, NO_LINE, TALLY_READINGS } from "./state.ts";

export const PLAIN: Charging = {
  step(listing, line, starts) {
    const { reader, start, sheet, tallies, stride, shift } = listing;
    reader.read();
    tallies[TALLY_READINGS]!++;
    const reading = reader.now[0]!;
    if (listing.open !== NO_LINE) {
      const cell = listing.open * stride + shift;
      sheet[cell + 1]! += reading - start[0]!;
      sheet[cell + 2] = Math.max(sheet[cell + 2]!, reading);
    }
    start[0] = reading;
    listing.open = line;
    if (starts > 0) sheet[line * stride + shift]! += starts;
  },

  enter({ sheet, start, first, stride, shift }) {
    const row = first * stride + shift;
    const reading = start[0]!;
    sheet[0]!++;
    sheet[row]!++;
    if (Number.isNaN(sheet[1])) sheet[1] = reading;
    sheet[row + 2] = Math.max(sheet[row + 2]!, reading);
  },
};
