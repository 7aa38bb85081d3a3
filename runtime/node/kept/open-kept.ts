/** Opens the kept file of this process, and sees to it that somebody prints it. */
import { MprofError } from "../../../contract/errors.ts";
import { isQuiet, OPTIONS, type Settings } from "../../../contract/options.ts";
import type { ListingFigures } from "../../core/build-profile.ts";
import type { WholeRuntime } from "../../full/whole-runtime.ts";
import { basename, crc32, epoch, existsSync, readFileSync, resolve, rmSync } from "../builtins.ts";
import { currentFolder, mainProcess } from "../main-context.ts";
import { pushWhileRunning } from "../push-while-running.ts";
import { FigurePool } from "./figure-pool.ts";
import { Keeper } from "./keeper.ts";
import { KeptFile } from "./kept-file.ts";
import { findWaiting, keptFolder, newKeptPath, partsOf } from "./kept-folder.ts";
import { type Kept, readKept } from "./read-kept.ts";
import { type Watcher, watchOver } from "./watcher.ts";

const KEPT = OPTIONS.kept.variable.name;

/** What is kept of this process. */
export class KeptRun {
  readonly pool = new FigurePool();
  readonly keeper: Keeper;
  private readonly file: KeptFile;
  private readonly firstPath: string;
  /** Of other processes that took part. */
  readonly parts: Kept[] = [];
  /** The first process of the program: it prints for all. */
  readonly isFirst: boolean;
  /** A person has named the file. */
  private readonly isNamed: boolean;
  /** Who sends its figures reads the last of them, and removes the file. */
  private isPushed = false;
  private watcher: Watcher | undefined;

  /** @param firstPath the file of the program's first process */
  constructor(file: KeptFile, firstPath: string, settings: Settings, warn: (text: string) => void) {
    const isFirst = file.path === firstPath;
    this.file = file;
    this.firstPath = firstPath;
    this.isFirst = isFirst;
    this.isNamed = settings.profile !== undefined;
    this.keeper = new Keeper(file, this.pool, settings.onOom ?? false, warn);
    if (!isFirst) return;
    const isWatched = settings.watched === mainProcess.ppid;
    const watch = () => {
      this.watcher = tryToWatch(file.path, warn);
    };
    // Under the hook it says, too, that nothing was profiled. Elsewhere a program that profiles nothing gets no child.
    if (!isWatched && settings.activity !== undefined) watch();
    this.keeper.onUse = () => {
      if (!isWatched && settings.activity === undefined) watch();
      this.isPushed = pushWhileRunning(file.path, settings, warn);
    };
  }

  attach(runtime: WholeRuntime, { output, json, summary }: Settings): void {
    const args = [...mainProcess.argv.slice(1, 2).map((script) => basename(script)), ...mainProcess.argv.slice(2)];
    this.keeper.attach(runtime, { cwd: currentFolder(), args, pid: mainProcess.pid, output, json, summary });
  }

  /** Another process of the program reports for this one. */
  get isReportedElsewhere(): boolean {
    return !this.isFirst && existsSync(this.firstPath);
  }

  /** What other processes of the program have done, for the report of the first. */
  collect(): void {
    if (!this.isFirst) return;
    for (const part of partsOf(this.file.path)) {
      try {
        const kept = readKept(readFileSync(part));
        if (typeof kept !== "string" && kept.figures.length > 0) this.parts.push(kept);
      } catch {}
    }
  }

  otherProcesses(): ListingFigures[] {
    return this.parts.flatMap(({ figures }) => figures);
  }

  /** @param isOne this process has figures, too */
  tellParts(isOne: boolean, warn: (text: string) => void): void {
    const count = this.parts.length + (isOne ? 1 : 0);
    if (count > 1 && !isQuiet(mainProcess.env)) warn(`[mprof] the report is of ${count} processes\n`);
  }

  /** The process ends in a way that it can notice. @param isReported its report is where it belongs */
  end(isReported: boolean): void {
    if (this.isReportedElsewhere || this.isNamed || this.isPushed) this.keeper.finish();
    else if (isReported) {
      this.keeper.remove();
      if (this.isFirst) for (const part of partsOf(this.file.path)) rmSync(part, { force: true });
    }
    try {
      if (isReported) this.watcher?.dismiss();
    } catch {}
  }
}

/** @returns undefined where nothing can be kept: the report at the end comes all the same */
export function openKept(settings: Settings, warn: (text: string) => void): KeptRun | undefined {
  // Hosts that are like Node may not have it.
  if (crc32 === undefined) return undefined;
  const cwd = currentFolder();
  const folder = keptFolder();
  const { kept, profile } = settings;
  const named = profile === undefined ? undefined : resolve(cwd, profile);
  const path = kept ?? named ?? (folder && newKeptPath(folder, cwd, epoch()));
  if (path === undefined) return undefined;
  try {
    if (kept === undefined && named !== undefined) rmSync(named, { force: true });
    const file = openFile(path);
    const isFirst = file.path === path;
    if (kept === undefined && (named !== undefined || settings.activity !== undefined || isTestRunner()))
      mainProcess.env[KEPT] = path;
    if (isFirst && folder !== undefined && !isQuiet(mainProcess.env)) tellWaiting(folder, cwd, warn);
    return new KeptRun(file, path, settings, warn);
  } catch (error) {
    const why = isDenied(error) ? "the permission --allow-fs-write is missing" : String(error);
    if (named !== undefined || isDenied(error)) warn(`${keepError(`figures cannot be kept in ${path}: ${why}`)}\n`);
    return undefined;
  }
}

/** Vitest ends the processes of its tests by signals, when its own has still to say what they did. */
function isTestRunner(): boolean {
  return mainProcess.env.VITEST !== undefined;
}

function openFile(path: string): KeptFile {
  try {
    return new KeptFile(path, true);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return new KeptFile(`${path}.p${mainProcess.pid}`, false);
  }
}

/** What has just ended may be about to be printed. */
const SETTLED_MS = 5000;

function tellWaiting(folder: string, cwd: string, warn: (text: string) => void): void {
  const now = epoch();
  const settled = findWaiting(folder, cwd, now).filter(
    ({ isShown, written }) => !isShown && now - written > SETTLED_MS,
  );
  const [newest, ...others] = settled.filter(({ path }) => {
    const isWorthIt = hasFigures(path);
    if (!isWorthIt) rmSync(path, { force: true });
    return isWorthIt;
  });
  if (newest === undefined) return;
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  const when = new Date(newest.written).toTimeString().slice(0, 8);
  warn(`[mprof] a report is waiting, of a run that ended at ${when} without a word${more}: mprof report\n`);
}

function hasFigures(path: string): boolean {
  try {
    const kept = readKept(readFileSync(path));
    return typeof kept !== "string" && !kept.hasEnded && kept.figures.length > 0;
  } catch {
    return false;
  }
}

function tryToWatch(path: string, warn: (text: string) => void): Watcher | undefined {
  try {
    return watchOver(path);
  } catch (error) {
    const what = `a report after a kill is not printed by itself: ${isDenied(error) ? "--allow-child-process is missing" : error}`;
    warn(`${keepError(what, "mprof report shows it afterwards.")}\n`);
    return undefined;
  }
}

function isDenied(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_ACCESS_DENIED";
}

function keepError(what: string, cure = "Name another file: --profile <file>."): string {
  return new MprofError("MPROF_KEEP", what, cure).message;
}
