import type { ListingTable, ModuleHandle, ModuleTable, SlotTable } from "../../contract/module-table.ts";
import type { HostInfo, Profile } from "../../contract/profile.ts";
import type { CountedListing } from "../auto/counted-listing.ts";
import type { RecordFreed } from "../freed/record-freed.ts";
import type { KeepGate } from "../full/keep-gate.ts";
import type { MemoryLimit } from "../full/memory-limit.ts";
import type { FunctionOptions, TextSink } from "../full/options.ts";
import type { Timeline } from "../full/timeline.ts";
import type { Reporter } from "../reporters/reporter.ts";
import type { PageSurvivors } from "../survivors/page-survivors.ts";
import type { FollowedListing } from "../survivors/survivors.ts";
import type { RecordTime } from "../time/record-time.ts";
import type { Flow } from "../waiting/flow.ts";
import type { SelfStacks } from "../waiting/self-stacks.ts";
import type { ListingFigures } from "./build-profile.ts";
import type { ListingRecord, RecordHost } from "./listing-record.ts";
import type { Sources } from "./sources.ts";
import type { Allocate, Charging, Listing } from "./state.ts";

/** What a host brings along. What only some hosts need is handed in here, so that the others do not load it. */
export interface Platform {
  host: HostInfo;
  /** What to know before trusting a number of this host. */
  notes: readonly string[];
  sources: Sources;
  charging: Charging;
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Brings a report to `stream`, without one to where the program's own output goes. A stream that throws throws. The core
   * knows the table alone.
   *
   * @throws MprofError for a reporter that does not exist
   */
  deliver(profile: Profile, reporter: string | Reporter, stream?: TextSink): void;
  /** Tells the person who runs the program something, never the program. */
  warn(text: string): void;
  allocate: Allocate;
  Record: new (file: string, table: ListingTable, host: RecordHost) => ListingRecord;
  /** The counters of a listing that was built for mode `auto`. */
  count?(
    listing: Listing,
    table: SlotTable,
    place: { file: string; rowCount: number },
    record?: RecordTime,
  ): CountedListing;
  /** Calls back when all that runs now has come to its end. */
  afterThis?(work: () => void): void;
  /** Calls back in another turn of the event loop, if the program has one. */
  nextTurn?(work: () => void): void;
  /** A module that was changed while the program runs takes the place of the one before; see `ModuleTable.hot`. */
  replace?(earlier: readonly ListingRecord[], table: ModuleTable): void;
  /** Checks the options of `profile({…})(fn)`. @throws MprofError */
  readOptions?(options: unknown): FunctionOptions;
  /** The lines of a source, by the path that reports show, if it is at hand. */
  readSource?(file: string): readonly string[] | undefined;
  /** In a worker: hands the figures to the thread that reports. */
  announce?(figures: ListingFigures): void;
  /** Figures of other threads. */
  otherThreads?(): readonly ListingFigures[];
  /** Where calls are recorded over time, if they are. */
  timeline?: Timeline;
  /** With the option `time`: what keeps that of a listing. */
  timeOf?(listing: Listing, slots: SlotTable | undefined): RecordTime | undefined;
  /** With the option `freed`: what keeps for a listing what collections took. */
  freedOf?(listing: Listing): RecordFreed;
  /** With the option `self`: is told of what listings are measured by. */
  self?: SelfStacks;
  /** Where figures are kept outside of the process. */
  keep?: KeepGate;
  /** In a page that follows what survives: what compiled code calls of a module with these listings. Node's runtime has its own. */
  keeper?(listings: readonly FollowedListing[]): NonNullable<ModuleHandle["keep"]>;
  /** Where it is followed. */
  survivors?: PageSurvivors;
  /** What runs and waits in this thread. */
  flow?: Flow;
  /** The memory that a line may leave behind, if there is a maximum. */
  limit?: MemoryLimit;
  /** Options that come before every other: the command's. */
  command?: FunctionOptions;
  /** @default 1 */
  defaultPrecision?: number;
  /** False: nothing is collected until `start()`. */
  isEnabled: boolean;
}
