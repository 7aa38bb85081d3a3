import { readdirSync, readFileSync } from "node:fs";
import pidtree from "pidtree";
import pidusage from "pidusage";
import { MIB } from "../../contract/units.ts";

export type ProcessBackend = "rss" | "pss" | "uss";

/** Reads the memory of other processes, in MiB; `null` for one that has ended. */
export interface ProcessMemory {
  read(pid: number): Promise<number | null>;
  /** All processes that descend from `pid`, without it. */
  descendants(pid: number): Promise<number[]>;
}

/** /proc where there is one: a read takes microseconds, so that short intervals hold. @throws Error if the host has no such backend */
export function openProcessMemory(backend: ProcessBackend): ProcessMemory {
  if (process.platform === "linux")
    return { read: async (pid) => READERS[backend](pid), descendants: async (pid) => childrenOf(pid) };
  if (backend !== "rss") throw new Error(`the backend ${backend} needs Linux`);
  return {
    read: (pid) =>
      pidusage(pid).then(
        ({ memory }) => memory / MIB,
        () => null,
      ),
    descendants: (pid) => pidtree(pid).catch(() => []),
  };
}

const READERS: Record<ProcessBackend, (pid: number) => number | null> = {
  rss: (pid) => fromRollup(pid, "status", /^VmRSS:\s+(\d+) kB/gm),
  pss: (pid) => fromRollup(pid, "smaps_rollup", /^Pss:\s+(\d+) kB/gm),
  uss: (pid) => fromRollup(pid, "smaps_rollup", /^Private_(?:Clean|Dirty|Hugetlb):\s+(\d+) kB/gm),
};

/** Sum of the kB in a file of /proc. A process that has ended, or is about to, has no such lines. */
function fromRollup(pid: number, file: string, pattern: RegExp): number | null {
  try {
    const found = [...readFileSync(`/proc/${pid}/${file}`, "utf8").matchAll(pattern)];
    return found.length === 0 ? null : found.reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / 1024;
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
    const own = lists.join(" ").split(" ").filter(Boolean).map(Number);
    return own.flatMap((child) => [child, ...childrenOf(child)]);
  } catch {
    return [];
  }
}
