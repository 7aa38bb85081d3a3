/**
 * Every option, once: where it can stand, what it takes there, and the words for it. The checks of the compiler, of marks
 * and of the API, what is read of the environment, the flags of the commands with their help, and the tables in docs/ are
 * all made of this table; so are the types of options, so that one without a row does not compile.
 */
import { ATTACH_OPTIONS } from "./attach-options.ts";
import { COMMAND_OPTIONS } from "./command-options.ts";
import { COMPILER_OPTIONS } from "./compiler-options.ts";
import type { CommandName, Flag, OptionRow, Place, Standing, Variable } from "./option-row.ts";
import { PUSH_OPTIONS } from "./push-options.ts";
import { REPORT_OPTIONS } from "./report-options.ts";
import { SAMPLING_OPTIONS } from "./sampling-options.ts";
import { ALIASES, BACKENDS, PROCESS_BACKENDS, TIME } from "./units.ts";
import {
  above0,
  COLLECTIONS,
  ONE_OR_ZERO,
  oneOf,
  SINK,
  SOURCE,
  type Text,
  text,
  UNLESS_OFF,
  type Value,
  wholeNumber,
  YES_OR_NO,
} from "./values.ts";

/** What a double can show of a value in MiB. */
const DECIMALS = wholeNumber(0, 20);
const REPORTS = oneOf("exit", "call", "none");
const A_PATH = text("a path");
const A_SOURCE = text("the name of a source");
const A_BACKEND = oneOf(...BACKENDS, TIME, ...ALIASES);
const MEBIBYTES = above0("a number of MiB");
/** What may happen above a maximum of memory; the first is the reference's. */
const EXCEED_ACTION = oneOf("debugger", "snapshot", "throw", "exit");

export type ExceedAction = NonNullable<ReturnType<typeof EXCEED_ACTION.read>>;

const SUMMARY_WHEN = oneOf("auto", "always", "never");
const SUMMARY = { spelling: "--summary <when>", takes: SUMMARY_WHEN, value: "auto" };

const RECORDED_BACKEND = {
  spelling: "--backend <name>",
  takes: oneOf(...PROCESS_BACKENDS, ...ALIASES),
  says: "what is recorded",
  default: "rss",
  value: "rss",
};
const RECORDING = {
  spelling: "-o, --output <file>",
  takes: A_PATH,
  says: "the recording; an existing one is appended to",
  default: "mprofile_<date>.dat in this folder",
};
const WRITTEN = {
  spelling: "-o, --output <file>",
  takes: A_PATH,
  says: "write it to a file",
  default: "standard output",
};
const KEPT_FILE = { spelling: "--profile <file>", takes: A_PATH };
const PROCESS_ID = wholeNumber(1, 2 ** 31);
const MAX_MEM = { spelling: "--pdb-mmem, --max-mem <MiB>", takes: MEBIBYTES };
const ON_EXCEED = { spelling: "--on-exceed <action>", takes: EXCEED_ACTION };

