/** The public API on Node: as `runtime/core/index.ts`, with the sources of Node and a report at the end of the process. */
import { isMainThread } from "node:worker_threads";
import { faultOf, MprofError } from "../../contract/errors.ts";
import type { ModuleHandle, ModuleTable } from "../../contract/module-table.ts";
import { OPTIONS, type Settings } from "../../contract/options.ts";
import type { Profile } from "../../contract/profile.ts";
import { FREED_BACKENDS } from "../../contract/units.ts";
import type { ListingFigures } from "../core/build-profile.ts";
import { lateHandle } from "../core/create-handle.ts";
import { detectHost } from "../core/detect-host.ts";
import type { ReportOptions, Runtime } from "../core/runtime.ts";
import { shareRuntime } from "../core/share-runtime.ts";
import type { Gauges } from "../core/sources.ts";
import { CalibratedSources } from "../full/calibrated-sources.ts";
import { configureRuntime, defined } from "../full/configure.ts";
import type { Configuration, TextSink } from "../full/options.ts";
import { runBlock } from "../full/timeline.ts";
import { type WholePlatform, WholeRuntime } from "../full/whole-runtime.ts";
import { reporterOf } from "../reporters/render.ts";
import type { LeakOptions, LeakReport } from "../survivors/leaking-rows.ts";
import { clock, epoch, getHeapStatistics, setImmediate, setInterval } from "./builtins.ts";
import { COLLECTOR } from "./collect.ts";
import { type Destination, deliver } from "./deliver.ts";
import { readEnvironment } from "./environment.ts";
import { excluded } from "./exclude.ts";
import { reportAtExit } from "./exit.ts";
import { openGcCheck, openGcLog } from "./gc-log.ts";
import { type KeptRun, openKept } from "./kept/open-kept.ts";
import { explainAtExit, followSurvivors, reportLeaks } from "./leaks/leaks.ts";
import { mainGlobals, mainProcess } from "./main-context.ts";
import { createLimit } from "./on-exceed.ts";
import { noPush } from "./push-while-running.ts";
import { openSources } from "./read-source.ts";
import { RecordedTimeline } from "./recording.ts";
import { openSmaps } from "./smaps.ts";
import { openStatm } from "./statm.ts";
import { joinThreads, type Threads } from "./threads.ts";
import { worked } from "./worked.ts";
import { WorkerGate } from "./worker-gate.ts";
import { writeAll } from "./write.ts";

export { MprofError } from "../../contract/errors.ts";
export * from "../api-types.ts";
export { noprofile, profile } from "../full/profile.ts";

const STDERR = 2;
/** A worker may be terminated at any time. */
const HARVEST_MS = 1000;

function warn(text: string): void {
  writeAll(STDERR, text);
}

function readGauges(): Gauges {
  // The program may have replaced it, and then what it says is the program's.
  const { memoryUsage } = mainProcess;
  const smaps = openSmaps();
  const rssOfNode = typeof memoryUsage?.rss === "function" ? memoryUsage.rss : undefined;
  const rssOnce = smaps?.rss ?? rssOfNode;
  return {
    rss: (rssOnce && openStatm(rssOnce)) ?? rssOnce,
    pss: smaps?.pss,
    uss: smaps?.uss,
    heapStatistics: getHeapStatistics,
    arrayBuffers: rssOfNode && (() => memoryUsage().arrayBuffers),
  };
}

