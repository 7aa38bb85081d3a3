/** The report at the end of the process, if it can notice its end; `kept/` has it of one that cannot. The exit code stays the program's. */
import { MprofError } from "../../contract/errors.ts";
import { type FunctionPlace, REPORTED_EVENT } from "../../contract/runtime-module.ts";
import type { Runtime } from "../core/runtime.ts";
import { finalReports, type SummaryWhen } from "../full/final-reports.ts";
import { JSON_REPORTER } from "../reporters/json.ts";
import { type Destination, deliver } from "./deliver.ts";
import type { KeptRun } from "./kept/open-kept.ts";
import { mainProcess } from "./main-context.ts";
import type { RecordedTimeline } from "./recording.ts";

export interface Destinations {
  /** File that gets the text report instead of standard output. */
  output?: string | undefined;
  /** Where standard output is a terminal that shows them. */
  color?: boolean | undefined;
  /** File that gets the profile. */
  json?: string | undefined;
  /** Whether the tables end with a summary; without it they do not. */
  summary?: SummaryWhen;
  /** Calls of a recording that are not written yet. */
  timeline?: RecordedTimeline | undefined;
  /** What is kept of this process in case that it cannot notice its end. */
  kept?: KeptRun | undefined;
  /** Set by the command and the hook: processes of the program are reported by the first one, or by who outlives it. */
  activity?: string | undefined;
}

/** Writes the reports when the process ends, once. */
export function reportAtExit(runtime: Runtime, destinations: Destinations, warn: (text: string) => void): void {
  let isDone = false;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    const { kept } = destinations;
    attempt(() => kept?.collect());
    // A fork's report would go where its parent reads, and each to the same file.
    const isReported = kept?.isReportedElsewhere || writeReports(runtime, destinations, warn);
    attempt(() =>
      kept?.tellParts(
        runtime.records.some((record) => record.figures().length > 0),
        warn,
      ),
    );
    attempt(() => tellCalled(runtime));
    attempt(() => kept?.end(isReported));
  };
  mainProcess.on("exit", finish);
  if (isOfForeignPool(destinations)) reportAtSignals(finish);
}

/**
 * A child of a pool whose own process knows nothing of us, as the one in which Next.js makes pages: it ends its children by a
 * signal, and nobody else can report for them where their output is read.
 */
function isOfForeignPool({ kept, activity }: Destinations): boolean {
  return mainProcess.send !== undefined && activity === undefined && !kept?.isReportedElsewhere;
}

/** Alone in that case: whatever listens to a signal keeps one from ending a program that computes. */
function reportAtSignals(finish: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const onSignal = () => {
      // The program handles the signal itself; if it ends, it ends by "exit".
      if (mainProcess.listenerCount(signal) > 1) return;
      finish();
      mainProcess.off(signal, onSignal);
      mainProcess.kill(mainProcess.pid, signal);
    };
    mainProcess.on(signal, onSignal);
  }
}

/** What ran the program says what it did, or did not; a fault of its is not the program's. */
function tellCalled(runtime: Runtime): void {
  const called = runtime.figures().map(({ file, table }): FunctionPlace => [file, table.name, table.first]);
  mainProcess.emit(REPORTED_EVENT as never, called as never);
}

/** A fault of ours, or of who listens to us, is not the program's. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {}
}

/** Each for itself. @returns whether all is somewhere */
function writeReports(
  runtime: Runtime,
  { output, json, summary, timeline, color }: Destinations,
  warn: (text: string) => void,
): boolean {
  const tryTo = (write: () => boolean) => {
    try {
      return write();
    } catch (error) {
      const what = `the report could not be written: ${String(error)}`;
      warn(`${new MprofError("MPROF_REPORT_WRITE", what, "Check the path or the stream.").message}\n`);
      return false;
    }
  };
  const to: Destination = output === undefined ? { kind: "stdout" } : { kind: "append", path: output };
  const written = [
    tryTo(() => {
      timeline?.finish();
      return true;
    }),
    tryTo(() => {
      const reports = finalReports(runtime, summary);
      return reports
        .map(({ stream, profile, reporter }) =>
          tryTo(() => deliver(profile, reporter, stream ? { kind: "stream", stream } : to, { warn, color })),
        )
        .every(Boolean);
    }),
    tryTo(() => {
      if (json === undefined) return true;
      const profile = runtime.getProfile();
      return profile.listings.length === 0 || deliver(profile, JSON_REPORTER, { kind: "write", path: json }, { warn });
    }),
  ];
  return written.every(Boolean);
}
