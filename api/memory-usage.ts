/** Memory of a process, or of this one while a function runs: the reference's `memory_usage`. */
import { type Checks, checksAt } from "../contract/options.ts";
import { type ProcessSample, writeSample } from "../contract/recording.ts";
import type { TextSink } from "../contract/values.ts";
import { openProcessMemory } from "../sampling/process-memory.ts";
import { SamplerClient } from "../sampling/sampler-client.ts";
import type { SamplingJob } from "../sampling/sampler-process.ts";
import { takeSample } from "../sampling/take-sample.ts";
import { checkBackend, checkOptions } from "./check-options.ts";
import type {
  FunctionTarget,
  FunctionUsage,
  MemoryUsageOptions,
  ProcessTarget,
  ProcessUsage,
} from "./memory-usage-types.ts";
import { missing, readTarget } from "./targets.ts";

const CHECKS: Checks<MemoryUsageOptions> = checksAt("memoryUsage");
/** A function that gives fewer samples runs again, if it may. */
const ENOUGH_SAMPLES = 5;
/** Seconds; below, running again gives no more samples. */
const SHORTEST_INTERVAL = 1e-6;

/**
 * Samples the memory of a process, in MiB: once for a process id, until the child process ends, or while a function of
 * this process runs. A process of its own takes the samples, so that they are true also while a function computes
 * without a pause. A function runs once; what it throws is thrown.
 *
 * @example const [now] = await memoryUsage();
 * @example const [peak, rows] = await memoryUsage([load, ["a.csv"]], { interval: 0.01, maxUsage: true, retval: true });
 * @throws MprofError for a wrong target or option, or a process that does not exist
 */
export function memoryUsage<const O extends MemoryUsageOptions = object>(
  proc?: ProcessTarget,
  options?: O,
): Promise<ProcessUsage<O>>;
export function memoryUsage<A extends unknown[], R, const O extends MemoryUsageOptions = object>(
  proc: FunctionTarget<A, R>,
  options?: O,
): Promise<FunctionUsage<O, Awaited<R>>>;
export async function memoryUsage(proc: unknown = -1, options: MemoryUsageOptions = {}): Promise<unknown> {
  checkOptions(options, CHECKS);
  const target = readTarget(proc);
  const job = jobOf("pid" in target ? target.pid : process.pid, options);
  if ("call" in target) return usageOfCall(target.call, job, options);
  if (target.isId && options.timeout === undefined) job.count = 1;
  return usageOfProcess(job, options);
}

function jobOf(pid: number, options: MemoryUsageOptions): SamplingJob {
  const { interval = 0.1, timeout, includeChildren = false, multiprocess = false } = options;
  return {
    pid,
    backend: checkBackend(options.backend ?? "rss"),
    interval,
    count: timeout === undefined ? undefined : Math.max(1, Math.round(timeout / interval)),
    includeChildren,
    multiprocess,
    maxOnly: options.maxUsage ?? false,
    isLive: options.stream !== undefined,
  };
}

async function usageOfProcess(job: SamplingJob, options: MemoryUsageOptions): Promise<unknown> {
  const { stream, maxUsage = false, multiprocess = false, timestamps = false } = options;
  const samples = job.count === 1 ? await sampleHere(job, stream) : await sampleThere(job, stream);
  if (stream) return undefined;
  if (samples.length === 0) throw missing(String(job.pid), "It may have ended: ps shows the ids of running processes.");
  if (maxUsage) return maxOf(samples).memory;
  return samples.map((sample) => elementOf(sample, timestamps, multiprocess));
}

/** One sample needs no other process. */
async function sampleHere(job: SamplingJob, stream: TextSink | undefined): Promise<ProcessSample[]> {
  const sample = await takeSample(openProcessMemory(job.backend), job);
  if (sample === null) throw missing(String(job.pid), "It may have ended: ps shows the ids of running processes.");
  stream?.write(writeSample(sample));
  return [sample];
}

async function sampleThere(job: SamplingJob, stream: TextSink | undefined): Promise<ProcessSample[]> {
  const sampler = new SamplerClient();
  try {
    return await sampler.run(job, (sample) => stream?.write(writeSample(sample)));
  } finally {
    await sampler.close();
  }
}

async function usageOfCall(call: () => unknown, job: SamplingJob, options: MemoryUsageOptions): Promise<unknown> {
  const { stream, maxUsage = false, multiprocess = false, timestamps = false } = options;
  const { retval = false, maxIterations = 1 } = options;
  const own = { ...job };
  const sampler = new SamplerClient();
  try {
    for (let iteration = 1; ; iteration++) {
      const { samples, value } = await sampleCall(call, own, sampler, stream);
      own.interval /= 10;
      const isEnough = samples.length >= ENOUGH_SAMPLES || own.interval < SHORTEST_INTERVAL;
      if (!isEnough && iteration < maxIterations) continue;
      const memory = maxUsage
        ? shapeOf(maxOf(samples), timestamps)
        : samples.map((each) => elementOf(each, timestamps, multiprocess));
      const result = stream ? undefined : memory;
      return retval ? [result, value] : result;
    }
  } finally {
    await sampler.close();
  }
}

/** Runs the function once: a sample before it, those while it runs, and one after it. */
async function sampleCall(
  call: () => unknown,
  job: SamplingJob,
  sampler: SamplerClient,
  stream: TextSink | undefined,
): Promise<{ samples: ProcessSample[]; value: unknown }> {
  const { samples } = await sampler.begin(job, (sample) => stream?.write(writeSample(sample)));
  // The program may end in the middle of the function, as it may without us.
  sampler.unref();
  const value = await call();
  sampler.stop();
  return { samples: await samples, value };
}

function elementOf(sample: ProcessSample, timestamps: boolean, multiprocess: boolean): unknown {
  const own = shapeOf(sample, timestamps);
  return multiprocess ? [own, ...sample.children.map(({ memory }) => memory)] : own;
}

function shapeOf({ memory, time }: ProcessSample, timestamps: boolean): number | [number, number] {
  return timestamps ? [memory, time] : memory;
}

function maxOf(samples: readonly ProcessSample[]): ProcessSample {
  return samples.reduce((max, each) => (each.memory > max.memory ? each : max));
}
