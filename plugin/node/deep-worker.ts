/** The thread of deep-stack.ts. */
import { workerData } from "node:worker_threads";
import { instrument } from "../source/instrument.ts";
import type { DeepRequest } from "./deep-stack.ts";
import { createHost } from "./host.ts";
import { factsOf } from "./project-facts.ts";

const { code, options, port, done } = workerData as DeepRequest;
try {
  port.postMessage(instrument(code, options, createHost(factsOf)));
} finally {
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}
