/** The public API on Node: as `runtime/index.ts`, with the sources of Node and a report at the end of the process. */
import { appendFileSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { isMainThread } from "node:worker_threads";
import { OPTIONS } from "../../contract/options.ts";
import { configureRuntime, defined } from "../configure.ts";
import { type WholePlatform, WholeRuntime } from "../everything.ts";
import { detectHost } from "../host.ts";
import type { Runtime } from "../lifecycle.ts";
import type { Configuration } from "../options.ts";
import { CalibratedSources } from "../readers.ts";
import { shareRuntime } from "../shared.ts";
import type { Gauges } from "../sources/source.ts";
import { runBlock } from "../timeline.ts";
import { collect } from "./collect.ts";
import { readEnvironment } from "./environment.ts";
import { reportAtExit } from "./exit.ts";
import { mainGlobals, mainProcess } from "./main-context.ts";
import { createLimit } from "./on-exceed.ts";
import { readSource } from "./read-source.ts";
import { createTimeline, type RecordedTimeline } from "./recording.ts";
import { openSmaps } from "./smaps.ts";
import { openStatm } from "./statm.ts";
import { joinThreads, type Threads } from "./threads.ts";
import { writeAll } from "./write.ts";

export { MprofError } from "../../contract/errors.ts";
export * from "../api-types.ts";
export { noprofile, profile } from "../profile.ts";

const STDERR = 2;

function warn(text: string): void {
  writeAll(STDERR, text);
}

function readGauges(): Gauges {
  const rss = () => mainProcess.memoryUsage.rss();
  return {
    rss: openStatm(rss) ?? rss,
    heapStatistics: getHeapStatistics,
    arrayBuffers: () => mainProcess.memoryUsage().arrayBuffers,
    ...openSmaps(),
  };
}

const { settings, problems } = readEnvironment(mainProcess.env);

function createPlatform(): WholePlatform {
  for (const { message } of problems) warn(`${message}\n`);
  const { enabled = true, precision, defaultPrecision, backend, gc, report, maxMem, onExceed = "debugger" } = settings;
  const threads: Threads = joinThreads();
  const gauges = readGauges();
  return {
    host: detectHost(globalThis),
    sources: new CalibratedSources(gauges, () => performance.now(), collect),
    timeline: openTimeline(gauges.rss!),
    now: () => Date.now(),
    readSource,
    print: (text) => {
      if (settings.output === undefined) mainProcess.stdout.write(text);
      else appendFileSync(settings.output, text);
    },
    warn,
    ...threads,
    limit: maxMem === undefined ? undefined : createLimit(maxMem, onExceed, warn),
    command: defined({ precision, backend, gc, report }),
    defaultPrecision,
    isEnabled: enabled,
  };
}

/** The calls of this process only: children that it forks are not what is recorded. */
function openTimeline(rss: () => number): RecordedTimeline | undefined {
  const { recording } = settings;
  delete mainProcess.env[OPTIONS.recording.variable.name];
  return recording !== undefined && isMainThread ? createTimeline(recording, rss) : undefined;
}

function createRuntime(isFirst: boolean): Runtime {
  const platform = createPlatform();
  if (!isFirst) return new WholeRuntime({ ...platform, isEnabled: false });
  const runtime = new WholeRuntime(platform);
  const isReportedElsewhere = platform.announce !== undefined;
  if (!isReportedElsewhere) {
    reportAtExit(runtime, { ...settings, timeline: platform.timeline as RecordedTimeline | undefined });
  }
  return runtime;
}

const runtime = shareRuntime(createRuntime, warn, mainGlobals);

/** What compiled code imports: registers a module and returns its handle. */
export const table = runtime.table;
/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export function configure(options: Configuration): void {
  configureRuntime(runtime, options);
}
/** The figures up to now, of every profiled function that was called in any thread. Memory in bytes. */
export const getProfile = runtime.getProfile;
/** Writes a report of everything up to now; the one at exit still comes. @throws MprofError for an unknown reporter */
export const report = runtime.report;
/** Forgets the figures of this thread. */
export const reset = runtime.reset;
/** Collects from now on, in this thread: after `stop()`, or where the process was started with `MPROF=off`. */
export const start = runtime.start;
/** Collects nothing from now on, in this thread; calls in progress run to their end. */
export const stop = runtime.stop;
/**
 * Runs a function and returns what it returns; `mprof run` shows it as a block of this name on the time line. A block of
 * an async function ends when its promise is settled.
 * @example const rows = await timestamp("read rows", () => readRows(file));
 */
export function timestamp<T>(name: string, work: () => T): T {
  return runBlock(runtime.platform.timeline, name, work);
}
