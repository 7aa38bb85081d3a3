/** The runtime of a host that has room for everything: Node, and tests. */
import { faultOf, MprofError } from "../../contract/errors.ts";
import {
  COUNTED_TABLE_VERSION,
  FUNCTION_GENERATOR,
  FUNCTION_OUTER,
  FUNCTION_SUSPENDS,
  type ModuleHandle,
  type ModuleTable,
  type SlotTable,
  TABLE_VERSION,
} from "../../contract/module-table.ts";
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { addEstimates } from "../auto/add-estimates.ts";
import { CountedListing, type Counting, type CountingGate } from "../auto/counted-listing.ts";
import { Samplers } from "../auto/samplers.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import { type Gate, IDLE } from "../core/create-handle.ts";
import type { Platform } from "../core/platform.ts";
import { settle } from "../core/probe.ts";
import { Runtime } from "../core/runtime.ts";
import { type Listing, NO_LINE, type Reader } from "../core/state.ts";
import { addFreed } from "../freed/add-freed.ts";
import { type CollectionCheck, countByCheck, countByLooks } from "../freed/collection-counts.ts";
import { type AskCollections, Collections } from "../freed/collections.ts";
import { History } from "../history/history.ts";
import { addSurvivors } from "../survivors/add-survivors.ts";
import { Survivors } from "../survivors/survivors.ts";
import { addTimes } from "../time/add-times.ts";
import { ThreadTime } from "../time/thread-time.ts";
import { addWaits } from "../waiting/add-waits.ts";
import { Admission } from "../waiting/admission.ts";
import { Flow } from "../waiting/flow.ts";
import { SelfStacks } from "../waiting/self-stacks.ts";
import { enterWaiting } from "../waiting/waiting-call.ts";
import { CalibratedSources } from "./calibrated-sources.ts";
import { EXACT } from "./charge-exact.ts";
import { completeProfile, readMissingLines } from "./complete-profile.ts";
import { readProfileOptions } from "./configure.ts";
import type { HeapGauge } from "./heap-gauge.ts";
import { chargingWith, countingWith, isTimeToLook, type KeepGate } from "./keep-gate.ts";
import { replaceListings } from "./replace-listings.ts";
import { WatchedRecord } from "./watched-record.ts";

const EVERYTHING = {
  notes: [],
  replace: replaceListings,
  readOptions: readProfileOptions,
  Record: WatchedRecord,
} satisfies Partial<Platform>;

/** What a host brings along besides. */
export type WholePlatform = Omit<
  Platform,
  keyof typeof EVERYTHING | "charging" | "count" | "timeOf" | "freedOf" | "self" | "flow"
> & {
  /** Milliseconds, as finely as there are. Without it the lines of mode `auto` are read each time. */
  clock?(): number;
  /** Milliseconds that the process has worked. @default those of the clock */
  work?(): number;
  /** The share of the time that readings may take in mode `auto`. @default 0.05 */
  overhead?: number;
  /** Takes the time of rows, too. Needs `clock`. */
  isTimed?: boolean | undefined;
  /** Tells what was collected, of rows too. Needs `clock`. */
  askCollections?: AskCollections | undefined;
  /** Makes what tells now and then what was collected, for mode `auto`: one at a time is open of each. */
  openCheck?(): CollectionCheck | undefined;
  /** Says what rows took themselves, without profiled functions that they called. */
  isSelf?: boolean | undefined;
  /** Increments are followed over the run: gives the figures of other threads of this process. Needs `clock`. */
  followThreads?: (() => readonly ListingFigures[]) | undefined;
};

function sourceFault(error: unknown): MprofError {
  return new MprofError("MPROF_SOURCE", `a source of yours failed: ${error}`, "Its readings repeat the one before.");
}

const READ_EACH_TIME: Counting = { warmUp() {}, samplerFor: () => undefined };

function untimed(file: string): MprofError {
  const problem = `the time of ${file} is not taken: it was built for mode auto without the option time`;
  return new MprofError("MPROF_TIME_MISSING", problem, "Set MPROF_TIME=1 while building, too.");
}

function isRunning({ listing, counted }: WatchedRecord): boolean {
  return listing.depth > 0 || listing.open !== NO_LINE || counted?.isHot === true;
}

