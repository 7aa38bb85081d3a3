/**
 * What `mprof attach` brings into a process that runs. It takes itself out again when it is told to, when its time is over, and
 * when nobody has said for a while that he is there still: the way out needs nobody outside.
 */
import { close, url } from "node:inspector";
import {
  ATTACHED,
  type AttachedAgent,
  type AttachedProcess,
  type AttachOptions,
  type EditedPart,
  type EditResult,
  type FetchedFigures,
  type GrownFunction,
  type LeftBehind,
  type LoadedScript,
  type LoggedFunction,
  type ScriptEdit,
} from "../../../contract/attached.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
import {
  clearInterval,
  clock,
  getHeapStatistics,
  readFileSync,
  setImmediate,
  setInterval,
  setTimeout,
} from "../builtins.ts";
import { watchCollections } from "../leaks/watch-collections.ts";
import { currentFolder, mainGlobals, mainProcess } from "../main-context.ts";
import { attempt } from "./attempt.ts";
import { countClients } from "./count-clients.ts";
import { Engine } from "./engine.ts";
import { HeapSamples } from "./heap-samples.ts";
import { LogPoints } from "./log-points.ts";
import { createOwnRuntime } from "./own-runtime.ts";

/** Between two looks at whether somebody is there. */
const LOOK_MS = 500;
/** So many looks in a row without a word: whoever attached is gone. By looks, not by the clock: a program that computes hears nobody. */
const MOST_SILENT_LOOKS = 20;
/** An answer has to be on its way before the inspector is closed. */
const ANSWER_MS = 50;
/** What V8 does not change back: again after so long, and so many times as long as it took, while somebody waits for it; then later. */
const AGAIN_MS = 50;
const PAUSES = 5;
const PATIENCE_MS = 3000;
const LATER_MS = 2000;

/** Called by log points. */
const LOG_NAME = "__mprof_log";

interface Edited {
  filename: string;
  original: string;
  globals: string[];
  makesFunctions: boolean;
}

export class Agent implements AttachedAgent {
  private readonly options: AttachOptions;
  private readonly engine = new Engine();
  private readonly samples = new HeapSamples(this.engine);
  private readonly runtime: WholeRuntime;
  private readonly problems: string[] = [];
  /** By script. */
  private readonly edited = new Map<string, Edited>();
  private readonly kept: string[] = [];
  private readonly answers = new Set<Promise<unknown>>();
  private readonly guard: NodeJS.Timeout;
  private ends = Infinity;
  private points: LogPoints | undefined;
  private stopFollowing: (() => void) | undefined;
  private silent = 0;
  /** Milliseconds that the last try took. */
  private restoring = 0;
  private leaving: Promise<LeftBehind> | undefined;

  constructor(options: AttachOptions) {
    this.options = options;
    this.runtime = createOwnRuntime(options, (text) => void this.problems.push(text));
    this.guard = setInterval(() => this.look(), LOOK_MS).unref();
    Object.defineProperty(mainGlobals, Symbol.for(ATTACHED), { value: true, configurable: true });
    this.engine.turnOn();
  }

  private look(): void {
    this.silent++;
    if (this.silent > MOST_SILENT_LOOKS || clock() > this.ends) this.leave().catch(ignore);
  }

  beat(): void {
    this.silent = 0;
  }

  describe(): AttachedProcess {
    const { pid, version } = mainProcess;
    const port = Number(/:(\d+)\//.exec(url() ?? "")?.[1]);
    const { used_heap_size: heapUsed } = getHeapStatistics();
    const canEdit = this.engine.canChange();
    return { pid, version, cwd: currentFolder(), clients: countClients(port), canEdit, heapUsed };
  }

  scripts(): LoadedScript[] {
    return this.engine.scripts();
  }

  source(id: string): string {
    this.engine.turnOn();
    return this.engine.source(id);
  }

  read(path: string): string | null {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return null;
    }
  }

  edit(edit: ScriptEdit): Promise<EditResult> {
    return this.answer(() => {
      const began = clock();
      const status = this.change(edit);
      return { status, ms: clock() - began };
    });
  }

  log(functions: LoggedFunction[]): Promise<number[][]> {
    return this.answer(() => {
      if (this.leaving) return functions.map(() => []);
      this.engine.turnOn();
      this.points ??= new LogPoints(this.engine, LOG_NAME, this.options);
      const { points } = this;
      const found = functions.map((fn) => points.add(fn));
      points.start();
      this.ends = clock() + this.options.atMost;
      return found;
    });
  }

