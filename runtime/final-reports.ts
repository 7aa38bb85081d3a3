/** The text reports due at the end of a process. */
import type { ListingFigures } from "./aggregate/build-profile.ts";
import type { Runtime } from "./lifecycle.ts";
import type { TextSink } from "./options.ts";
import { WatchedRecord } from "./watched-record.ts";

export interface FinalReport {
  /** Undefined: where the platform prints. */
  stream: TextSink | undefined;
  text: string;
}

/** At most one for each stream; empty if no profiled function was called. */
export function finalReports(runtime: Runtime): FinalReport[] {
  runtime.figures();
  const due = new Map<TextSink | undefined, ListingFigures[]>();
  const add = (stream: TextSink | undefined, figures: ListingFigures[]) => {
    due.set(stream, [...(due.get(stream) ?? []), ...figures]);
  };
  for (const record of runtime.records) {
    const { report, stream } = runtime.settings(record);
    if (report === "exit") add(stream, record.figures());
    if (report === "call" && record instanceof WatchedRecord) add(stream, record.unreportedFigures());
  }
  // A worker prints its own reports per call, and may be told to print none.
  for (const figures of runtime.platform.otherThreads?.() ?? []) {
    const { report, stream } = runtime.settings({ table: figures.table, runtimeOptions: {} });
    if (report === "exit") add(stream, [figures]);
  }
  return [...due]
    .map(([stream, figures]) => ({ stream, text: runtime.platform.render(runtime.buildProfile(figures), "text") }))
    .filter(({ text }) => text !== "");
}
