import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./load-fixture.ts";

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  /** Called with each piece of standard output. */
  onOutput?(text: string, kill: (signal: NodeJS.Signals) => void): void;
}

export const BIN = join(ROOT, "dist/esm/cli/bin.js");
export const REGISTER = join(ROOT, "dist/cjs/plugin/node/register.js");

/** `mprof …args`, as a process of its own. */
export function runCli(args: string[], options: RunOptions = {}): Promise<Finished> {
  return runProcess(process.execPath, [BIN, ...args], options);
}

export function runProcess(
  command: string,
  args: string[],
  { cwd = ROOT, env, input = "", onOutput }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, MPROF: undefined, ...env } });
    const finished = { stdout: "", stderr: "" };
    child.stdout.on("data", (piece) => {
      finished.stdout += piece;
      onOutput?.(finished.stdout, (signal) => child.kill(signal));
    });
    child.stderr.on("data", (piece) => {
      finished.stderr += piece;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...finished }));
    child.stdin.end(input);
  });
}

/** A folder with these files for the time of a test. */
export async function withFolder<T>(files: Record<string, string>, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mprof-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `[usage, increment, occurrences]` cells of the row whose text contains `text`. */
export function rowOf(report: string, text: string): { usage: number; increment: number; occurrences: number } | null {
  for (const row of report.split("\n")) {
    const match = /^ *\d+ +(-?[\d.]+) MiB +(-?[\d.]+) MiB[ ~] +(\d+) {3}(.*)$/.exec(row);
    if (match && match[4]!.includes(text))
      return { usage: Number(match[1]), increment: Number(match[2]), occurrences: Number(match[3]) };
  }
  return null;
}
