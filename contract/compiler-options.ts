/** Rows of `options.ts` that the compiler reads. */
import type { OptionRow } from "./option-row.ts";
import { FUNCTION, NAMES, OBJECT, ONE_OR_ZERO, oneOf, PATTERNS, text, YES_OR_NO } from "./values.ts";

const FUNCTIONS = oneOf("marked", "all");
const MODE = oneOf("exact", "auto");
const LEAKS = oneOf("1", "why");
/** From `0.1%` to `100%`, as a number: `0.05` is `5%`. */
const SHARE = {
  expected: "a share of the time from 0.1% to 100%",
  read: (written: string) => {
    const [, number, percent] = /^([\d.]+)(%?)$/.exec(written) ?? [];
    const share = Number(number) / (percent ? 100 : 1);
    return share >= 0.001 && share <= 1 ? share : undefined;
  },
};
const BY_MODE = { spelling: "--mode <mode>", takes: MODE };
const A_PATH = text("a path");
const WHICH_FUNCTIONS = { spelling: "--functions <which>", takes: FUNCTIONS };
const BY_NAME = { spelling: "--func <pattern>", takes: text("a pattern"), isRepeatable: true } as const;
const ROOT = { spelling: "--root <dir>", takes: A_PATH };

export const COMPILER_OPTIONS = {
  functions: {
    says: "which functions are profiled: those with a mark, or every one that has a name, outside `node_modules`",
    default: "`marked`",
    plugin: { takes: FUNCTIONS },
    configure: {
      takes: OBJECT,
      says: "options of single functions, by the name that the report shows",
      default: "none",
    },
    group: "Functions",
    flags: { profile: WHICH_FUNCTIONS, build: WHICH_FUNCTIONS, plan: WHICH_FUNCTIONS },
  },
  mode: {
    says: "`exact`: a reading at every line; `auto`: the same while that is cheap, then lines are counted and memory is read as often as a budget allows",
    default: "`auto` for Node, unless something needs each reading; else `exact`",
    plugin: { takes: MODE },
    group: "Functions",
    flags: { profile: BY_MODE, build: BY_MODE, plan: BY_MODE },
    variable: { name: "MPROF_MODE", takes: MODE },
  },
  overhead: {
    says: "mode `auto`: the share of the time that readings may take, as `5%`",
    default: "`5%`",
    group: "Functions",
    flags: {
      profile: { spelling: "--overhead <share>", takes: SHARE, default: "5%" },
      attach: {
        spelling: "--overhead <share>",
        takes: SHARE,
        says: "lines: the share of the time that readings may take, as `5%`",
        default: "2%",
      },
    },
    variable: { name: "MPROF_OVERHEAD", takes: SHARE },
  },
  time: {
    says: "how long control was on each row, and the time of each function",
    default: "`false`",
    plugin: {
      takes: YES_OR_NO,
      says: "of a build in mode `auto`: its time can be taken, by `MPROF_TIME=1` when the program runs",
    },
    group: "Measuring",
    flags: { profile: { spelling: "--time" } },
    variable: { name: "MPROF_TIME", takes: ONE_OR_ZERO },
  },
  freed: {
    says: "what each row allocated, and what V8's collections took of it, apart; of heap, heapUsed, external or all",
    default: "`false`",
    group: "Measuring",
    flags: { profile: { spelling: "--freed" } },
    variable: { name: "MPROF_FREED", takes: ONE_OR_ZERO },
  },
  self: {
    says: "what each row took itself, without the profiled functions that it called; mode exact",
    default: "`false`",
    group: "Measuring",
    flags: { profile: { spelling: "--self" } },
    variable: { name: "MPROF_SELF", takes: ONE_OR_ZERO },
  },
  history: {
    says: "how the increment of each row came over the run, for the page and the JSON",
    default: "`1` where a profile is written, as with `--json` or `--html`",
    variable: { name: "MPROF_HISTORY", takes: ONE_OR_ZERO },
  },
  survivors: {
    says: "follow a sample of the objects that lines make, to say how many survive; on Node, and in Chromium",
    default: "`false`, `true` with `MPROF_LEAKS` while building",
    plugin: { takes: YES_OR_NO },
  },
  leaks: {
    says: "rows whose objects survive and grow in number: how many, how old, how much an hour; with `why` also who holds them, from a heap snapshot at the end",
    default: "no",
    group: "Measuring",
    flags: {
      profile: { spelling: "--leaks [why]", takes: LEAKS, preset: "1" },
      attach: {
        spelling: "--leaks",
        says: "lines: also which rows make what survives and grows in number, in functions whose source is changed",
      },
    },
    variable: {
      name: "MPROF_LEAKS",
      takes: LEAKS,
      says: "`1`: follow what survives, while building and when the program runs; `why`: and say who holds it",
    },
  },
  func: {
    says: "functions by name, without a mark: `load`, `Cache.*`; a pattern without a dot also matches the last part of `Cache.get`",
    plugin: { takes: PATTERNS },
    group: "Functions",
    flags: {
      profile: BY_NAME,
      build: BY_NAME,
      plan: BY_NAME,
      attach: {
        ...BY_NAME,
        says: "show lines, of these functions: `load`, `Cache.*`; without a dot also the last part of `Cache.get`",
      },
      peak: {
        spelling: "--func <name>",
        takes: text("a name"),
        says: "only while this function ran: app.load, or load",
      },
    },
  },
  excludeFunc: {
    says: "functions never to profile, by name; wins over marks",
    plugin: { takes: PATTERNS },
  },
  include: {
    says: "files to look at, by path relative to `root`: a glob, a RegExp, or an array of them; one that names `node_modules` opens what is in there",
    default: "everything",
    plugin: { takes: PATTERNS },
  },
  exclude: {
    says: "files to leave alone, besides those under a `node_modules`",
    plugin: { takes: PATTERNS },
  },
  root: {
    says: "what `Filename:` is relative to",
    default: "the working directory",
    plugin: { takes: A_PATH },
    group: "Output",
    flags: {
      profile: ROOT,
      build: ROOT,
      plan: ROOT,
      convert: { ...ROOT, says: "what the files of the profile are relative to, for formats that name them by URL" },
      report: { ...ROOT, says: "what the files of the profile are relative to, for links of a page into an editor" },
    },
  },
  runtime: {
    says: "how compiled code reaches the runtime: `import` in ES modules, `require` in CommonJS, `global` in plain scripts (`globalThis.__mprof`, installed by loading `mprof/runtime`)",
    default: "by the kind of file",
    plugin: { takes: oneOf("import", "require", "global") },
  },
  runtimeModule: {
    says: "the module that compiled code loads",
    default: "`mprof/runtime`",
    plugin: { takes: text("a module specifier") },
  },
  embedSource: {
    says: "put the source lines of profiled functions into the program, so that a report needs no files",
    default: "`true`",
    plugin: { takes: YES_OR_NO },
  },
  literal: {
    says: "names of macros and callees whose arguments keep their literal form, for compilers that read them: `myMacro`, `$*`",
    plugin: { takes: NAMES },
  },
  jsx: {
    says: "how JSX is compiled: `react` for what is like React (rows inside it), `opaque` for something lazy or special, as Solid or Vue (expressions inside it stay whole)",
    default: "found out from tsconfig, pragma, imports and package.json",
    plugin: { takes: oneOf("react", "opaque") },
  },
  debug: {
    says: "`plan` prints the plan of each instrumented file with the source beside it",
    plugin: { takes: oneOf("plan") },
  },
  onWarning: {
    says: "called with `{ code, message, file, line, column }` for each mark or function that cannot be honoured",
    default: "`console.warn` in Babel, a warning of the build in bundlers, none in `instrument()`",
    plugin: { takes: FUNCTION },
  },
  compile: {
    says: "options of the compiler, as JSON",
    variable: { name: "MPROF_COMPILE", takes: text("JSON") },
  },
} as const satisfies Record<string, OptionRow>;
