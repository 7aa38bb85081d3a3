/** Rows of `options.ts`: sampling the memory of a process over time, from a program or by a command. */
import type { Flag, OptionRow } from "./option-row.ts";
import { above0, ONE_OR_ZERO, wholeNumber, YES_OR_NO } from "./values.ts";

const SECONDS = above0("a time in seconds");
const COUNT = wholeNumber(1);

const INTERVAL = { spelling: "-T, --interval <seconds>", takes: SECONDS, value: 0.1 };
const CHILDREN: Flag = { spelling: "-C, --include-children" };
const EACH_CHILD: Flag = {
  spelling: "-M, --multiprocess",
  says: "record each child process by itself, too",
};
const QUIET = { spelling: "-q, --quiet" };
const TIMEOUT = {
  spelling: "-t, --timeout <seconds>",
  takes: SECONDS,
  says: "stop recording after this time; the program goes on",
};

export const SAMPLING_OPTIONS = {
  interval: {
    says: "seconds between samples",
    default: "0.1",
    memoryUsage: { takes: SECONDS },
    memit: { takes: SECONDS },
    group: "Measuring",
    flags: {
      run: INTERVAL,
      attach: INTERVAL,
      live: { spelling: "-T, --interval <seconds>", takes: SECONDS, value: 1, says: "seconds between two looks" },
    },
  },
  timeout: {
    says: "seconds after which sampling ends; a function goes on",
    memoryUsage: { takes: SECONDS, default: "none" },
    memit: { takes: SECONDS, default: "none" },
    group: "Measuring",
    flags: { run: TIMEOUT, attach: TIMEOUT },
  },
  timestamps: {
    says: "`[memory, time]` instead of memory",
    default: "false",
    memoryUsage: { takes: YES_OR_NO },
  },
  maxUsage: {
    says: "the largest value instead of all",
    default: "false",
    memoryUsage: { takes: YES_OR_NO },
  },
  retval: {
    says: "of a function: `[memory, what it returned]`",
    default: "false",
    memoryUsage: { takes: YES_OR_NO },
  },
  includeChildren: {
    says: "add the memory of all child processes",
    memoryUsage: { takes: YES_OR_NO, default: "false" },
    memit: { takes: YES_OR_NO, default: "false" },
    group: "Measuring",
    flags: { run: CHILDREN, attach: CHILDREN },
  },
  multiprocess: {
    says: "`[memory, ...of each child]` instead of memory; not with `maxUsage`",
    memoryUsage: { takes: YES_OR_NO, default: "false" },
    group: "Measuring",
    flags: { run: EACH_CHILD, attach: EACH_CHILD },
  },
  maxIterations: {
    says: "how often a function may run to get five samples, each time with a tenth of the interval",
    default: "1",
    memoryUsage: { takes: COUNT },
  },
  repeat: {
    says: "how often the function runs; the peak is that of all runs",
    default: "1",
    memit: { takes: COUNT },
  },
  quiet: {
    says: "no notes of mprof's own on standard error; warnings and errors still come",
    memit: { takes: YES_OR_NO, says: "print nothing", default: "false" },
    group: "Output",
    flags: { profile: QUIET, run: QUIET, attach: QUIET, build: QUIET },
    variable: { name: "MPROF_QUIET", takes: ONE_OR_ZERO },
  },
} as const satisfies Record<string, OptionRow>;
