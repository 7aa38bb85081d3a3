import { spawn } from "node:child_process";
import type { Io } from "../command.ts";

/** Only where somebody sits in front of it; a page that does not open is printed all the same. */
export function openOnDesktop(file: string, io: Io): void {
  const isDesktop = process.stdout.isTTY && (process.platform !== "linux" || io.env.DISPLAY || io.env.WAYLAND_DISPLAY);
  if (!isDesktop) return;
  const [command, ...args] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[process.platform as string] ?? [
    "xdg-open",
  ];
  spawn(command!, [...args, file], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
