/** A record that is told of each call: keeps the figures of calls apart where reports are per call, and records calls over time. */

import { MprofError } from "../../contract/errors.ts";
import type { Counters } from "../../contract/module-table.ts";
import { TIME } from "../../contract/units.ts";
import type { CountedListing } from "../auto/counted-listing.ts";
import type { FreedFigures, ListingFigures, TimeFigures } from "../core/build-profile.ts";
import { ListingRecord, type ListingSettings } from "../core/listing-record.ts";
import {
  addSheet,
  type Block,
  clearSheet,
  type ExactReader,
  type Frame,
  type Listing,
  type Reader,
} from "../core/state.ts";
import type { RecordTime } from "../time/record-time.ts";
import type { Admission } from "../waiting/admission.ts";
import { beginCounted } from "../waiting/counted-call.ts";
import { RecordWaits } from "../waiting/record-waits.ts";
import { collectAtEnds } from "./after-collection.ts";

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
  /** Report "call": what ran outside every call. */
  private late: Block | undefined;
  /** Report "call": calls that have begun and not ended. */
  private readonly calls = new Set<Block>();
  /** Sheets of ended calls, cleared, to be used again. */
  private readonly free: Float64Array[] = [];
  /** A generator that is abandoned never ends its call: what it did goes to the late figures. */
  private readonly abandoned = new FinalizationRegistry<Block>((block) =>
    this.close(block, (this.late ?? this.totals)!),
  );

  override prepare(listing: Listing): void {
    super.prepare(listing);
    if (!listing.isPrepared) return;
    const settings = this.host.settings(this);
    this.isPerCall = settings.report === "call";
    const { timeline, sources, charging } = this.host.platform;
    listing.charging = settings.gc === "call" ? collectAtEnds(charging, () => sources.collect?.()) : charging;
    if (this.counted) this.tellMode(settings);
    listing.isWatched = this.isPerCall || timeline !== undefined;
    timeline?.watch(listing);
    if (!this.isPerCall) return;
    this.late ??= { sheet: this.newSheet() };
    listing.home = this.late;
  }

  /** Functions that were built for mode `auto` have no calls of their own, and not all of their lines are read. */
  private tellMode({ report, gc }: ListingSettings): void {
    const { limit, timeline } = this.host.platform;
    const asked = {
      'report "call"': report === "call",
      [`gc ${gc}`]: gc,
      'backend "all"': this.listing.reader.metrics.length > 1,
      "a limit of memory": limit,
      "a recording of calls": timeline,
    };
    const [first] = Object.entries(asked).flatMap(([what, isAsked]) => (isAsked ? [what] : []));
    if (first === undefined) return;
    const problem = `${this.file} was built for mode auto, which cannot do ${first}: its figures are those of the whole run`;
    this.host.warnOnce(new MprofError("MPROF_NEEDS_EXACT", problem, "Build it in mode exact, as by MPROF_MODE=exact."));
  }

  protected override watch(reader: Reader): Reader {
    const { sources, limit, keep } = this.host.platform;
    const { listing, file, table, time } = this;
    this.waits.measure(reader as ExactReader, reader.name !== TIME);
    this.freed?.measure(reader as ExactReader, () => this.announce());
    const aside = sources.prepare?.(reader);
    const watched = limit?.watch(reader as ExactReader, listing, { file, name: table.name }) ?? reader;
    listing.aside = aside && time ? time.watchAside(aside) : aside;
    const own = time ? time.watch(watched as ExactReader) : watched;
    keep?.adopt(own as ExactReader);
    return own;
  }

  protected override drop(): void {
    super.drop();
    for (const block of [this.late, ...this.calls]) if (block) block.sheet = undefined;
    this.calls.clear();
    this.free.length = 0;
    this.late = undefined;
  }

  protected override newSheet(): Float64Array {
    const reused = this.free.pop();
    if (reused !== undefined) return reused;
    const sheet = super.newSheet();
    this.announce();
    return sheet;
  }

  /** Says where figures are: to the thread that reports. */
  private announce(): void {
    const { announce } = this.host.platform;
    if (announce) announce(this.figuresOf(this.sheets));
  }

  counters(admission: Admission | undefined): Counters {
    const { listing, table, file, waits } = this;
    const { count } = this.host.platform;
    const place = { file, rowCount: table.lines.length };
    if (table.slots && count && this.counted === undefined) {
      this.counted = count(listing, table.slots, place, this.time);
      this.counted.gaps = waits;
    }
    const counted = this.counted!;
    return { ...counted.counters, ...beginCounted(listing, waits, counted, admission) };
  }

  /** With the option `time`: of all sheets. */
  times(): TimeFigures | undefined {
    return this.time?.figures(this.sheets, true);
  }

  /** With the option `freed`: of all sheets. */
  freedFigures(): FreedFigures | undefined {
    return this.freed?.figures(this.sheets, true);
  }

  override figures(): ListingFigures[] {
    if (this.sheets[0]) this.counted?.harvest();
    return super.figures();
  }

  override reset(): void {
    this.counted?.discard();
    super.reset();
    this.time?.reset(this.sheets);
    this.waits.reset();
    this.freed?.reset();
  }

  protected override figuresOf(sheets: Float64Array[]): ListingFigures {
    const times = this.time?.figures(sheets, sheets === this.sheets);
    const waits = this.waits.figures(sheets, sheets === this.sheets);
    const freed = this.freed?.figures(sheets, sheets === this.sheets);
    return { ...super.figuresOf(sheets), times, estimates: this.counted?.estimates(), waits, freed };
  }

  beginCall(listing: Listing, enclosing: Block, frame: Frame): Block {
    const { timeline } = this.host.platform;
    if (timeline) (listing.reader as ExactReader).exclude(() => timeline.begin(frame, this.file, this.table.name));
    if (!this.isPerCall) return enclosing;
    const parent = this.calls.has(enclosing) ? enclosing : undefined;
    const block: Block = { sheet: this.newSheet(), parent };
    this.calls.add(block);
    this.abandoned.register(frame, block, frame);
    const totals = this.totals!.sheet!;
    // The baseline is the very first entry, whichever call ends first.
    for (let m = 0; m < listing.start.length; m++) if (Number.isNaN(totals[1 + m])) totals[1 + m] = listing.start[m]!;
    return block;
  }

  endCall(listing: Listing, block: Block, frame: Frame): void {
    const { timeline } = this.host.platform;
    if (timeline) (listing.reader as ExactReader).exclude(() => timeline.end(frame));
    if (!this.calls.has(block)) return;
    this.abandoned.unregister(frame);
    const sheet = block.sheet!;
    (listing.reader as ExactReader).exclude(() => this.report(this.figuresOf([sheet])));
    this.close(block, block.parent?.sheet ? block.parent : this.totals!);
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

  private close(block: Block, into: Block): void {
    const { sheet } = block;
    if (sheet === undefined) return;
    const metrics = this.listing.reader.metrics.length;
    addSheet(sheet, into.sheet!, metrics);
    this.time?.move(sheet, into.sheet!);
    this.waits.move(block, into);
    this.freed?.move(sheet, into.sheet!);
    clearSheet(sheet, metrics);
    this.free.push(sheet);
    this.calls.delete(block);
    block.sheet = undefined;
  }

  /** Report "call": what no report has shown yet. */
  unreportedFigures(): ListingFigures[] {
    if (this.late === undefined) return [];
    if (this.counted) return this.figures();
    const blocks = [this.late, ...this.calls];
    return [this.figuresOf(blocks.map((block) => block.sheet!))];
  }
}