/** What holds on to something of the host is made once, however often the rest has to be tried. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const threads: () => Threads = once(joinThreads);
const gauges: () => Gauges = once(readGauges);
const gcLog = once(openGcLog);
let keptRun: { value: KeptRun | undefined } | undefined;

function keptOnce(settings: Settings): KeptRun | undefined {
  if (keptRun === undefined) {
    keptRun = { value: openKept(settings, warn) };
    if (keptRun.value === undefined && settings.pyroscope !== undefined)
      warn(noPush("figures cannot be kept in a file"));
  }
  return keptRun.value;
}

function createPlatform(settings: Settings, kept: KeptRun | undefined): WholePlatform {
  const {
    enabled = true,
    precision,
    defaultPrecision,
    backend,
    gc,
    report,
    maxMem,
    onExceed = "debugger",
    overhead,
    time,
    freed,
    self,
    history = settings.json !== undefined,
  } = settings;
  const measures = gauges();
  const joined = threads();
  const keep = isMainThread || enabled === false ? kept?.keeper : new WorkerGate();
  if (kept) joined.onNews = () => kept.keeper.writeSoon();
  return {
    host: detectHost({ process: mainProcess }),
    sources: new CalibratedSources(measures, clock, COLLECTOR),
    timeline: openTimeline(settings.recording, measures.rss),
    now: () => Math.round(epoch()),
    clock,
    work: worked,
    overhead,
    isTimed: time,
    isSelf: self,
    askCollections: freed && freedProblem(settings) === undefined ? gcLog() : undefined,
    openCheck: openGcCheck,
    followThreads: history ? () => joined.otherThreads?.() ?? [] : undefined,
    readSource: openSources(),
    deliver: (profile, reporter, stream) => {
      const to = stream ? streamTo(stream) : placeOf(settings.output, kept?.isReportedElsewhere);
      deliver(profile, reporterOf(reporter), to, { warn, color: settings.color });
    },
    warn,
    afterThis: (work) => queueMicrotask(work),
    nextTurn: (work) => void setImmediate(work).unref(),
    ...joined,
    keep,
    ...(kept && {
      allocate: (length) => kept.pool.allocate(length),
      otherThreads: () => [...(joined.otherThreads?.() ?? []), ...kept.otherProcesses()],
    }),
    limit: maxMem === undefined ? undefined : createLimit(maxMem, onExceed, warn),
    command: defined({ precision, backend: backend ?? (freed ? "heap" : undefined), gc, report }),
    defaultPrecision,
    isEnabled: enabled,
  };
}

/** Why it cannot be said what was freed, if it cannot. */
function freedProblem({ backend = "heap", gc }: Settings): MprofError | undefined {
  if (gc && gc !== "call") {
    const what = `what is freed is not known where garbage is collected before readings: gc ${gc}`;
    return new MprofError("MPROF_FREED_SOURCE", what, "Leave one of them out, or take gc call.");
  }
  if (!FREED_BACKENDS.includes(backend)) {
    const what = `what is freed is not known of this source: ${backend}`;
    return new MprofError("MPROF_FREED_SOURCE", what, `Choose one of ${FREED_BACKENDS.join(", ")}.`);
  }
  if (gcLog() !== undefined) return undefined;
  return new MprofError("MPROF_FREED_SOURCE", "this host does not say what was freed: option freed", "Leave it out.");
}

function placeOf(output: string | undefined, isReportedElsewhere = false): Destination {
  if (output !== undefined) return { kind: "append", path: output };
  // Its parent may read what another process of the program writes.
  return isReportedElsewhere ? streamTo({ write: warn }) : { kind: "stdout" };
}

function streamTo(stream: TextSink): Destination {
  return { kind: "stream", stream };
}

function openTimeline(recording: string | undefined, rss: Gauges["rss"]): RecordedTimeline | undefined {
  return recording !== undefined && rss && isMainThread ? new RecordedTimeline(recording, rss, warn) : undefined;
}

function createRuntime(isFirst: boolean): Runtime {
  const { settings, problems } = readEnvironment(mainProcess.env);
  if (!isFirst) return new WholeRuntime({ ...createPlatform(settings, undefined), isEnabled: false });
  const kept = isMainThread && settings.enabled !== false ? keptOnce(settings) : undefined;
  const platform = createPlatform(settings, kept);
  const runtime = new WholeRuntime(platform);
  const { announce } = platform;
  const { collections } = runtime;
  // What V8 notes of them meanwhile takes memory.
  if (collections) setInterval(() => void attempt(() => collections.look()), HARVEST_MS).unref();
  if (settings.leaks !== undefined && isMainThread) {
    followSurvivors(runtime, true);
    // Before the report, which shows it.
    if (settings.leaks === "why") mainProcess.on("exit", () => explainAtExit(runtime, warn));
  }
  if (announce) announceAtExit(runtime, announce);
  else {
    const timeline = platform.timeline as RecordedTimeline | undefined;
    reportAtExit(runtime, { ...settings, timeline, kept }, warn);
  }
  // The calls of this process only: children that it forks are not what is recorded.
  delete mainProcess.env[OPTIONS.recording.variable.name];
  kept?.attach(runtime, settings);
  const problem = settings.freed ? freedProblem(settings) : undefined;
  for (const { message } of problem ? [...problems, problem] : problems) warn(`${message}\n`);
  return runtime;
}

