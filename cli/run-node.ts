import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";

/** Signals that are passed on to the program; a terminal sends SIGINT to both by itself. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const;

/**
 * Runs a program under the register hook, with this process's input, output and signals.
 *
 * @returns its exit code; 128 plus the number if a signal ended it and this process could not end by the same one
 */
export function runNode(nodeArguments: string[], program: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const register = createRequire(import.meta.url).resolve("mprof/register");
  const child = spawn(process.execPath, [...nodeArguments, "--require", register, ...program], {
    stdio: "inherit",
    env,
  });
  const forward = FORWARDED.map((signal) => {
    const handler = () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const { signal: name, handler } of forward) process.off(name, handler);
      if (signal === null) return resolve(code ?? 1);
      // Ends as the program did, so that the caller sees the same signal.
      process.kill(process.pid, signal);
      setTimeout(() => resolve(128 + constants.signals[signal]), 100);
    });
  });
}