/** See `createHandle`. */
function enterOf(table: ModuleTable, records: readonly WatchedRecord[], gate: Gate): ModuleHandle["enter"] {
  return (k) => {
    const { 0: index, 1: flags } = table.functions[k]!;
    const { listing, waits } = records[index]!;
    if (!gate.isCollecting || (!listing.isPrepared && !gate.prepare(listing))) return IDLE;
    return enterWaiting(
      listing,
      waits,
      (flags & FUNCTION_OUTER) !== 0,
      (flags & FUNCTION_SUSPENDS) !== 0,
      (flags & FUNCTION_GENERATOR) !== 0,
    );
  };
}

export class WholeRuntime extends Runtime implements CountingGate {
  readonly samplers: Samplers | undefined;
  private readonly time: ThreadTime | undefined;
  private readonly keep: KeepGate | undefined;
  private readonly admission: Admission | undefined;
  /** With the option `freed`. */
  readonly collections: Collections | undefined;
  /** What runs and waits in this thread. */
  readonly flow: Flow;
  /** What becomes of the objects that lines make. */
  readonly survivors: Survivors;
  private readonly history: History | undefined;
  private readonly followThreads: WholePlatform["followThreads"];

  constructor(platform: WholePlatform) {
    const {
      clock,
      work,
      overhead = 0.05,
      sources,
      isTimed,
      isSelf,
      allocate,
      keep,
      askCollections,
      openCheck,
      followThreads,
    } = platform;
    const collections = askCollections && clock && new Collections(askCollections, clock, allocate);
    const collected = collections?.charging(EXACT) ?? EXACT;
    const self = isSelf ? new SelfStacks() : undefined;
    const exact = self?.charging(collected) ?? collected;
    const charging = keep ? chargingWith(keep, exact) : exact;
    const gauges = new WeakMap<Reader, HeapGauge>();
    if (sources instanceof CalibratedSources) {
      sources.charging = charging;
      sources.follow = (reader, gauge) => {
        gauges.set(reader, gauge);
        return collections?.follow(reader, gauge) ?? reader;
      };
      sources.onFault = (error) => this.warnOnce(sourceFault(error));
    }
    const time = isTimed && clock ? new ThreadTime(clock, allocate) : undefined;
    const plain = (gauge: Reader) => collections?.followedBy(gauge) ?? gauge;
    const wrap = (gauge: Reader) => time?.share(plain(gauge)) ?? plain(gauge);
    const countOf = (reader: Reader) => {
      if (collections) return countByLooks(collections, reader);
      const gauge = gauges.get(reader);
      const check = gauge && openCheck?.();
      return gauge && check && countByCheck(check, reader, gauge);
    };
    const samplers = clock && new Samplers(sources, charging, clock, overhead, wrap, countOf);
    if (time && samplers) time.tell = (ms) => samplers.learnSpent(ms);
    if (collections && samplers) collections.tell = (ms) => samplers.spend(ms);
    const plainly = samplers ?? READ_EACH_TIME;
    const counting = keep ? countingWith(keep, plainly) : plainly;
    const count: Platform["count"] = (listing, table, place, record) => {
      if (time === undefined) return new CountedListing(listing, table, place, this, counting);
      if (record === undefined) this.warnOnce(untimed(place.file));
      return time.count(listing, table, place, { gate: this, counting, record });
    };
    const timed = time && {
      charging: time.charging(charging),
      timeOf: (listing: Listing, slots: SlotTable | undefined) => time.of(listing, slots),
    };
    const flow = new Flow();
    const freed = collections && { freedOf: (listing: Listing) => collections.of(listing) };
    super({ ...EVERYTHING, charging, ...platform, ...timed, ...freed, ...(self && { self }), count, flow });
    this.flow = flow;
    this.collections = collections;
    if (collections) collections.isRunning = () => (this.records as WatchedRecord[]).some(isRunning);
    this.survivors = new Survivors(clock ?? platform.now, work ?? clock ?? platform.now);
    this.history = followThreads && clock && new History(clock);
    this.followThreads = followThreads;
    this.time = time;
    this.samplers = samplers;
    this.keep = keep;
    const { nextTurn } = platform;
    this.admission = clock && nextTurn && time === undefined ? new Admission(clock, nextTurn) : undefined;
    this.table = this.counting(this.table);
  }