/** What is counted in a worker is in its sheets only when it is harvested. */
function announceAtExit(runtime: WholeRuntime, announce: (figures: ListingFigures) => void): void {
  const { sources, keep } = runtime.platform;
  if (keep instanceof WorkerGate) {
    const work = () => excluded(sources, () => void runtime.harvest(true));
    keep.harvest = () => void attempt(work);
  }
  const harvest = () => {
    runtime.flow.settle(true);
    return runtime.records.flatMap((record) => record.figures());
  };
  mainProcess.on("exit", () => void attempt(() => harvest().map(announce)));
  setInterval(() => void attempt(harvest), HARVEST_MS).unref();
}

let made: Runtime | undefined;

/**
 * The runtime, made when this module is loaded. Compiled code loads it at its first call, and a program may hide or replace
 * globals just then, as tests of fallbacks do: what fails is said once and tried again at the next call, for as long as it
 * takes. So no module of the runtime uses a global before a function of it is called.
 */
function use(): Runtime {
  made ??= shareRuntime(createRuntime, warn, mainGlobals);
  return made;
}

let isFaultTold = false;

/** What `work` returns; undefined if it fails. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isFaultTold) warn(`${faultOf(error).message}\n`);
    isFaultTold = true;
    return undefined;
  }
}

attempt(use);

/** What compiled code imports: registers a module and returns its handle. */
export function table(moduleTable: ModuleTable): ModuleHandle {
  return attempt(() => use().table(moduleTable)) ?? lateHandle(() => attempt(() => use().table(moduleTable)));
}
/** Sets options for the whole process, and for single functions by name. Later calls add to earlier ones. @throws MprofError */
export function configure(options: Configuration): void {
  configureRuntime(use(), options);
}
/** The figures up to now, of every profiled function that was called in any thread. Memory in bytes. */
export function getProfile(): Profile {
  return use().getProfile();
}
/** Writes a report of everything up to now; the one at exit still comes. @throws MprofError for an unknown reporter */
export function report(options?: ReportOptions): void {
  use().report(options);
}
/** Forgets the figures of this thread. */
export function reset(): void {
  use().reset();
}
/** Collects from now on, in this thread: after `stop()`, or where the process was started with `MPROF=off`. */
export function start(): void {
  use().start();
}
/** Collects nothing from now on, in this thread; calls in progress run to their end. */
export function stop(): void {
  use().stop();
}
/**
 * Follows from now on what survives of the objects that lines make, in this thread, of what was built with the option
 * `survivors`. It waits for V8's own full collections.
 */
export function startLeaks(): void {
  const runtime = use();
  if (runtime instanceof WholeRuntime) followSurvivors(runtime, false);
}
/**
 * The rows whose objects survive and grow in number, as of the last full collection; with `why`, who holds them.
 *
 * @throws MprofError if the heap snapshot of `why` cannot be read
 * @example setInterval(async () => console.log((await leaks({ why: true })).rows), 3_600_000);
 */
export function leaks(options: LeakOptions = {}): Promise<LeakReport> {
  const runtime = use();
  if (!(runtime instanceof WholeRuntime)) return Promise.resolve({ collections: 0, rows: [] });
  return reportLeaks(runtime, options);
}
/**
 * Runs a function and returns what it returns; `mprof run` shows it as a block of this name on the time line. A block of
 * an async function ends when its promise is settled.
 * @example const rows = await timestamp("read rows", () => readRows(file));
 */
export function timestamp<T>(name: string, work: () => T): T {
  return runBlock(attempt(use)?.platform.timeline, name, work);
}

/** What compiled modules import. */
export default { table };
