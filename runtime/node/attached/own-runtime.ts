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
  const { memoryUsage } = mainProcess;
  // Not by the files of Linux that are read faster: they would have to be kept open.
  const gauges = {
    rss: () => memoryUsage.rss(),
    heapStatistics: getHeapStatistics,
    arrayBuffers: () => memoryUsage().arrayBuffers,
  };
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
