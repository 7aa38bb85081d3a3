/** Rows of `options.ts`: `mprof attach`, which shows lines where it is told of which functions. */
import type { OptionRow } from "./option-row.ts";
import { type Text, text, wholeNumber } from "./values.ts";

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds. A number alone is one of seconds. */
export const DURATION: Text<number> = {
  expected: "a time, as 30s, 2m or 500ms",
  read(written) {
    const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(written) ?? [];
    const ms = Number(number) * MILLISECONDS[unit]!;
    return ms > 0 ? ms : undefined;
  },
};

export const ATTACH_OPTIONS = {
  file: {
    says: "only functions of these files, by path relative to the process's working directory: a glob; one that names `node_modules` opens what is in there",
    group: "Functions",
    flags: { attach: { spelling: "--file <glob>", takes: text("a glob"), isRepeatable: true } },
  },
  for: {
    says: "lines: how long",
    default: "30s",
    group: "Measuring",
    flags: { attach: { spelling: "--for <time>", takes: DURATION } },
  },
  pick: {
    says: "show lines, of so many functions: those that made most of what is alive after a while",
    group: "Functions",
    flags: { attach: { spelling: "--pick <n>", takes: wholeNumber(1, 100) } },
  },
  pickFor: {
    says: "lines: how long `--pick` looks at what is made, at function level",
    default: "2m",
    group: "Measuring",
    flags: { attach: { spelling: "--pick-for <time>", takes: DURATION } },
  },
  force: {
    says: "lines: also where the process would stand still for more than 200 ms",
    group: "Measuring",
    flags: { attach: { spelling: "--force" } },
  },
} as const satisfies Record<string, OptionRow>;
