/** Rows of `options.ts`: what is done with profiles. */
import type { OptionRow } from "./option-row.ts";
import { PERCENT, SIZE } from "./sizes.ts";
import { text } from "./values.ts";

const A_PROFILE = text("a profile");

export const REPORT_OPTIONS = {
  markdown: {
    says: "as Markdown",
    group: "Output",
    flags: { diff: { spelling: "--markdown" } },
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
  and: {
    says: "and more than this besides, as 1MiB",
    default: "0 B",
    group: "Measuring",
    flags: { diff: { spelling: "--and <size>", takes: SIZE } },
  },
} as const satisfies Record<string, OptionRow>;
