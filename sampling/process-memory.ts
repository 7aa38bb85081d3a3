import { readdirSync, readFileSync } from "node:fs";
import { backendOf, MIB, PROCESS_BACKENDS, type ProcessBackend } from "../contract/units.ts";

/** The backend of this name, or undefined if there is none. */
export function processBackend(name: string): ProcessBackend | undefined {
  const own = backendOf(name);
  return PROCESS_BACKENDS.find((each) => each === own);
}

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
  return { read: readByTools, descendants: descendantsByTools };
}

const READERS: Record<ProcessBackend, (pid: number) => number | null> = {
  rss: (pid) => sumOfFields(pid, "status", /^VmRSS:\s+(\d+) kB/gm),
  pss: (pid) => sumOfFields(pid, "smaps_rollup", /^Pss:\s+(\d+) kB/gm),
  uss: (pid) => sumOfFields(pid, "smaps_rollup", /^Private_(?:Clean|Dirty|Hugetlb):\s+(\d+) kB/gm),
};

/** Sum of the kB in a file of /proc. A process that has ended, or is about to, has no such lines. */
function sumOfFields(pid: number, file: string, pattern: RegExp): number | null {
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

/** The packages are loaded where they are needed only. */
async function readByTools(pid: number): Promise<number | null> {
  const { default: pidusage } = await import("pidusage");
  return pidusage(pid).then(
    ({ memory }) => memory / MIB,
    () => null,
  );
}

async function descendantsByTools(pid: number): Promise<number[]> {
  const { default: pidtree } = await import("pidtree");
  return pidtree(pid).catch(() => []);
}
