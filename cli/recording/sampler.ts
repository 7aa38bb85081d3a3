import { closeSync, openSync, writeSync } from "node:fs";
import { writeChildSample, writeCommand, writeSample } from "./dat.ts";
import type { ProcessMemory } from "./process-memory.ts";

export interface SamplerOptions {
  pid: number;
  memory: ProcessMemory;
  /** Recording that samples are appended to. */
  file: string;
  /** For the CMDLINE record. */
  command: readonly string[];
  /** Seconds. */
  interval: number;
  /** Add the memory of all descendants to that of the process. */
  includeChildren: boolean;
  /** A CHLD record for each descendant. */
  multiprocess: boolean;
}

/**
 * Samples a process until it ends or the sampler is stopped. Every sample is written at once: whatever ends the command
 * loses none. The ticks are fixed in advance, so that the time that a sample takes does not add up.
 */
export class Sampler {
  private readonly options: SamplerOptions;
  private readonly fd: number;
  private timer: NodeJS.Timeout | undefined;
  private next = 0;
  private isStopped = false;
  private settle!: () => void;
  /** Resolves when the process has ended or the sampler was stopped. */
  readonly done = new Promise<void>((resolve) => {
    this.settle = resolve;
  });

  /** @throws Error if the file cannot be written */
  constructor(options: SamplerOptions) {
    this.options = options;
    this.fd = openSync(options.file, "a");
    writeSync(this.fd, writeCommand(options.command));
  }

  start(): void {
    this.next = performance.now();
    void this.tick();
  }

  stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    clearTimeout(this.timer);
    closeSync(this.fd);
    this.settle();
  }

  private async tick(): Promise<void> {
    const isAlive = await this.sample();
    if (this.isStopped) return;
    if (!isAlive) return this.stop();
    const period = this.options.interval * 1000;
    this.next = Math.max(this.next + period, performance.now());
    this.timer = setTimeout(() => void this.tick(), this.next - performance.now());
  }

  /** @returns false if the process has ended */
  private async sample(): Promise<boolean> {
    const { pid, memory, includeChildren, multiprocess } = this.options;
    const own = await memory.read(pid);
    const time = (performance.timeOrigin + performance.now()) / 1000;
    if (own === null || this.isStopped) return false;
    const children = includeChildren || multiprocess ? await this.readChildren() : [];
    if (this.isStopped) return false;
    const total = includeChildren ? children.reduce((sum, child) => sum + child.memory, own) : own;
    let records = writeSample({ memory: total, time });
    if (multiprocess)
      for (const child of children) records += writeChildSample(child.pid, { memory: child.memory, time });
    writeSync(this.fd, records);
    return true;
  }

  private async readChildren(): Promise<{ pid: number; memory: number }[]> {
    const { pid, memory } = this.options;
    const found = await Promise.all(
      (await memory.descendants(pid)).map(async (child) => ({ pid: child, memory: await memory.read(child) })),
    );
    return found.flatMap(({ pid: child, memory: value }) => (value === null ? [] : { pid: child, memory: value }));
  }
}
