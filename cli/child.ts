import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as after } from "node:timers/promises";

/** Signals that are passed on to the program; those of the keyboard a terminal sends to both by itself. */
const FORWARDED = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const;
const OF_KEYBOARD: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

/** Only a program that handles SIGINT itself goes on after it. */
const HINT_AFTER_MS = 1500;
const SIGINTS_TO_KILL = 3;

export interface ChildIo {
  error(text: string): void;
}

/** Starts a program with this process's input, output and signals. @throws Error if it cannot be started */
export async function startChild(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: "inherit", env });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  return child;
}

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Waits for a program, passing signals on.
 *
 * @param atEnd called and awaited when it has ended, before a signal that ended it ends this process, too, with how it did
 * @returns its exit code; if a signal ended it, this process ends by the same one, or with 128 plus its number
 */
export async function waitForChild(
  child: ChildProcess,
  io: ChildIo,
  atEnd: (how: string) => Promise<void> = async () => {},
): Promise<number> {
  const stopForwarding = forwardSignals(child, io);
  const { code, signal } = await new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  stopForwarding();
  await atEnd(
    signal === null ? `the program ended with code ${code}, without a word` : `the program was ended by ${signal}`,
  );
  if (signal === null) return code ?? 1;
  process.kill(process.pid, signal);
  await after(100);
  return 128 + constants.signals[signal];
}

/** @returns what ends it */
function forwardSignals(child: ChildProcess, io: ChildIo): () => void {
  let interrupts = 0;
  let hint: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const isSent = OF_KEYBOARD.includes(signal) && process.stdin.isTTY;
    if (signal === "SIGINT") {
      interrupts++;
      if (interrupts >= SIGINTS_TO_KILL) return void child.kill("SIGKILL");
      hint ??= setTimeout(() => {
        io.error("[mprof] the program goes on; Ctrl-C three times ends it at once\n");
      }, HINT_AFTER_MS);
    }
    if (!isSent) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, onSignal);
  return () => {
    clearTimeout(hint);
    for (const signal of FORWARDED) process.off(signal, onSignal);
  };
}
