/** `mprof` where there is no Node: the API of the runtime, and what needs no process. */
export * from "../runtime/index.ts";
export { type Logger, type LogStreamOptions, logStream } from "./log-stream.ts";
