import { MprofError } from "../contract/errors.ts";
import { describe } from "../contract/values.ts";

/** What `memoryUsage` looks at. */
export type Target = { pid: number; isId: boolean } | { call: () => unknown };

/** @throws MprofError for what is neither a process nor a function */
export function readTarget(proc: unknown): Target {
  if (typeof proc === "number") return { pid: readId(proc), isId: true };
  if (typeof proc === "function") return { call: () => proc() };
  if (Array.isArray(proc)) return readCall(proc);
  if (typeof proc === "object" && proc !== null && "pid" in proc) {
    // Node's own child processes have no id when they could not be started.
    if (proc.pid === undefined) throw missing("this child process", "It could not be started; see its error event.");
    return { pid: readId(proc.pid), isId: false };
  }
  throw wrong(proc);
}

export function missing(what: string, cure: string): MprofError {
  return new MprofError("MPROF_PROCESS_MISSING", `there is no process to measure: ${what}`, cure);
}

function readId(pid: unknown): number {
  if (pid === -1) return process.pid;
  if (Number.isInteger(pid) && (pid as number) > 0) return pid as number;
  throw wrong(pid);
}

function readCall(target: unknown[]): Target {
  const [f, args = [], thisArg] = target;
  if (typeof f !== "function" || !Array.isArray(args) || target.length > 3) throw wrong(target);
  return { call: () => Reflect.apply(f, thisArg, args) };
}

function wrong(proc: unknown): MprofError {
  return new MprofError(
    "MPROF_TARGET",
    `this cannot be measured: ${describe(proc)}`,
    "Pass a process id (-1 for this process), a child process, a function, or [f, args, thisArg].",
  );
}