  /** The inspector waits for a promise without holding it: it would be collected. */
  private answer<T>(work: () => T): Promise<T> {
    const answer = atRest(work);
    this.answers.add(answer);
    const forget = () => void this.answers.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  /** Nothing of the program runs before the globals are there that the probes use. */
  private change({ id, source, parts, makesFunctions }: ScriptEdit): string {
    if (this.leaving) return "Left";
    this.engine.turnOn();
    const filename = this.engine.scripts().find((script) => script.id === id)?.filename ?? "";
    const original = this.engine.source(id);
    const status = attempt(() => this.engine.change(id, source));
    if (status !== "Ok") return status ?? "Refused";
    this.ends = clock() + this.options.atMost;
    const edited: Edited = { filename, original, globals: [], makesFunctions };
    this.edited.set(id, edited);
    try {
      if (this.options.leaks) this.follow();
      for (const part of parts) edited.globals.push(...this.offer(part));
    } catch (error) {
      this.leave().catch(ignore);
      throw error;
    }
    return status;
  }

  /** What survives shows after full collections: some are made, which may take a share of the time. */
  private follow(): void {
    const { survivors } = this.runtime;
    if (survivors.isFollowing) return;
    survivors.start();
    this.stopFollowing = watchCollections(survivors, true, () => this.engine.collect());
  }

  /** @returns the names of the globals */
  private offer({ table, names }: EditedPart): string[] {
    const handle = this.runtime.table(table);
    const globals: Record<string, unknown> = {
      [names.module]: () => handle,
      [names.keep]: handle.keep,
      ...Object.fromEntries(names.counters.map((name, index) => [name, handle.counters(index)])),
    };
    for (const [name, value] of Object.entries(globals))
      Object.defineProperty(mainGlobals, name, { value, configurable: true });
    return Object.keys(globals);
  }

  sample(time: number): void {
    if (!this.leaving) this.samples.start(time);
  }

  grown(ids: string[]): GrownFunction[] {
    return this.samples.stop(ids);
  }

  rest(): void {
    if (this.points === undefined) this.engine.turnOff();
  }

  profile(): Promise<FetchedFigures> {
    return this.answer(() => {
      const profile = this.runtime.getProfile();
      const logged = this.points?.figures();
      const profiles = logged ? [profile, { ...profile, mode: "auto" as const, ...logged }] : [profile];
      return { profiles, problems: this.problems.splice(0) };
    });
  }

  leave(): Promise<LeftBehind> {
    this.leaving ??= this.takeOut();
    return this.leaving;
  }

  private async takeOut(): Promise<LeftBehind> {
    clearInterval(this.guard);
    // Whatever becomes of one of them, the next one is done.
    attempt(() => this.runtime.stop());
    attempt(() => this.stopFollowing?.());
    attempt(() => this.points?.end());
    attempt(() => this.samples.stop([]));
    for (let waited = 0; !(await atRest(() => this.restore())) && waited < PATIENCE_MS; ) {
      const rest = AGAIN_MS + PAUSES * this.restoring;
      waited += rest;
      await pause(rest);
    }
    const waiting = [...this.edited.values()].map(({ filename }) => filename);
    if (waiting.length === 0) this.end();
    else this.restoreLater().catch(ignore);
    if (this.options.closes) setTimeout(() => attempt(close), ANSWER_MS).unref();
    return { waiting, kept: this.kept };
  }

  private async restoreLater(): Promise<void> {
    do await pause(LATER_MS);
    while (!(await atRest(() => this.restore())));
    this.end();
  }

  /** @returns whether all scripts are what they were */
  private restore(): boolean {
    const began = clock();
    this.engine.turnOn();
    for (const [id, { filename, original, globals, makesFunctions }] of this.edited) {
      if (!this.hasRestored(id, original)) continue;
      if (makesFunctions && this.engine.isInFunctions(globals)) this.kept.push(filename);
      else for (const name of globals) Reflect.deleteProperty(mainGlobals, name);
      this.edited.delete(id);
    }
    this.engine.turnOff();
    this.restoring = clock() - began;
    return this.edited.size === 0;
  }

  private hasRestored(id: string, original: string): boolean {
    return attempt(() => this.engine.change(id, original) === "Ok" && this.engine.source(id) === original) ?? false;
  }

  private end(): void {
    attempt(() => this.engine.end());
    Reflect.deleteProperty(mainGlobals, Symbol.for(ATTACHED));
  }
}

/** Where no function of the program is in the middle of something. */
function atRest<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** A fault of ours is not the program's. */
function ignore(): void {}

/** Keeps no program running. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
