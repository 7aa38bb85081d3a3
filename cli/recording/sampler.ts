import { closeSync, openSync, writeSync } from "node:fs";
import { writeCommand, writeSample } from "../../contract/recording.ts";
import type { ProcessMemory } from "../../sampling/process-memory.ts";
import { type SampleRequest, takeSample } from "../../sampling/take-sample.ts";
import { startTicks } from "../../sampling/ticks.ts";

/** A recording that samples are appended to. */
export class RecordingFile {
  private readonly fd: number;

  /**
   * Begins with the command line.
   *
   * @param flags of `open`: "a" appends, "ax" is for a file that nobody else has
   * @throws Error if the file cannot be written, or is there and shall not be
   */
  constructor(path: string, flags: "a" | "ax", command: readonly string[]) {
    this.fd = openSync(path, flags);
    this.write(writeCommand(command));
  }

  /** All of it at once: whatever ends the command loses no sample. @throws Error if the disk is full, say */
  write(records: string): void {
    const bytes = Buffer.from(records);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.fd, bytes, written);
  }

  close(): void {
    closeSync(this.fd);
  }
}

export interface SamplerOptions extends SampleRequest {
  memory: ProcessMemory;
  file: RecordingFile;
  /** Seconds. */
  interval: number;
}

/** Records a process until it ends, the sampler is stopped, or the file takes no more. */
export class Sampler {
  private readonly options: SamplerOptions;
  private readonly stopTicks: () => void;
  private isStopped = false;
  private settle!: (problem: Error | undefined) => void;
  /** Resolves when sampling has ended; with an error if that is because the file takes no more. */
  readonly done = new Promise<Error | undefined>((resolve) => {
    this.settle = resolve;
  });

  constructor(options: SamplerOptions) {
    this.options = options;
    this.stopTicks = startTicks(options.interval, () => this.tick());
  }

  stop(problem?: Error): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.stopTicks();
    this.options.file.close();
    this.settle(problem);
  }

  private async tick(): Promise<boolean> {
    const { memory, file } = this.options;
    const sample = await takeSample(memory, this.options);
    if (this.isStopped) return false;
    try {
      if (sample === null) this.stop();
      else file.write(writeSample(sample));
    } catch (error) {
      this.stop(error as Error);
    }
    return !this.isStopped;
  }
}
