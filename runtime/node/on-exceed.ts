/** What happens when memory is above the maximum of `--max-mem`. */
import { resolve } from "node:path";
import { writeHeapSnapshot } from "node:v8";
import { MprofError } from "../../contract/errors.ts";
import type { ExceedAction } from "../../contract/options.ts";
import { type Excess, MemoryLimit } from "../full/memory-limit.ts";
import { mainProcess } from "./main-context.ts";
import { stopInDebugger } from "./stop-in-debugger.ts";

const EXIT_CODE = 1;

/** @param maximum MiB. @param tell writes to the person who runs the program */
export function createLimit(maximum: number, action: ExceedAction, tell: (text: string) => void): MemoryLimit {
  return new MemoryLimit(maximum, (excess) => {
    const { message, place } = excess;
    if (action === "throw") throw limitError(excess);
    tell(`${message}\n  after ${place}\n`);
    switch (action) {
      case "exit":
        mainProcess.exit(EXIT_CODE);
        break;
      case "snapshot":
        tell(`Heap snapshot: ${resolve(writeHeapSnapshot())}\n`);
        break;
      case "debugger":
        tell("Stepping into the debugger\n");
        stopInDebugger();
    }
  });
}

function limitError({ message, place }: Excess): MprofError {
  return new MprofError("MPROF_MEMORY_LIMIT", `${message} (after ${place})`, "Raise --max-mem, or need less.");
}
