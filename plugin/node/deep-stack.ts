import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Instrumented, InstrumentOptions } from "../source/instrument.ts";
import { OWN_FOLDER } from "./own-folder.ts";

/** What the thread is handed. */
export interface DeepRequest {
  code: string;
  options: InstrumentOptions;
  port: import("node:worker_threads").MessagePort;
  /** Set to 1 when the answer is there. */
  done: Int32Array;
}

/** Enough for what no engine would run: what it does run is never too deep for us. */
export const DEEP_STACK_MB = 256;
const LONGEST_MS = 120_000;

/**
 * Compiles a file on a thread with a large stack: parsers and readers recurse, and where a process has a megabyte of stack a
 * thousand calls in each other are too many for them, though not for the engine. Waits for the answer.
 *
 * @returns `null` if there is nothing to do; `undefined` if the thread gave no answer
 */
export function instrumentOnDeepStack(code: string, given: InstrumentOptions): Instrumented | null | undefined {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const { onWarning: _, ...options } = given;
  const request: DeepRequest = { code, options, port: port2, done };
  const worker = new Worker(join(OWN_FOLDER, "deep-worker.js"), {
    workerData: request,
    transferList: [port2],
    resourceLimits: { stackSizeMb: DEEP_STACK_MB },
    execArgv: [],
    env: { MPROF: process.env.MPROF },
  });
  worker.unref();
  Atomics.wait(done, 0, 0, LONGEST_MS);
  const answer = receiveMessageOnPort(port1) as { message: Instrumented | null } | undefined;
  port1.close();
  void worker.terminate();
  return answer?.message;
}
