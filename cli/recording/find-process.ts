import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { UsageError } from "../command.ts";

/** A running process by its id, or the first whose command line contains the text. @throws UsageError if there is none */
export function findProcess(wanted: string): number {
  if (/^\d+$/.test(wanted)) {
    if (isRunning(Number(wanted))) return Number(wanted);
    throw new UsageError(`there is no process with the id ${wanted}`, "ps shows the ids of running processes.");
  }
  const found = runningProcesses().find(
    ({ pid, command }) => command.includes(wanted) && pid !== process.pid && pid !== process.ppid,
  );
  if (!found) throw new UsageError(`no running process has this in its command line: ${wanted}`, "ps shows what runs.");
  return found.pid;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function runningProcesses(): { pid: number; command: string }[] {
  if (process.platform !== "linux") {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
    return lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line.replace(/^\s*\d+\s+/, "") }));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), command: commandOf(pid) }));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
