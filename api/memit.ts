import { type Checks, checksAt, type OptionsAt } from "../contract/options.ts";
import type { TextSink } from "../contract/values.ts";
import { COLLECTOR } from "../runtime/node/collect.ts";
import { formatFixed } from "../runtime/reporters/format-fixed.ts";
import { checkOptions } from "./check-options.ts";
import { memoryUsage } from "./memory-usage.ts";

export interface MemitOptions extends OptionsAt<"memit"> {
  /** How often the function runs; the peak is that of all runs. @default 1 */
  repeat?: number;
  /** Seconds between samples. @default 0.1 */
  interval?: number;
  /** Seconds after which sampling ends; the function goes on. */
  timeout?: number;
  /** Add the memory of all child processes. */
  includeChildren?: boolean;
  /** `rss`, `pss` or `uss`. @default "rss" */
  backend?: string;
  /** Print nothing. @default false */
  quiet?: boolean;
  /** Where the line goes. @default standard output */
  stream?: TextSink;
}

/** What `memit` returns; its text is the line that it prints. Memory in MiB. */
export class MemitResult {
  /** Largest value of all runs. */
  readonly peak: number;
  /** By how much that is above the baseline. */
  readonly increment: number;
  /** Before the first run, after a collection. */
  readonly baseline: number;
  /** The peak of each run. */
  readonly peaks: readonly number[];
  readonly repeat: number;

  constructor(baseline: number, peaks: readonly number[]) {
    this.baseline = baseline;
    this.peaks = peaks;
    this.repeat = peaks.length;
    this.peak = Math.max(...peaks);
    this.increment = this.peak - baseline;
  }

  /** What Node prints of it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  toString(): string {
    return `peak memory: ${formatFixed(this.peak, 2)} MiB, increment: ${formatFixed(this.increment, 2)} MiB`;
  }
}

const CHECKS: Checks<MemitOptions> = checksAt("memit");

/**
 * Runs a function, prints the largest memory of the process while it ran, and by how much that is above the memory
 * before: the reference's `%memit`. Garbage is collected before.
 *
 * @example await memit(() => JSON.parse(text));   // peak memory: 131.55 MiB, increment: 64.39 MiB
 * @throws MprofError for a wrong option; whatever the function throws
 */
export async function memit(call: () => unknown, options: MemitOptions = {}): Promise<MemitResult> {
  checkOptions(options, CHECKS);
  const { repeat = 1, quiet = false, stream = process.stdout, ...rest } = options;
  COLLECTOR.full();
  let baseline: number | undefined;
  const peaks: number[] = [];
  for (let run = 0; run < repeat; run++) {
    // The first sample comes directly before the function.
    const samples = await memoryUsage(call, rest);
    baseline ??= samples[0]!;
    peaks.push(Math.max(...samples));
  }
  const result = new MemitResult(baseline!, peaks);
  if (!quiet) stream.write(`${result}\n`);
  return result;
}
