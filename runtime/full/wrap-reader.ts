import type { ExactReader } from "../core/state.ts";

/** A reader that is `reader` in all but how it reads: the null probes of both are the same. */
export function wrapReader(reader: ExactReader, read: () => void): ExactReader {
  return {
    ...reader,
    get untilNull() {
      return reader.untilNull;
    },
    set untilNull(probes) {
      reader.untilNull = probes;
    },
    read,
  };
}
