/** Time in mode `exact`: a reader that reads the clock on its way in and on its way out, so that null probes know what that leaves on the heap. */
import { type AsideReader, type Charging, type ExactReader, type Frame, type Listing, NO_LINE } from "../core/state.ts";
import { wrapReader } from "../full/wrap-reader.ts";
import { OWNER_CELLS, type TimeOwner, type TimeStack } from "./time-stack.ts";

/** A listing whose calls are activations. */
export class TimedListing implements TimeOwner {
  followed = 0;
  readonly cells = new Float64Array(OWNER_CELLS);
  private readonly callees: Float64Array;
  private readonly listing: Listing;
  private readonly timesOf: (sheet: Float64Array) => Float64Array;
  private sheet: Float64Array | undefined;
  private ofSheet: Float64Array | undefined;

  /** @param callees gets what others took, in its first cell @param timesOf the times of the rows of a sheet */
  constructor(listing: Listing, callees: Float64Array, timesOf: (sheet: Float64Array) => Float64Array) {
    this.callees = callees;
    this.listing = listing;
    this.timesOf = timesOf;
  }

  ended(called: number): void {
    this.callees[0] = this.callees[0]! + called;
  }

  get depth(): number {
    return this.listing.depth;
  }

  get row(): number {
    const { open, first } = this.listing;
    return open === NO_LINE ? -1 : open - first;
  }

  get times(): Float64Array {
    const { sheet } = this.listing;
    if (sheet !== this.sheet || this.ofSheet === undefined) {
      this.sheet = sheet;
      this.ofSheet = this.timesOf(sheet);
    }
    return this.ofSheet;
  }
}

/** Does what `reader` does, and says when. @param ownerOf whose probe reads */
export function timedReader(reader: ExactReader, time: TimeStack, ownerOf: () => TimeOwner | undefined): ExactReader {
  return wrapReader(reader, () => {
    const owner = ownerOf();
    if (owner === undefined) return reader.read();
    time.arrive(owner, reader.isSelfMeasuring && reader.untilNull === 0);
    reader.read();
    time.leave(owner);
  });
}

/** The first reading of a call. */
export function timedAside(aside: AsideReader, time: TimeStack, owner: TimeOwner): AsideReader {
  return {
    now: aside.now,
    read() {
      time.arrive(owner);
      aside.read();
    },
  };
}

/** As `charging`, with the end of a call left out of the time. */
export function timedCharging(charging: Charging, time: TimeStack): Charging {
  return {
    ...charging,
    exit(listing: Listing, frame: Frame) {
      time.skip();
      charging.exit?.(listing, frame);
      time.goOn();
    },
  };
}
