import { cpuUsage } from "./builtins.ts";

/** Milliseconds of CPU that the process has had: while others have it, none pass. */
export function worked(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
