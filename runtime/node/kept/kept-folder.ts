/** Where kept files are that nobody has named: a folder of the user's among those for temporary files, one file a run. */
import { existsSync, join, lstatSync, mkdirSync, readdirSync, rmSync, statSync, tmpdir } from "../builtins.ts";
import { mainProcess } from "../main-context.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** What nobody has asked for in this time is removed. */
const KEPT_DAYS = 14;
const EXTENSION = ".mprof";
/** The program ended without a word, and its report was printed: still there for `mprof report`. */
const SHOWN = ".shown";

export interface KeptName {
  path: string;
  /** Of the folder in which the program was started. */
  place: string;
  pid: number;
  /** Milliseconds since the epoch: of its last write. */
  written: number;
  isShown: boolean;
}

/** @returns undefined where there is no folder that is ours alone */
export function keptFolder(): string | undefined {
  const user = mainProcess.getuid?.() ?? "user";
  const folder = join(tmpdir(), `mprof-kept-${user}`);
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    // The folder for temporary files is everybody's.
    const isOurs = user === "user" || (uid === user && (mode & 0o22) === 0);
    return isOurs && statSync(folder).isDirectory() ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A name that no other run has. */
export function newKeptPath(folder: string, cwd: string, now: number): string {
  const { pid } = mainProcess;
  for (let time = Math.floor(now); ; time++) {
    const path = join(folder, `${placeName(cwd)}-${time.toString(36)}-${pid}${EXTENSION}`);
    if (!existsSync(path)) return path;
  }
}

/** Files of runs from the folder `cwd` whose process is gone, the newest first; what is old is removed. */
export function findWaiting(folder: string, cwd: string, now: number): KeptName[] {
  const place = placeName(cwd);
  const found = namesIn(folder).filter(({ path, written }) => {
    const isOld = now - written > KEPT_DAYS * DAY_MS;
    if (isOld) rmSync(path, { force: true });
    return !isOld;
  });
  return found.filter((each) => each.place === place && !isRunning(each.pid));
}

/** Files of processes that run, the newest first; those from the folder `cwd` before all others. */
export function findRunning(folder: string, cwd: string): KeptName[] {
  const place = placeName(cwd);
  const found = namesIn(folder).filter(({ pid, isShown }) => !isShown && isRunning(pid));
  return [...found.filter((each) => each.place === place), ...found.filter((each) => each.place !== place)];
}

/** The newest first. */
function namesIn(folder: string): KeptName[] {
  const found = readdirSync(folder).flatMap((name): KeptName[] => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    const match = /^(\w+)-\w+-(\d+)\.mprof(\.shown)?$/.exec(name);
    if (stats === undefined || match === null) return [];
    const [, place, pid, shown] = match;
    return [{ path, place: place!, pid: Number(pid), written: stats.mtimeMs, isShown: shown !== undefined }];
  });
  return found.sort((a, b) => b.written - a.written);
}

/** The parts of other processes and threads of the run that `path` is of. */
export function partsOf(path: string): string[] {
  const folder = join(path, "..");
  const start = `${path.slice(folder.length + 1)}.p`;
  try {
    return readdirSync(folder).flatMap((name) => (name.startsWith(start) ? join(folder, name) : []));
  } catch {
    return [];
  }
}

/** The path of a file whose report was shown. */
export function shownPath(path: string): string {
  return path.endsWith(EXTENSION) ? path + SHOWN : path;
}

/** FNV-1a of a folder's path: files of one project have one beginning. */
function placeName(cwd: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < cwd.length; i++) hash = Math.imul(hash ^ cwd.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

export function isRunning(pid: number): boolean {
  try {
    mainProcess.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
