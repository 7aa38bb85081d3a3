import { spawnSync } from "node:child_process";
import type { Io } from "../command.ts";

/** `less` with colours, that ends by itself where all fits. */
const PAGER = "less -FRX";

/** Prints `text`, by `$PAGER` where it is more than a screen; what cannot be paged is printed. */
export function page(text: string, io: Io): void {
  const { screen, env } = io;
  if (screen === undefined || text.split("\n").length <= screen.rows) return io.out(text);
  const { error, status } = spawnSync(env.PAGER || PAGER, {
    shell: true,
    input: text,
    stdio: ["pipe", "inherit", "inherit"],
    env: { LESSCHARSET: "utf-8", ...env },
  });
  // Who leaves a pager has seen enough (EPIPE); 126 and 127 are a shell's: it could not be started.
  const isLeft = (error as NodeJS.ErrnoException | undefined)?.code === "EPIPE";
  if ((error !== undefined && !isLeft) || status === 126 || status === 127) io.out(text);
}
