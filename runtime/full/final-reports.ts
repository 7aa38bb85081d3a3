/** The reports due at the end of a process. */
import type { OPTIONS } from "../../contract/options.ts";
import type { Profile } from "../../contract/profile.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import type { Runtime } from "../core/runtime.ts";
import type { Reporter } from "../reporters/reporter.ts";
import { SUMMARY, wantsSummary } from "../reporters/summary.ts";
import { TABLES } from "../reporters/tables.ts";
import type { TextSink } from "./options.ts";
import { WatchedRecord } from "./watched-record.ts";

export interface FinalReport {
  /** Undefined: where the platform prints. */
  stream: TextSink | undefined;
  profile: Profile;
  reporter: Reporter;
}

/** Whether tables end with a summary; `auto`: from three on. */
export type SummaryWhen = ReturnType<(typeof OPTIONS)["summary"]["variable"]["takes"]["read"]>;

/** One for each stream, and after that of the platform a summary if one is wanted; empty if no profiled function was called. */
export function finalReports(runtime: Runtime, summary?: SummaryWhen): FinalReport[] {
  runtime.figures();
  const due = new Map<TextSink | undefined, ListingFigures[]>([[undefined, []]]);
  /** Of the platform's own stream. */
  const summed: ListingFigures[] = [];
  const add = (stream: TextSink | undefined, figures: ListingFigures[]) => {
    due.set(stream, [...(due.get(stream) ?? []), ...figures]);
  };
  for (const record of runtime.records) {
    const { report, stream } = runtime.settings(record);
    if (report === "exit") add(stream, record.figures());
    if (report === "call" && record instanceof WatchedRecord) add(stream, record.unreportedFigures());
    if (report !== "none" && stream === undefined) summed.push(...record.figures());
  }
  // A worker prints its own reports per call, and may be told to print none.
  for (const figures of runtime.platform.otherThreads?.() ?? []) {
    const { report, stream } = runtime.settings({ table: figures.table, runtimeOptions: {} });
    if (report === "exit") add(stream, [figures]);
    if (report !== "none" && stream === undefined) summed.push(figures);
  }
  const [printed, ...streamed] = [...due].map(([stream, figures]): FinalReport => {
    return { stream, profile: runtime.buildProfile(figures), reporter: TABLES };
  });
  const reports = [printed!, ...summaryOf(runtime, summed, summary), ...streamed];
  return reports.filter(({ profile }) => profile.listings.length > 0);
}

function summaryOf(runtime: Runtime, figures: readonly ListingFigures[], when: SummaryWhen | undefined): FinalReport[] {
  if (when === undefined || when === "never") return [];
  const profile = runtime.buildProfile(figures);
  return wantsSummary(profile, when) ? [{ stream: undefined, profile, reporter: SUMMARY }] : [];
}
