/** The time of a thread: its stack, the lines that are not read each time, and what of it a listing keeps. */
import type { SlotTable } from "../../contract/module-table.ts";
import { CountedListing, type Counting, type CountingGate } from "../auto/counted-listing.ts";
import type { Allocate, Charging, ExactReader, Listing, Reader } from "../core/state.ts";
import { calibrateCounted, calibrateTime } from "./calibrate-time.ts";
import { HotTimes } from "./hot-times.ts";
import { RecordTime } from "./record-time.ts";
import { TimeStack } from "./time-stack.ts";
import { TimedCountedListing } from "./timed-counted-listing.ts";
import { timedCharging, timedReader } from "./timed-listing.ts";

/** Where a listing is. */
interface Place {
  file: string;
  rowCount: number;
}

export class ThreadTime {
  readonly stack: TimeStack;
  private readonly now: () => number;
  private readonly allocate: Allocate;
  private readonly hot: HotTimes;
  /** By what they read: readers that say so as those of whose slow call runs. */
  private readonly shared = new WeakMap<Reader, Reader>();
  private isCounting = false;
  /** Hears what the profiler took. */
  tell: (ms: number) => void = () => {};

  /** @param now milliseconds, as finely as there are */
  constructor(now: () => number, allocate: Allocate) {
    this.now = now;
    this.allocate = allocate;
    this.stack = new TimeStack(now);
    this.stack.learn(calibrateTime(now));
    this.hot = new HotTimes(
      () => this.stack.rest,
      () => this.tell(this.stack.spent),
    );
  }

  charging(charging: Charging): Charging {
    return timedCharging(charging, this.stack);
  }

  /** Nothing for a listing that was built for mode `auto` without the option: its calls do not say when they end. */
  of(listing: Listing, slots: SlotTable | undefined): RecordTime | undefined {
    return slots && !slots.timed ? undefined : new RecordTime(this.stack, listing, this.allocate);
  }

  count(
    listing: Listing,
    table: SlotTable,
    place: Place,
    { gate, counting, record }: { gate: CountingGate; counting: Counting; record: RecordTime | undefined },
  ): CountedListing {
    if (record === undefined) return new CountedListing(listing, table, place, gate, counting);
    if (!this.isCounting) {
      this.isCounting = true;
      this.stack.learnCounted(calibrateCounted(this.now));
    }
    const { stack: time, hot } = this;
    const own: Counting = {
      warmUp: (reader) => counting.warmUp(this.share(record.sourceOf(reader))),
      samplerFor: (reader) => counting.samplerFor(record.sourceOf(reader)),
    };
    const counted = new TimedCountedListing(listing, table, place, gate, own, { time, hot, record });
    // Several listings: then the lines of one may run while one of another is followed.
    time.unfollowed = () => hot.sum();
    record.counted = counted;
    return counted;
  }

  /** A reader for all listings. */
  share(reader: Reader): Reader {
    const known = this.shared.get(reader);
    if (known) return known;
    const made = timedReader(reader as ExactReader, this.stack, () => this.stack.here);
    this.shared.set(reader, made);
    return made;
  }
}
