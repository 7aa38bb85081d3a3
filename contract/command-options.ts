/** Rows of `options.ts` that are flags of a command and nothing else. */
import { FORMATS } from "./formats.ts";
import type { OptionRow } from "./option-row.ts";
import { oneOf, type Text, text } from "./values.ts";

const TIME_WINDOW: Text<[from: number, to: number]> = {
  expected: "two times in seconds, the smaller first: 0.5,2",
  read(written) {
    const [from, to, ...rest] = written.split(",").map(Number);
    return from !== undefined && to !== undefined && from < to && rest.length === 0 ? [from, to] : undefined;
  },
};
const DRY_RUN = { spelling: "--dry-run" };

export const COMMAND_OPTIONS = {
  exitCode: {
    says: "say so if the program ends with an exit code other than 0; the code passes through in any case",
    group: "Program",
    flags: { run: { spelling: "-E, --exit-code" } },
  },
  attach: {
    says: "the program is a process that runs already: its id or part of its name",
    group: "Program",
    flags: { run: { spelling: "-a, --attach" } },
  },
  node: {
    says: "run it with Node under the profiler, whatever its name",
    group: "Program",
    flags: { run: { spelling: "--node", opposites: ["--no-node", "--nonode", "--nopython"] } },
  },
  python: {
    says: "taken as by Python's mprof; the interpreter after it is what runs: `--python ./venv/bin/python app.py`",
    group: "Program",
    flags: { run: { spelling: "--python" } },
  },
  project: {
    says: "the tsconfig.json, or its folder",
    default: "tsconfig.json",
    group: "Project",
    flags: { build: { spelling: "-p, --project <path>", takes: text("a path"), value: "tsconfig.json" } },
  },
  out: {
    says: "where the compiled program goes",
    group: "Project",
    flags: { build: { spelling: "--out <dir>", takes: text("a path"), isRequired: true } },
  },
  title: {
    says: "the title",
    default: "the command line",
    group: "Picture",
    flags: { plot: { spelling: "-t, --title <text>", takes: text("a text") } },
  },
  functionTs: {
    says: "without the calls of functions and the peak",
    group: "Picture",
    flags: { plot: { spelling: "-n, --no-function-ts", value: true } },
  },
  window: {
    says: "only this time, in seconds: 0.5,2",
    group: "Picture",
    flags: { plot: { spelling: "-w, --window <from,to>", takes: TIME_WINDOW } },
  },
  flame: {
    says: "calls as rectangles by stack level, with their names",
    group: "Picture",
    flags: { plot: { spelling: "-f, --flame" } },
  },
  slope: {
    says: "the line of least squares, and its slope in MiB a second",
    group: "Picture",
    flags: { plot: { spelling: "-s, --slope" } },
  },
  dark: {
    says: "light on dark; a page follows the viewer's system",
    group: "Picture",
    flags: { plot: { spelling: "--dark" } },
  },
  terminal: {
    says: "in the terminal",
    group: "Picture",
    flags: { plot: { spelling: "--terminal" } },
  },
  ended: {
    says: "the process has just ended: say so, unless it has said all itself",
    group: "Options",
    flags: { report: { spelling: "--ended", isHidden: true } },
  },
  to: {
    says: "the form that marks get",
    group: "Options",
    flags: {
      marks: { spelling: "--to <form>", takes: oneOf("comment", "decorator"), isRequired: true },
      convert: { spelling: "--to <format>", takes: oneOf(...FORMATS), says: "what it becomes", isRequired: true },
    },
  },
  dryRun: {
    says: "only show what would be removed",
    group: "Options",
    flags: {
      rm: DRY_RUN,
      clean: DRY_RUN,
      marks: { ...DRY_RUN, says: "only show what would be rewritten" },
      attach: { ...DRY_RUN, says: "lines: only show which, by what way and at what cost" },
    },
  },
} as const satisfies Record<string, OptionRow>;
