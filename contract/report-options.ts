/** Rows of `options.ts`: what is done with profiles. */
import { COLUMN_NAMES, COLUMNS } from "./columns.ts";
import type { OptionRow } from "./option-row.ts";
import { NAMED_SIZE, PERCENT, SIZE, SIZE_TEXT } from "./sizes.ts";
import { ONE_OR_ZERO, oneOf, type Text, text, wholeNumber } from "./values.ts";

const COLOR = { spelling: "--color <when>", takes: oneOf("auto", "always", "never"), value: "auto" };
const SHOWN_COLUMNS = { spelling: "--columns <names>", takes: COLUMN_NAMES };
const A_PROFILE = text("a profile");
/** Empty where the flag stands alone. */
const MAYBE_A_PATH: Text<string> = { expected: "a path", read: (path) => path };

export const REPORT_OPTIONS = {
  markdown: {
    says: "as Markdown",
    group: "Output",
    flags: {
      diff: { spelling: "--markdown" },
      report: { spelling: "--markdown", says: "as Markdown, short enough for a language model" },
    },
  },
  html: {
    says: "write a page that shows functions and lines, and needs nothing else",
    group: "Output",
    flags: {
      profile: { spelling: "--html <file>", takes: text("a path") },
      diff: { spelling: "--html <file>", takes: text("a path"), says: "write a page of what changed, besides" },
      attach: { spelling: "--html <file>", takes: text("a path"), says: "lines: also write a page of them" },
      report: {
        spelling: "--html [file]",
        takes: MAYBE_A_PATH,
        preset: "",
        default: "beside the profile, opened if there is a desktop",
      },
    },
  },
  columns: {
    says: `columns, with commas between: ${COLUMNS.join(", ")}`,
    default: "usage,increment,occurrences",
    group: "Output",
    flags: { report: SHOWN_COLUMNS, live: SHOWN_COLUMNS },
  },
  sort: {
    says: "rows and tables by a column, largest first",
    default: "as in the source",
    group: "Output",
    flags: {
      report: { spelling: "--sort <column>", takes: oneOf(...COLUMNS) },
      live: { spelling: "--sort <column>", takes: oneOf(...COLUMNS), value: "increment" },
    },
  },
  top: {
    says: "only so many rows of all functions: those that took most",
    default: "all",
    group: "Output",
    flags: {
      report: { spelling: "--top <n>", takes: wholeNumber(1) },
      live: { spelling: "--top <n>", takes: wholeNumber(1), value: 20 },
    },
  },
  min: {
    says: "only rows that took, or gave back, at least this: 100KiB",
    default: "all",
    group: "Output",
    flags: { report: { spelling: "--min <size>", takes: SIZE } },
  },
  color: {
    says: "colours, and a mark at the rows that took most: `auto` on a terminal, unless `NO_COLOR` is set; `always` or `never`",
    group: "Output",
    flags: { profile: COLOR, run: COLOR, report: COLOR, attach: COLOR },
    variable: {
      name: "MPROF_COLOR",
      takes: ONE_OR_ZERO,
      says: "`1`: what goes to standard output has colours, and a mark at the rows that took most",
    },
  },
  runs: {
    says: "another run of the program that the base is of: what the two differ by is noise",
    group: "Measuring",
    flags: { diff: { spelling: "--runs <profile>", takes: A_PROFILE, isRepeatable: true } },
  },
  failOnIncrease: {
    says: "exit code 3 if a function leaves behind so much more than before, as 10%",
    group: "Measuring",
    flags: { diff: { spelling: "--fail-on-increase <percent>", takes: PERCENT } },
  },
  maxRss: {
    says: "the most resident memory that any reading may show, as 200MiB",
    group: "Measuring",
    flags: { check: { spelling: "--max-rss <size>", takes: SIZE } },
  },
  maxNet: {
    says: "what a function may leave behind in all its calls, as load=5MiB",
    group: "Measuring",
    flags: { check: { spelling: "--max-net <name=size>", takes: NAMED_SIZE, isRepeatable: true } },
  },
  sarif: {
    says: "write what is too much as SARIF, for code scanning",
    group: "Output",
    flags: { check: { spelling: "--sarif <file>", takes: text("a path") } },
  },
  max: {
    says: "what a call may leave behind on average, for `mprof check`: `5MiB`",
    mark: { takes: SIZE_TEXT },
    profile: { takes: SIZE_TEXT },
  },
  maxPeak: {
    says: "the largest reading that the function may see, for `mprof check`",
    mark: { takes: SIZE_TEXT },
    profile: { takes: SIZE_TEXT },
  },
  and: {
    says: "and more than this besides, as 1MiB",
    default: "0 B",
    group: "Measuring",
    flags: { diff: { spelling: "--and <size>", takes: SIZE } },
  },
} as const satisfies Record<string, OptionRow>;
