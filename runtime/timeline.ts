/** Calls of profiled functions over time: what `mprof run` adds to a recording. */
export interface Timeline {
  /** A call begins; `call` is any object that stands for it until it ends. */
  begin(call: object): void;
  /** The call of the function `name` in `file` ends; a block of the program's is in no file, "". */
  end(call: object, file: string, name: string): void;
}

/** Runs `work` as a block with a name, until the promise that it returns, if it does, is settled. */
export function runBlock<T>(timeline: Timeline | undefined, name: string, work: () => T): T {
  if (timeline === undefined) return work();
  const block = {};
  const end = () => timeline.end(block, "", name);
  let isPending = false;
  timeline.begin(block);
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    isPending = true;
    return result.finally(end) as T;
  } finally {
    if (!isPending) end();
  }
}
