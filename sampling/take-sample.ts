import type { ProcessMemory } from "./process-memory.ts";

/** What is looked at in each sample. */
export interface SampleRequest {
  pid: number;
  /** Add the memory of all descendants to that of the process. */
  includeChildren: boolean;
  /** Say the memory of each descendant, too. */
  multiprocess: boolean;
  /** A descendant that does not count: the process that takes the samples. */
  except?: number;
}

export interface ProcessSample {
  /** MiB. */
  memory: number;
  /** Seconds since the epoch. */
  time: number;
  /** With `multiprocess`. */
  children: ChildSample[];
}

export interface ChildSample {
  pid: number;
  /** MiB. */
  memory: number;
}

/** @returns `null` if the process has ended */
export async function takeSample(memory: ProcessMemory, request: SampleRequest): Promise<ProcessSample | null> {
  const { pid, includeChildren, multiprocess } = request;
  const own = await memory.read(pid);
  const time = (performance.timeOrigin + performance.now()) / 1000;
  if (own === null) return null;
  const children = includeChildren || multiprocess ? await readChildren(memory, request) : [];
  const total = includeChildren ? children.reduce((sum, child) => sum + child.memory, own) : own;
  return { memory: total, time, children: multiprocess ? children : [] };
}

async function readChildren(memory: ProcessMemory, { pid, except }: SampleRequest): Promise<ChildSample[]> {
  const pids = (await memory.descendants(pid)).filter((child) => child !== except);
  const found = await Promise.all(pids.map(async (child) => ({ pid: child, memory: await memory.read(child) })));
  return found.flatMap(({ pid: child, memory: value }) => (value === null ? [] : { pid: child, memory: value }));
}
