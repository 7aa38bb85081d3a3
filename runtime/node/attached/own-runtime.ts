/** A runtime for as long as we are attached: shared with nobody, and nothing of it is left behind. */
import type { AttachOptions } from "../../../contract/attached.ts";
import { detectHost } from "../../core/detect-host.ts";
import { CalibratedSources } from "../../full/calibrated-sources.ts";
import { WholeRuntime } from "../../full/whole-runtime.ts";
import { clock, epoch, getHeapStatistics, setImmediate } from "../builtins.ts";
import { mainProcess } from "../main-context.ts";
import { worked } from "../worked.ts";

const DECIMALS = 3;

/** @param warn what is to be said goes to who has attached, never to the program's own output */
export function createOwnRuntime({ backend, overhead }: AttachOptions, warn: (text: string) => void): WholeRuntime {
  // Nothing of the pages: they would be read beside the heap at both ends of a call, which takes longer than all else.
  const gauges = { heapStatistics: getHeapStatistics };
  return new WholeRuntime({
    host: detectHost({ process: mainProcess }),
    sources: new CalibratedSources(gauges, clock),
    now: () => Math.round(epoch()),
    clock,
    work: worked,
    overhead,
    deliver() {},
    warn,
    allocate: (length) => new Float64Array(length),
    afterThis: (work) => queueMicrotask(work),
    nextTurn: (work) => void setImmediate(work).unref(),
    command: { backend },
    defaultPrecision: DECIMALS,
    isEnabled: true,
  });
}