export const OPTIONS = {
  enabled: {
    says: "`false` leaves nothing in the program: marks are overwritten by blanks, nothing is inserted",
    default: "`true`, `false` with `MPROF=0` while building",
    plugin: { takes: YES_OR_NO },
    variable: {
      name: "MPROF",
      takes: UNLESS_OFF,
      says: "`0`, `off` or `false`: while building nothing is instrumented; when the program runs, nothing is profiled until it calls `start()`",
    },
  },
  precision: {
    says: "decimals in both memory columns, 0 to 20",
    default: "1, 3 under the command and `mprof/register`",
    mark: { takes: DECIMALS },
    function: { takes: DECIMALS },
    group: "Output",
    flags: { profile: { spelling: "--precision <n>", takes: DECIMALS, default: "3" } },
    variable: { name: "MPROF_PRECISION", takes: DECIMALS },
  },
  defaultPrecision: {
    says: "decimals where neither a mark nor `configure` says anything",
    variable: { name: "MPROF_DEFAULT_PRECISION", takes: DECIMALS },
  },
  backend: {
    says: "what is measured",
    default: "`rss` on Node, Bun and Deno, `heap` in browsers",
    mark: { takes: A_SOURCE },
    function: { takes: SOURCE },
    memoryUsage: {
      takes: A_SOURCE,
      says: "`rss`, on Linux `pss` and `uss`; also by the reference's names",
      default: "`rss`",
    },
    memit: { takes: A_SOURCE, default: "`rss`" },
    group: "Measuring",
    flags: {
      profile: { spelling: "--backend <name>", takes: A_BACKEND, default: "rss" },
      run: RECORDED_BACKEND,
      attach: { ...RECORDED_BACKEND, value: undefined },
    },
    variable: { name: "MPROF_BACKEND", takes: A_BACKEND },
  },
  gc: {
    says: "collect garbage, so that increments are memory that is kept: before each reading (slow), at the ends of calls (`call`), or only young objects before each reading (`young`)",
    default: "`false`",
    mark: { takes: COLLECTIONS },
    function: { takes: COLLECTIONS },
    group: "Measuring",
    flags: { profile: { spelling: "--gc [when]", takes: COLLECTIONS, preset: "line", default: "no" } },
    variable: {
      name: "MPROF_GC",
      takes: COLLECTIONS,
      says: "`1`: collect garbage before each reading; `call`: at the ends of calls; `young`: only young objects before each reading; `0`: do not",
    },
  },
  report: {
    says: "print at exit, after each call of the function, or never",
    default: "`exit`",
    mark: { takes: oneOf("exit", "call"), says: "print at exit, or after each call of the function" },
    function: { takes: REPORTS },
    group: "Output",
    flags: {
      profile: {
        spelling: "--report <when>",
        takes: oneOf("exit", "call"),
        says: "once at exit, or after each call",
        default: "exit",
      },
    },
    variable: { name: "MPROF_REPORT", takes: REPORTS },
  },
  stream: {
    says: "where reports go, anything with `write(text)`; looked up when a report is written",
    default: "standard output",
    function: { takes: SINK },
    memoryUsage: {
      takes: SINK,
      says: "gets `MEM` and `CHLD` records as they come, as in a `.dat` file; the result is then `undefined`",
      default: "none",
    },
    memit: { takes: SINK, says: "where the line goes" },
  },
  name: {
    says: "shown instead of the function's own name; read while building",
    mark: { takes: text("a text") },
    profile: { takes: text("a text") },
  },
  output: {
    says: "append the report to a file instead of printing it",
    group: "Output",
    flags: {
      profile: { spelling: "-o, --output <file>", takes: A_PATH },
      run: RECORDING,
      attach: RECORDING,
      convert: WRITTEN,
      merge: { ...WRITTEN, default: "standard output, as JSON" },
      diff: WRITTEN,
      plot: {
        spelling: "-o, --output <file>",
        takes: A_PATH,
        says: "a .html, .svg or .png",
        default: "a page beside the recording, opened if there is a desktop",
      },
    },
    variable: { name: "MPROF_OUTPUT", takes: A_PATH },
  },
  json: {
    says: "write the profile as JSON",
    group: "Output",
    flags: {
      profile: { spelling: "--json <file>", takes: A_PATH },
      attach: { spelling: "--json <file>", takes: A_PATH, says: "lines: write the profile as JSON" },
      report: { spelling: "--json", says: "as JSON, for other programs" },
      doctor: { spelling: "--json", says: "as JSON, for other programs" },
    },
    variable: { name: "MPROF_JSON", takes: A_PATH },
  },
  summary: {
    says: "after the tables, functions by net growth and peak, and the ten largest rows: `auto` after more than two tables, `always` or `never`",
    group: "Output",
    flags: { profile: SUMMARY, run: SUMMARY },
    variable: { name: "MPROF_SUMMARY", takes: SUMMARY_WHEN, default: "`never`" },
  },
  ...COMPILER_OPTIONS,
  recording: {
    says: "recording (`.dat`) to which calls of profiled functions are appended",
    group: "Output",
    flags: {
      report: {
        spelling: "--recording <file>",
        takes: A_PATH,
        says: "the recording of the same run, for the time line of the page",
        default: "the .dat beside the profile, of its name",
      },
    },
    variable: { name: "MPROF_RECORDING", takes: A_PATH },
  },
  activity: {
    says: "file in which the processes of a program note what they profiled, for what is said at the end",
    variable: { name: "MPROF_ACTIVITY", takes: A_PATH },
  },
  profile: {
    says: "file in which the figures are kept while the program runs, for `mprof report`; it stays there after the end",
    default: "one in the folder for temporary files, until the report is printed",
    group: "Output",
    flags: { profile: KEPT_FILE, run: KEPT_FILE },
    variable: { name: "MPROF_PROFILE", takes: A_PATH },
  },
  kept: {
    says: "the kept file of the first process of a program; the others write theirs beside it",
    variable: { name: "MPROF_KEPT", takes: A_PATH },
  },
  watched: {
    says: "the process that prints the report when the program ends without a word: its parent",
    variable: { name: "MPROF_WATCHED", takes: PROCESS_ID },
  },
  onOom: {
    says: "from 70 % of the heap's limit on write down each line that starts, so that the report after running out of memory names the one that ran",
    group: "Measuring",
    flags: { profile: { spelling: "--on-oom" }, run: { spelling: "--on-oom" } },
    variable: { name: "MPROF_ON_OOM", takes: ONE_OR_ZERO },
  },
  maxMem: {
    says: "stop in the debugger after the first line of a profiled function that leaves more memory than this, in MiB",
    group: "Measuring",
    flags: { profile: MAX_MEM, run: MAX_MEM },
    variable: { name: "MPROF_MAX_MEM", takes: MEBIBYTES },
  },
  onExceed: {
    says: "what happens then: `debugger`, `snapshot`, `throw` or `exit`",
    default: "`debugger`",
    group: "Measuring",
    flags: { profile: ON_EXCEED, run: ON_EXCEED },
    variable: { name: "MPROF_ON_EXCEED", takes: EXCEED_ACTION },
  },
  cache: {
    says: "keep compiled files for the next run, under `node_modules/.cache/mprof`",
    default: "`true`",
    group: "Program",
    flags: { profile: { spelling: "--no-cache", says: "compile every file anew", value: true } },
    variable: { name: "MPROF_CACHE", takes: UNLESS_OFF },
  },
  tsc: {
    says: "compile types by the project's own TypeScript (5.2 to 6), for `emitDecoratorMetadata`; slower",
    default: "by esbuild",
    group: "Program",
    flags: { profile: { spelling: "--tsc" } },
    variable: { name: "MPROF_TSC", takes: ONE_OR_ZERO },
  },
  nodeArg: {
    says: "an argument for node itself: --node-arg=--max-old-space-size=4096",
    group: "Program",
    flags: { profile: { spelling: "--node-arg <arg>", takes: text("an argument"), isRepeatable: true } },
  },
  ...SAMPLING_OPTIONS,
  ...COMMAND_OPTIONS,
  ...ATTACH_OPTIONS,
  ...REPORT_OPTIONS,
  ...PUSH_OPTIONS,
} as const satisfies Record<string, OptionRow>;

