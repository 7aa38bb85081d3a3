/** The public API on Node: as `runtime/index.ts`, with the sources of Node and a report at the end of the process. */
import { appendFileSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { isMainThread } from "node:worker_threads";
import { ENVIRONMENT } from "../../contract/environment.ts";
import { detectHost } from "../host.ts";
import type { Runtime } from "../lifecycle.ts";
import type { Platform } from "../platform.ts";
import { shareRuntime } from "../shared.ts";
import type { Gauges } from "../sources/source.ts";
import { collect } from "./collect.ts";
import { readEnvironment } from "./environment.ts";
import { reportAtExit } from "./exit.ts";
import { mainGlobals, mainProcess } from "./main-context.ts";
import { createLimit } from "./on-exceed.ts";
import { createTimeline, type RecordedTimeline } from "./recording.ts";
import { openSmaps } from "./smaps.ts";
import { openStatm } from "./statm.ts";
import { joinThreads, type Threads } from "./threads.ts";
import { writeAll } from "./write.ts";

export * from "../api-types.ts";
export { MprofError } from "../errors.ts";
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

const environment = readEnvironment(mainProcess.env);

function createPlatform(): Platform {
  for (const { message } of environment.problems) warn(`${message}\n`);
  const threads: Threads = joinThreads();
  const gauges = readGauges();
  return {
    host: detectHost(),
    gauges,
    timeline: openTimeline(gauges.rss!),
    collect,
    now: () => Date.now(),
    print: (text) => {
      if (environment.output === undefined) mainProcess.stdout.write(text);
      else appendFileSync(environment.output, text);
    },
    warn,
    ...threads,
    limit:
      environment.maxMemory === undefined ? undefined : createLimit(environment.maxMemory, environment.onExceed, warn),
    command: environment.command,
    defaultPrecision: environment.defaultPrecision,
    isEnabled: environment.isEnabled,
  };
}

/** The calls of this process only: children that it forks are not what is recorded. */
function openTimeline(rss: () => number): RecordedTimeline | undefined {
  const { recording } = environment;
  delete mainProcess.env[ENVIRONMENT.recording];
  return recording !== undefined && isMainThread ? createTimeline(recording, rss) : undefined;
}

function reportLater(first: Runtime, platform: Platform): void {
  const isReportedElsewhere = platform.announce !== undefined;
  if (platform.isEnabled && !isReportedElsewhere)
    reportAtExit(first, { ...environment, timeline: platform.timeline as RecordedTimeline | undefined });
}

const runtime = shareRuntime(createPlatform, warn, reportLater, mainGlobals);

/** What compiled code imports: registers a module and returns its handle. */
export const table = runtime.table.bind(runtime);
/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export const configure = runtime.configure.bind(runtime);
/** The figures up to now, of every profiled function that was called in any thread. Memory in bytes. */
export const getProfile = runtime.getProfile.bind(runtime);
/** Writes a report of everything up to now; the one at exit still comes. @throws MprofError for an unknown reporter */
export const report = runtime.report.bind(runtime);
/** Forgets the figures of this thread. */
export const reset = runtime.reset.bind(runtime);
/**
 * Runs a function and returns what it returns; `mprof run` shows it as a block of this name on the time line. A block of
 * an async function ends when its promise is settled.
 * @example const rows = await timestamp("read rows", () => readRows(file));
 */
export function timestamp<T>(name: string, work: () => T): T {
  return runtime.timestamp(name, work);
}
