/** The report at the end of the process, however it ends; the exit code and the signal are those of the program. */
import { appendFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { MprofError } from "../../contract/errors.ts";
import { type FunctionPlace, REPORTED_EVENT } from "../../contract/runtime-module.ts";
import type { Runtime } from "../core/runtime.ts";
import { finalReports, type SummaryWhen } from "../full/final-reports.ts";
import { renderJson } from "../reporters/json.ts";
import { mainProcess } from "./main-context.ts";
import type { RecordedTimeline } from "./recording.ts";
import { writeAll } from "./write.ts";

const STDOUT = 1;
const STDERR = 2;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Destinations {
  /** File that gets the text report instead of standard output. */
  output?: string | undefined;
  /** File that gets the profile. */
  json?: string | undefined;
  /** Whether the tables end with a summary; without it they do not. */
  summary?: SummaryWhen;
  /** Calls of a recording that are not written yet. */
  timeline?: RecordedTimeline | undefined;
}

/** Writes the reports when the process ends, once. */
export function reportAtExit(runtime: Runtime, destinations: Destinations): void {
  let isDone = false;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    writeReports(runtime, destinations);
    tellCalled(runtime);
  };
  mainProcess.on("exit", finish);
  if (!isMainThread) return;
  for (const signal of SIGNALS) {
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
  try {
    const called = runtime.figures().map(({ file, table }): FunctionPlace => [file, table.name, table.first]);
    mainProcess.emit(REPORTED_EVENT as never, called as never);
  } catch {}
}

function writeReports(runtime: Runtime, { output, json, summary, timeline }: Destinations): void {
  timeline?.finish();
  try {
    for (const { stream, text } of finalReports(runtime, summary)) {
      if (stream) stream.write(text);
      else if (output !== undefined) appendFileSync(output, text);
      else writeAll(STDOUT, text);
    }
    if (json !== undefined) {
      const profile = runtime.getProfile();
      if (profile.listings.length > 0) writeFileSync(json, renderJson(profile));
    }
  } catch (error) {
    const what = `the report could not be written: ${String(error)}`;
    writeAll(STDERR, `${new MprofError("MPROF_REPORT_WRITE", what, "Check the path or the stream.").message}\n`);
  }
}