  asked(listing: Listing): void {
    const { keep } = this;
    if (keep !== undefined && isTimeToLook(keep, listing)) keep.look(listing);
  }

  /** What a listing needs before its first call takes a while. */
  override prepare(listing: Listing): boolean {
    this.time?.stack.pause();
    return super.prepare(listing);
  }

  fail(error: unknown): void {
    this.warnOnce(faultOf(error));
  }

  get afterThis(): ((work: () => void) => void) | undefined {
    return this.platform.afterThis;
  }

  /** The handles of every host, with counters and with calls that wait. */
  private counting(register: (table: ModuleTable) => ModuleHandle): typeof register {
    return (table) => {
      const { version } = table;
      const handle = register(version === COUNTED_TABLE_VERSION ? { ...table, version: TABLE_VERSION } : table);
      // The last ones are this table's, if it was not refused.
      const own = this.records.slice(-table.listings.length) as WatchedRecord[];
      const isOurs = table.listings.every((listing, i) => own[i]?.table === listing);
      if (!isOurs) return handle;
      return {
        ...handle,
        enter: enterOf(table, own, this),
        keep: this.survivors.keeper(own),
        counters: (listing) => {
          const suspends = ([index, flags]: [number, number]) => index === listing && (flags & FUNCTION_SUSPENDS) !== 0;
          return own[listing]!.counters(this.admission, table.functions.some(suspends));
        },
      };
    };
  }

  /** What was counted while nothing was collected counts for nothing. */
  override readonly start = (): void => {
    if (!this.isCollecting) for (const { counted } of this.records as WatchedRecord[]) counted?.restart();
    this.isCollecting = true;
  };

  override readonly reset = (): void => {
    for (const { listing } of this.records) settle(listing);
    this.flow.restart();
    for (const record of this.records) record.reset();
    this.history?.reset();
  };

  override readonly stop = (): void => {
    if (this.isCollecting) this.harvest(false);
    this.isCollecting = false;
  };

  /** Counters of mode `auto` into the sheets. @param isRunning from within a line @returns whether there are any */
  harvest(isRunning: boolean): boolean {
    const { records } = this;
    return this.harvesting(() => {
      let isCounting = false;
      for (let i = 0; i < records.length; i++) {
        const { counted, ledger } = records[i] as WatchedRecord;
        isCounting ||= counted !== undefined;
        if (ledger) counted?.harvest();
      }
      return isCounting;
    }, isRunning);
  }

  /** To be used round whatever harvests several listings at once. */
  harvesting<T>(work: () => T, isRunning = false): T {
    return this.samplers ? this.samplers.harvesting(work, isRunning) : work();
  }

  /** Those of other threads included. */
  override figures(): ListingFigures[] {
    for (const { listing } of this.records) settle(listing);
    this.collections?.look();
    const own = this.harvesting(() => {
      this.flow.settle(true);
      return this.records.flatMap((record) => record.figures());
    });
    this.history?.look(() => this.grown(own));
    return [...own, ...(this.platform.otherThreads?.() ?? [])];
  }

  /** While the program runs, where nothing is charged and what this allocates is no line's. */
  lookBack(): void {
    const { history } = this;
    if (history?.isDue)
      history.look(() => this.grown(this.harvesting(() => this.records.flatMap((record) => record.figures()))));
  }

  private grown(own: readonly ListingFigures[]): readonly ListingProfile[] {
    return this.measured([...own, ...(this.followThreads?.() ?? [])]).listings;
  }

  /** What tables show. */
  private measured(figures: readonly ListingFigures[]): Profile {
    const profile = completeProfile(super.buildProfile(figures), figures);
    addWaits(profile, figures);
    return profile;
  }

  override buildProfile(figures: readonly ListingFigures[]): Profile {
    const profile = this.measured(figures);
    addTimes(profile, figures);
    if (this.samplers) addEstimates(profile, figures, this.samplers);
    addFreed(profile, figures);
    addSurvivors(profile, this.survivors);
    this.history?.add(profile);
    // Last: listings are found by their text.
    const { readSource } = this.platform;
    if (readSource) readMissingLines(profile, readSource);
    return profile;
  }
}
