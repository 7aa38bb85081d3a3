/** Calls of profiled functions over time: what `mprof run` adds to a recording. */
import type { Listing } from "../core/state.ts";

export interface Timeline {
  /** Calls of this listing's functions will begin and end: which of them are running is what its stack says. */
  watch(listing: Listing): void;
  /**
   * A call of the function `name` in `file` begins; a block of the program's is in no file, "".
   *
   * @param call any object that stands for it until it ends
   */
  begin(call: object, file: string, name: string): void;
  /** A block waits for its promise: what begins meanwhile is not called by it. */
  wait(block: object): void;
  end(call: object): void;
}

/** Runs `work` as a block with a name, until the promise that it returns, if it does, is settled. */
export function runBlock<T>(timeline: Timeline | undefined, name: string, work: () => T): T {
  if (timeline === undefined) return work();
  const block = {};
  const end = () => timeline.end(block);
  let isPending = false;
  timeline.begin(block, "", name);
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    isPending = true;
    timeline.wait(block);
    return result.finally(end) as T;
  } finally {
    if (!isPending) end();
  }
}
