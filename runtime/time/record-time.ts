/** The time of one listing: an array beside each of its sheets. */
import type { TimeFigures } from "../core/build-profile.ts";
import type { Allocate, AsideReader, Block, ExactReader, Listing, Reader } from "../core/state.ts";
import type { TimeOwner, TimeStack } from "./time-stack.ts";
import { TimedListing, timedAside, timedReader } from "./timed-listing.ts";

export class RecordTime {
  private readonly time: TimeStack;
  private readonly listing: Listing;
  private readonly allocate: Allocate;
  private readonly ofSheets = new WeakMap<Float64Array, Float64Array>();
  private readonly exact: TimeOwner;
  private source: Reader | undefined;
  /** Of code that was built for mode `auto`. */
  counted: TimeOwner | undefined;

  /** In its first cell: what profiled functions of other listings took that it called. */
  readonly callees: Float64Array;

  constructor(time: TimeStack, listing: Listing, allocate: Allocate) {
    this.time = time;
    this.listing = listing;
    this.allocate = allocate;
    this.callees = allocate(1);
    this.exact = new TimedListing(listing, this.callees, (sheet) => this.of(sheet));
  }

  get owner(): TimeOwner {
    return this.counted ?? this.exact;
  }

  watch(reader: ExactReader): ExactReader {
    const { owner } = this;
    this.source = reader;
    return timedReader(reader, this.time, () => owner);
  }

  /** What is read by a reader that `watch` has made. */
  sourceOf(reader: Reader): Reader {
    return this.source ?? reader;
  }

  watchAside(aside: AsideReader): AsideReader {
    return timedAside(aside, this.time, this.owner);
  }

  /** Milliseconds, by row. */
  of(sheet: Float64Array): Float64Array {
    const known = this.ofSheets.get(sheet);
    if (known) return known;
    const times = this.allocate(this.listing.rowCount);
    this.ofSheets.set(sheet, times);
    return times;
  }

  /** A call has ended whose figures were apart. */
  move(from: Block, to: Block): void {
    const taken = this.of(from.sheet!);
    const times = this.of(to.sheet!);
    taken.forEach((ms, row) => {
      times[row] = times[row]! + ms;
    });
    taken.fill(0);
  }

  /** @param isAll whether the sheets are all there are: what was called is not known of single calls */
  figures(sheets: readonly Float64Array[], isAll: boolean): TimeFigures {
    const rows = sheets.map((sheet) => this.of(sheet));
    if (!isAll) return { rows };
    this.time.settleRunning(this.owner);
    return { rows, callees: this.callees };
  }

  reset(sheets: readonly Float64Array[]): void {
    for (const sheet of sheets) this.of(sheet).fill(0);
    this.time.settleRunning(this.owner);
    this.callees.fill(0);
  }
}
