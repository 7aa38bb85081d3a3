import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { ProcessSample } from "../contract/recording.ts";
import type { Answer, Order, SamplingJob } from "./sampler-process.ts";

let file: string | undefined;

/** Says where sampler-process.js lies: an ES module finds its neighbours otherwise than CommonJS does. */
export function setSamplerFile(path: string): void {
  file = path;
}

/** This process's side of sampler-process.ts: one job after the other, then `close`. */
export class SamplerClient {
  private readonly child: ChildProcess;
  private onAnswer: (answer: Answer) => void = () => {};
  private onEnd: (error: Error) => void = () => {};

  constructor() {
    if (file === undefined) throw new Error("setSamplerFile was not called");
    this.child = fork(file, [], { execArgv: [], env: environment(), stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.child.on("message", (answer: Answer) => this.onAnswer(answer));
    this.child.on("error", (error) => this.onEnd(error));
    this.child.on("exit", (code, signal) =>
      this.onEnd(new Error(`the process that takes samples has ended: ${signal ?? code}`)),
    );
  }

  /** Runs a job to its end. `onSample` gets each sample of one that is live. */
  async run(job: SamplingJob, onSample: (sample: ProcessSample) => void): Promise<ProcessSample[]> {
    return (await this.begin(job, onSample)).samples;
  }

  /**
   * Begins a job; `started` resolves when the first sample was taken. From then on, this process may end as if the job
   * were not there.
   */
  async begin(
    job: SamplingJob,
    onSample: (sample: ProcessSample) => void,
  ): Promise<{ samples: Promise<ProcessSample[]> }> {
    let samples!: Promise<ProcessSample[]>;
    const started = new Promise<void>((resolveStarted, rejectStarted) => {
      samples = new Promise((resolve, reject) => {
        this.onEnd = (error) => {
          rejectStarted(error);
          reject(error);
        };
        this.onAnswer = (answer) => {
          if ("sample" in answer) onSample(answer.sample);
          else if ("done" in answer) resolve(answer.done);
          if ("done" in answer || "started" in answer) resolveStarted();
        };
      });
    });
    samples.catch(() => {});
    this.order({ start: job });
    await started;
    return { samples };
  }

  /** Lets this process end while a job runs. */
  unref(): void {
    this.child.unref();
    this.child.channel?.unref();
  }

  /** Ends the job, after a last sample. */
  stop(): void {
    this.child.ref();
    this.child.channel?.ref();
    this.order({ stop: true });
  }

  async close(): Promise<void> {
    this.onEnd = () => {};
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.ref();
    if (this.child.connected) this.child.disconnect();
    await ended;
  }

  private order(order: Order): void {
    if (this.child.connected) this.child.send(order);
  }
}

/** Without what makes a process profiled. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => name !== "NODE_OPTIONS" && !name.startsWith("MPROF"));
  return Object.fromEntries(kept);
}