type Rows = typeof OPTIONS;
export type OptionName = keyof Rows;

type ValueOf<V> = V extends { takes: Value<infer T> } ? T : never;
type TextOf<V> = V extends { takes: Text<infer T> } ? T : never;
/** A flag is given or not, or carries a value; spelled `--no-…`, or with opposites, it can be refused. */
type FlagOf<F> = F extends { takes: Text<infer T> }
  ? F extends { isRepeatable: true }
    ? T[]
    : T
  : F extends { opposites: unknown } | { spelling: `${string}--no-${string}` }
    ? boolean
    : true;

/** The options of a place. An interface that extends it says the same with docs of its own, or does not compile. */
export type OptionsAt<P extends Place> = {
  [N in OptionName as Rows[N] extends Record<P, Standing> ? N : never]?: ValueOf<Rows[N][P & keyof Rows[N]]>;
};

/** What each of the options `O` takes. */
export type Checks<O> = { readonly [N in keyof O]-?: Value };

/** What the environment says. */
export type Settings = {
  [N in OptionName as Rows[N] extends { variable: Variable } ? N : never]?: Rows[N] extends { variable: infer V }
    ? TextOf<V>
    : never;
};

type FlagAt<N extends OptionName, C extends CommandName> = Rows[N] extends { flags: Record<C, infer F> } ? F : never;
type FlagName<C extends CommandName> = { [N in OptionName]: [FlagAt<N, C>] extends [never] ? never : N }[OptionName];
/** Those that a command has whether they are given or not. */
type SureFlagName<C extends CommandName> = {
  [N in FlagName<C>]: FlagAt<N, C> extends { value: unknown } | { isRequired: true } ? N : never;
}[FlagName<C>];

/** What a command gets of its flags. */
export type FlagsOf<C extends CommandName> = { [N in SureFlagName<C>]: FlagOf<FlagAt<N, C>> } & {
  [N in Exclude<FlagName<C>, SureFlagName<C>>]?: FlagOf<FlagAt<N, C>>;
};

/** The table as one kind of rows, for those that go through all of it. */
const ROWS: Readonly<Record<string, OptionRow>> = OPTIONS;

export interface OptionAt<S> {
  readonly name: string;
  readonly row: OptionRow;
  readonly standing: S;
}

function select<S>(of: (row: OptionRow) => S | undefined): OptionAt<S>[] {
  return Object.entries(ROWS).flatMap(([name, row]) => {
    const standing = of(row);
    return standing === undefined ? [] : [{ name, row, standing }];
  });
}

export const optionsAt = (place: Place): OptionAt<Standing>[] => select((row) => row[place]);
export const flagsOf = (command: CommandName): OptionAt<Flag>[] => select((row) => row.flags?.[command]);
export const variables = (): OptionAt<Variable>[] => select((row) => row.variable);

/** Whether an environment wants no notes: what is neither a warning nor an error. */
export function isQuiet(env: Readonly<Record<string, string | undefined>>): boolean {
  const { name, takes } = OPTIONS.quiet.variable;
  return takes.read(env[name] ?? "") === true;
}

/** What the options of a place take, by name. */
export function checksAt<P extends Place>(place: P): Checks<OptionsAt<P>> {
  // That these names are those of the type is what `optionsAt` filters by.
  return Object.fromEntries(optionsAt(place).map(({ name, standing }) => [name, standing.takes])) as Checks<
    OptionsAt<P>
  >;
}
