/**
 * Sends what the program does to a server while it runs: a process of its own that reads the kept file, so that nothing is
 * made, sent or waited for in the program.
 */
import { spawn } from "node:child_process";
import { MprofError } from "../../contract/errors.ts";
import type { Settings } from "../../contract/options.ts";
import { commandFile } from "./kept/command-file.ts";
import { currentFolder, mainProcess } from "./main-context.ts";

/** @param path the kept file @param warn tells the person who runs the program @returns whether somebody reads it */
export function pushWhileRunning(path: string, settings: Settings, warn: (text: string) => void): boolean {
  if (settings.pyroscope === undefined) return false;
  const command = commandFile();
  if (command === undefined) {
    warn(noPush("the command mprof is not beside the program"));
    return false;
  }
  // Where to, and as whom, it reads from the environment: others can read arguments.
  const args = [command, "push", "--follow", path];
  const { NODE_OPTIONS: _, ...env } = mainProcess.env;
  try {
    const stdio = ["pipe", "ignore", "inherit"] as const;
    // A group of its own: a terminal's signals are for the program.
    const child = spawn(mainProcess.execPath, args, { cwd: currentFolder(), env, detached: true, stdio: [...stdio] });
    child.on("error", ({ message }) => warn(noPush(message)));
    child.unref();
    const { stdin } = child;
    stdin?.on("error", () => {});
    (stdin as { unref?(): void } | null)?.unref?.();
    return true;
  } catch (error) {
    warn(noPush((error as Error).message));
    return false;
  }
}

export function noPush(why: string): string {
  const cure = "Install mprof where the program runs, or send its profile afterwards: mprof push.";
  return `${new MprofError("MPROF_PUSH", `profiles are not sent: ${why}`, cure).message}\n`;
}
