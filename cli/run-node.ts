import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";

/** Signals that are passed on to the program; a terminal sends SIGINT to both by itself. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const;

/** A program that computes without a pause cannot notice SIGINT, since a handler of ours waits for its event loop. */
const HINT_AFTER_MS = 1500;
const SIGINTS_TO_KILL = 3;

export interface RunIo {
  error(text: string): void;
}

/**
 * Runs a program under the register hook, with this process's input, output and signals.
 *
 * @returns its exit code; 128 plus the number if a signal ended it and this process could not end by the same one
 */
export function runNode(
  nodeArguments: string[],
  program: string[],
  env: NodeJS.ProcessEnv,
  io: RunIo,
): Promise<number> {
  const register = createRequire(import.meta.url).resolve("mprof/register");
  const child = spawn(process.execPath, [...nodeArguments, "--require", register, ...program], {
    stdio: "inherit",
    env,
  });
  const stopForwarding = forwardSignals(child, io);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      stopForwarding();
      if (signal === null) return resolve(code ?? 1);
      // Ends as the program did, so that the caller sees the same signal.
      process.kill(process.pid, signal);
      setTimeout(() => resolve(128 + constants.signals[signal]), 100);
    });
  });
}

/** @returns what ends it */
function forwardSignals(child: ChildProcess, io: RunIo): () => void {
  let interrupts = 0;
  let hint: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (signal !== "SIGINT") return void child.kill(signal);
    interrupts++;
    if (interrupts >= SIGINTS_TO_KILL) return void child.kill("SIGKILL");
    if (!process.stdin.isTTY) child.kill(signal);
    hint ??= setTimeout(() => {
      io.error("[mprof] the program goes on; Ctrl-C three times ends it at once, without a report\n");
    }, HINT_AFTER_MS);
  };
  for (const signal of FORWARDED) process.on(signal, onSignal);
  return () => {
    clearTimeout(hint);
    for (const signal of FORWARDED) process.off(signal, onSignal);
  };
}
