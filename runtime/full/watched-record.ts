/** A record that is told of each call: keeps the figures of calls apart where reports are per call, and records calls over time. */

import { MprofError } from "../../contract/errors.ts";
import type { Counters } from "../../contract/module-table.ts";
import { TIME } from "../../contract/units.ts";
import type { CountedListing } from "../auto/counted-listing.ts";
import type { FreedFigures, ListingFigures, TimeFigures } from "../core/build-profile.ts";
import { ListingRecord, type ListingSettings } from "../core/listing-record.ts";
import type { Block, ExactReader, Frame, Listing, Reader } from "../core/state.ts";
import type { RecordTime } from "../time/record-time.ts";
import type { Admission } from "../waiting/admission.ts";
import { beginCounted } from "../waiting/counted-call.ts";
import { RecordWaits } from "../waiting/record-waits.ts";
import { collectAtEnds } from "./after-collection.ts";
import { CallLedger } from "./call-ledger.ts";

export class WatchedRecord extends ListingRecord {
  private isPerCall = false;
  /** With the option `time`. */
  private readonly time: RecordTime | undefined = this.host.platform.timeOf?.(this.listing, this.table.slots);
  /** With the option `freed`. */
  private readonly freed = this.host.platform.freedOf?.(this.listing);
  /** What comes while it waits. */
  readonly waits = new RecordWaits(this.host.platform.flow!, this.listing, this.host.platform.allocate, () =>
    this.announce(),
  );
  /** Of code that was built for mode `auto`. */
  counted: CountedListing | undefined;
  declare ledger: CallLedger | undefined;

  override prepare(listing: Listing): void {
    const before = this.ledger;
    super.prepare(listing);
    if (!listing.isPrepared) return;
    if (this.ledger !== before) this.announce();
    const settings = this.host.settings(this);
    this.isPerCall = settings.report === "call";
    const { timeline, sources, charging } = this.host.platform;
    listing.charging = settings.gc === "call" ? collectAtEnds(charging, () => sources.collect?.()) : charging;
    if (this.counted) this.tellMode(settings);
    listing.isWatched = this.isPerCall || timeline !== undefined;
    timeline?.watch(listing);
    if (this.isPerCall) listing.home = this.ledger!.keepApart();
  }

  /** Functions that were built for mode `auto` have no calls of their own, and not all of their lines are read. */
  private tellMode({ report, gc }: ListingSettings): void {
    const { limit, timeline, self } = this.host.platform;
    const asked = {
      'report "call"': report === "call",
      [`gc ${gc}`]: gc,
      'backend "all"': this.listing.reader.metrics.length > 1,
      "a limit of memory": limit,
      "a recording of calls": timeline,
      "the option self": self,
    };
    const [first] = Object.entries(asked).flatMap(([what, isAsked]) => (isAsked ? [what] : []));
    if (first === undefined) return;
    const problem = `${this.file} was built for mode auto, which cannot do ${first}: its figures are those of the whole run`;
    this.host.warnOnce(new MprofError("MPROF_NEEDS_EXACT", problem, "Build it in mode exact, as by MPROF_MODE=exact."));
  }

  protected override watch(reader: Reader): Reader {
    const { sources, limit, keep, self } = this.host.platform;
    const { listing, file, table, time } = this;
    this.ledger?.close();
    this.waits.measure(reader as ExactReader, reader.name !== TIME);
    if (this.counted === undefined) self?.follow(this.waits);
    this.freed?.measure(reader as ExactReader, () => this.announce());
    const aside = sources.prepare?.(reader);
    const watched = limit?.watch(reader as ExactReader, listing, { file, name: table.name }) ?? reader;
    listing.aside = aside && time ? time.watchAside(aside) : aside;
    const own = time ? time.watch(watched as ExactReader) : watched;
    keep?.adopt(own as ExactReader);
    return own;
  }

  protected override open(sheet: Float64Array): CallLedger {
    const { listing, host, waits, time, freed } = this;
    const besides = [waits, ...(time ? [time] : []), ...(freed ? [freed] : [])];
    return new CallLedger(listing, sheet, host.platform.allocate, besides, () => this.announce());
  }

  /** Says where figures are: to the thread that reports. */
  private announce(): void {
    const { announce } = this.host.platform;
    if (announce && this.ledger) announce(this.figuresOf(this.ledger.sheets));
  }

  /** @param canWait whether a function of the listing can */
  counters(admission: Admission | undefined, canWait: boolean): Counters {
    const { listing, table, file, waits } = this;
    const { count } = this.host.platform;
    const place = { file, rowCount: table.lines.length };
    if (table.slots && count && this.counted === undefined) {
      this.counted = count(listing, table.slots, place, this.time);
      this.counted.gaps = waits;
      this.counted.canWait = canWait;
    }
    const counted = this.counted!;
    return { ...counted.counters, ...beginCounted(listing, waits, counted, admission) };
  }

  /** With the option `time`: of all sheets. */
  times(): TimeFigures | undefined {
    return this.ledger && this.time?.figures(this.ledger.sheets, true);
  }

  /** With the option `freed`: of all sheets. */
  freedFigures(): FreedFigures | undefined {
    return this.ledger && this.freed?.figures(this.ledger.sheets, true);
  }

  override figures(): ListingFigures[] {
    if (this.ledger) this.counted?.harvest();
    return super.figures();
  }

  override reset(): void {
    this.counted?.discard();
    super.reset();
    if (this.ledger) this.time?.reset(this.ledger.sheets);
    this.waits.reset();
    this.freed?.reset();
  }

  protected override figuresOf(sheets: Float64Array[]): ListingFigures {
    const isAll = sheets === this.ledger?.sheets;
    const times = this.time?.figures(sheets, isAll);
    const waits = this.waits.figures(sheets, isAll);
    const freed = this.freed?.figures(sheets, isAll);
    return { ...super.figuresOf(sheets), times, estimates: this.counted?.estimates(), waits, freed };
  }

  beginCall(listing: Listing, enclosing: Block, frame: Frame): Block {
    const { timeline } = this.host.platform;
    if (timeline) (listing.reader as ExactReader).exclude(() => timeline.begin(frame, this.file, this.table.name));
    return this.isPerCall ? this.ledger!.begin(enclosing, frame) : enclosing;
  }

  endCall(listing: Listing, frame: Frame): void {
    const { timeline } = this.host.platform;
    if (timeline) (listing.reader as ExactReader).exclude(() => timeline.end(frame));
    const block = this.ledger!.blockOf(frame);
    if (block === undefined) return;
    (listing.reader as ExactReader).exclude(() => this.report(this.figuresOf([block.sheet!])));
    this.ledger!.end(block);
  }

  private report(figures: ListingFigures): void {
    const { host } = this;
    const { platform } = host;
    const profile = host.buildProfile([figures]);
    const { stream } = host.settings(this);
    try {
      platform.deliver(profile, "text", stream);
    } catch (error) {
      const problem = `the report of a call could not be written: ${String(error)}`;
      host.warnOnce(new MprofError("MPROF_REPORT_WRITE", problem, "Check the stream."));
    }
  }

  /** Report "call": what no report has shown yet. */
  unreportedFigures(): ListingFigures[] {
    const unreported = this.ledger?.unreported;
    if (unreported === undefined) return [];
    return this.counted ? this.figures() : [this.figuresOf(unreported)];
  }
}
