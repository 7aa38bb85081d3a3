/**
 * Between the signal that opens the inspector and the agent in the process, nobody would close it again if this command were
 * killed: a shell sleeps until the pipe from it breaks, and does it then.
 */
import { spawn } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { closeInspector } from "./agent-client.ts";
import { clientUrl } from "./client-url.ts";
import { Inspector } from "./inspector.ts";
import { listenersAt } from "./proc.ts";

/** A line from the command means that there is nothing to do any more. */
const SCRIPT = 'trap "" INT TERM HUP QUIT; read done || exec "$0" "$@" </dev/null; exit 0';
/** The signal may be on its way yet. */
const OPENS_IN_MS = 2000;
const LOOK_MS = 50;

/** @param before ports that the process listens on for itself. @returns what dismisses it */
export function watchInspector(pid: number, before: readonly number[]): () => void {
  if (process.platform === "win32") return () => {};
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ["-c", SCRIPT, process.execPath, fileURLToPath(import.meta.url), String(pid), before.join()];
  const shell = spawn("/bin/sh", args, { cwd: "/", env, detached: true, stdio: ["pipe", "ignore", "ignore"] });
  // There may be no shell.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  return () => shell.stdin.end("x\n");
}

/** An agent that is there closes it by itself. */
async function closeBehind(pid: number, before: ReadonlySet<number>): Promise<void> {
  for (let waited = 0; waited < OPENS_IN_MS; waited += LOOK_MS) {
    for (const { port, isOwn } of listenersAt(pid) ?? []) {
      const url = isOwn && !before.has(port) ? await clientUrl("127.0.0.1", port) : undefined;
      if (url === undefined) continue;
      const inspector = await Inspector.connect(url);
      await closeInspector(inspector);
      return inspector.close();
    }
    await after(LOOK_MS);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , pid = "", ports = ""] = process.argv;
  await closeBehind(Number(pid), new Set(ports.split(",").map(Number)));
}
