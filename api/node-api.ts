/** `mprof` on Node: the API of the runtime, and what samples processes. */
export * from "../runtime/node/index.ts";
export { expectMemory, type MemoryExpectation } from "./expect-memory.ts";
export { type Logger, type LogStreamOptions, logStream } from "./log-stream.ts";
export { type MemitOptions, MemitResult, memit } from "./memit.ts";
export { memoryUsage, memoryUsage as memory_usage } from "./memory-usage.ts";
export type {
  FunctionTarget,
  FunctionUsage,
  MemoryUsageOptions,
  ProcessTarget,
  ProcessUsage,
} from "./memory-usage-types.ts";
