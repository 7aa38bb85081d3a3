/**
 * A process of its own that samples another one, so that it does so too while that one computes without a pause, and
 * shows in nothing that is measured. It ends when the process that started it does.
 */
import type { ProcessSample } from "../contract/recording.ts";
import type { ProcessBackend } from "../contract/units.ts";
import { openProcessMemory, type ProcessMemory } from "./process-memory.ts";
import { type SampleRequest, takeSample } from "./take-sample.ts";
import { startTicks } from "./ticks.ts";

export interface SamplingJob extends SampleRequest {
  backend: ProcessBackend;
  /** Seconds. */
  interval: number;
  /** How many samples at most; without it, until the process ends or `stop` comes. */
  count?: number;
  /** Keep only the largest. */
  maxOnly: boolean;
  /** Hand on each sample at once. */
  isLive: boolean;
}

/** From the process that asks. */
export type Order = { start: SamplingJob } | { stop: true };

/** To it. */
export type Answer =
  /** The first sample was taken. */
  | { started: true }
  | { sample: ProcessSample }
  /** All that was not handed on. */
  | { done: ProcessSample[] };

let stop = async () => {};

process.on("message", (order: Order) => {
  if ("start" in order) stop = begin(order.start);
  else void stop();
});
process.on("disconnect", () => process.exit());
// Ctrl-C goes to everyone at the terminal; whether it is the end is for the program to say.
process.on("SIGINT", () => {});

function answer(message: Answer): void {
  process.send?.(message);
}

/** @returns what takes the last sample and ends the job */
function begin(job: SamplingJob): () => Promise<void> {
  const memory: ProcessMemory = openProcessMemory(job.backend);
  let samples: ProcessSample[] = [];
  let taken = 0;
  let isDone = false;
  const finish = () => {
    if (!isDone) answer({ done: samples });
    isDone = true;
  };
  const sampleOnce = async () => {
    const sample = await takeSample(memory, { ...job, except: process.pid });
    if (sample === null || isDone) return false;
    if (job.isLive) answer({ sample });
    else if (!job.maxOnly) samples.push(sample);
    else if (samples.length === 0 || sample.memory > samples[0]!.memory) samples = [sample];
    if (taken++ === 0) answer({ started: true });
    return taken !== job.count;
  };
  const stopTicks = startTicks(job.interval, async () => {
    const goesOn = await sampleOnce();
    if (!goesOn) finish();
    return goesOn;
  });
  return async () => {
    stopTicks();
    if (!isDone) await sampleOnce();
    finish();
  };
}
