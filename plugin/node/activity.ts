/**
 * What mprof did in the processes and threads of a program. Each appends to one file, whose name its environment carries, so
 * that at the end one of them, or the command, can say what was left out.
 */
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { OPTIONS } from "../../contract/options.ts";
import type { FunctionPlace } from "../../contract/runtime-module.ts";

/** A file that was compiled and handed to Node. */
export interface LoadedFile {
  /** Where it is. */
  path: string;
  /** The functions with probes. */
  functions: readonly FunctionPlace[];
  /** The names of all its functions, where options select by name. */
  names: readonly string[];
}

/** One line of the file. `called` comes when a process ends. */
type Note = { loaded: LoadedFile } | { called: readonly FunctionPlace[] };

export interface Activity {
  /** By path. */
  loaded: ReadonlyMap<string, LoadedFile>;
  called: readonly FunctionPlace[];
  /** A process has come to its end in a way that it could notice. */
  hasEnded: boolean;
}

const VARIABLE = OPTIONS.activity.variable.name;

/**
 * Where no file can be made, or it has gone, nothing is known and nothing will be said: the program runs all the same.
 *
 * @returns what the environment of the program's processes needs, and what reads and removes it at the end
 */
export function openActivity(): { env: Record<string, string>; close(): Activity } {
  const file = attempt(createFile);
  const env: Record<string, string> = file === undefined ? {} : { [VARIABLE]: file };
  return { env, close: () => closeActivity(env) ?? { loaded: new Map(), called: [], hasEnded: false } };
}

/** Reads and removes the file that an environment names; undefined if there is none. */
export function closeActivity({ [VARIABLE]: file }: NodeJS.ProcessEnv): Activity | undefined {
  if (!file) return undefined;
  const notes = attempt(() => readNotes(file));
  attempt(() => rmSync(dirname(file), { recursive: true, force: true }));
  return notes;
}

function createFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), "mprof-activity-")), "notes");
  writeFileSync(file, "");
  return file;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Adds to the file, that of this process's environment; one that is gone, because nobody waits any more, is no loss. */
export function note(what: Note, file = process.env[VARIABLE]): void {
  if (!file) return;
  attempt(() => {
    const opened = openSync(file, constants.O_WRONLY | constants.O_APPEND);
    writeSync(opened, `${JSON.stringify(what)}\n`);
    closeSync(opened);
  });
}

function readNotes(file: string): Activity {
  const loaded = new Map<string, LoadedFile>();
  const called: FunctionPlace[] = [];
  let hasEnded = false;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    // A process that was killed may have left half a line.
    if (!line.endsWith("}")) continue;
    const read = JSON.parse(line) as Note;
    if ("loaded" in read) loaded.set(read.loaded.path, read.loaded);
    else {
      hasEnded = true;
      called.push(...read.called);
    }
  }
  return { loaded, called, hasEnded };
}
