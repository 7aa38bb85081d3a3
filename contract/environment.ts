/** The environment variables by which the command, the register hook and the runtime talk to each other. */
export const ENVIRONMENT = {
  /** `0`, `off` or `false`: nothing is profiled; while building, nothing is instrumented. */
  enabled: "MPROF",
  /** Options of the compiler, as JSON. */
  compile: "MPROF_COMPILE",
  /** Decimals, before a mark's. */
  precision: "MPROF_PRECISION",
  /** Decimals where neither a mark nor `configure` says anything. */
  defaultPrecision: "MPROF_DEFAULT_PRECISION",
  /** Name of a source. */
  backend: "MPROF_BACKEND",
  /** `1`: collect garbage before each reading. */
  gc: "MPROF_GC",
  /** File to which the text report is appended, instead of standard output. */
  output: "MPROF_OUTPUT",
  /** File to which the profile is written as JSON. */
  json: "MPROF_JSON",
  /** Recording (`.dat`) to which calls of profiled functions are appended. */
  recording: "MPROF_RECORDING",
  /** `exit`, `call` or `none`. */
  report: "MPROF_REPORT",
  /** MiB above which `onExceed` happens. */
  maxMemory: "MPROF_MAX_MEM",
  /** `debugger`, `snapshot`, `throw` or `exit`. */
  onExceed: "MPROF_ON_EXCEED",
  /** `exact`. */
  mode: "MPROF_MODE",
} as const;

/** What may happen above a maximum of memory; the first is the reference's. */
export const EXCEED_ACTIONS = ["debugger", "snapshot", "throw", "exit"] as const;
export type ExceedAction = (typeof EXCEED_ACTIONS)[number];
