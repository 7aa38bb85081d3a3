/**
 * Prints the report of a process that ends without a word: a shell that sleeps until the pipe from it breaks. No signal is
 * handled in the program, so that each ends it as it would without us.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mainProcess } from "../main-context.ts";
import { commandFile } from "./command-file.ts";

/** A line from the process means that all is said; the end of the pipe without one that it is gone. */
const SCRIPT = 'trap "" INT TERM HUP QUIT; read done || exec "$0" "$@" </dev/null; exit 0';

export interface Watcher {
  /** The process has said all. */
  dismiss(): void;
}

/** @returns undefined where there can be none: then `mprof report` shows what is kept @throws Error if it is forbidden */
export function watchOver(path: string): Watcher | undefined {
  const command = commandFile();
  if (mainProcess.platform === "win32" || command === undefined) return undefined;
  const { NODE_OPTIONS: _, ...env } = mainProcess.env;
  const args = ["-c", SCRIPT, mainProcess.execPath, command, "report", "--ended", path];
  // A group of its own: a terminal's signals are for the program.
  const shell = spawn("/bin/sh", args, { cwd: "/", env, detached: true, stdio: ["pipe", "inherit", "inherit"] });
  // There may be no shell.
  shell.on("error", () => {});
  shell.unref();
  return pipeTo(shell);
}

function pipeTo({ stdin }: ChildProcess): Watcher | undefined {
  if (stdin === null) return undefined;
  stdin.on("error", () => {});
  (stdin as { unref?(): void }).unref?.();
  return { dismiss: () => void stdin.write("x\n") };
}
