/**
 * Prints the report of a process that ends without a word: a shell that sleeps until the pipe from it breaks. No signal is
 * handled in the program, so that each ends it as it would without us.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ownFile } from "../../../contract/own-file.ts";
import { dirname, existsSync, join } from "../builtins.ts";
import { currentFolder, mainProcess } from "../main-context.ts";

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

const COMMAND = join("dist", "esm", "cli", "bin.js");

/** The command of this package; where this file is part of a bundle, that of the project; undefined without either. */
function commandFile(): string | undefined {
  const own = ownFile();
  const path = own.startsWith("file:") ? fileURLToPath(own) : own;
  const command = join(path, "..", "..", "..", "..", COMMAND);
  return existsSync(command) ? command : installedCommand(currentFolder());
}

function installedCommand(folder: string): string | undefined {
  const command = join(folder, "node_modules", "mprof", COMMAND);
  if (existsSync(command)) return command;
  const parent = dirname(folder);
  return parent === folder ? undefined : installedCommand(parent);
}
