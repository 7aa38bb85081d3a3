import type { ChildSample, ProcessSample } from "../contract/recording.ts";
import type { ProcessMemory } from "./process-memory.ts";

// As they are when this is loaded: a program may replace them later, as fake timers do.
const { timeOrigin } = performance;
const sinceOrigin = performance.now.bind(performance);

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

/** @returns `null` if the process has ended */
export async function takeSample(memory: ProcessMemory, request: SampleRequest): Promise<ProcessSample | null> {
  const { pid, includeChildren, multiprocess } = request;
  const own = await memory.read(pid);
  const time = (timeOrigin + sinceOrigin()) / 1000;
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
