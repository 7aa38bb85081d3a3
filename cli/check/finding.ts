/** Too much memory: what is said about it, where it is, and the rows that did it. */
import { appendFileSync } from "node:fs";
import { MIB, TIME } from "../../contract/units.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import type { Io } from "../command.ts";
import { markdownCode } from "../formats/markdown-text.ts";

export const RULES = {
  "net-growth": "A function left behind more memory than its budget",
  "peak-memory": "Memory was above its maximum",
  increase: "A function left behind more memory than before",
} as const;
export type RuleId = keyof typeof RULES;

export interface FoundRow {
  /** Bytes; milliseconds of the metric `time`. */
  bytes: number;
  file: string;
  line: number;
  text: string;
}

export interface Finding {
  rule: RuleId;
  /** One sentence with both figures. */
  says: string;
  metric: string;
  /** Those that grew most, largest first. */
  rows: FoundRow[];
  /** Of the function, where no row is to blame. */
  file: string;
  line: number;
}

/** GitHub shows ten of a kind for each step. */
const MOST_ANNOTATIONS = 10;
export const MOST_ROWS = 5;

/** One line for each on standard error, the rows below it; on GitHub annotations of the lines, and a summary of the step. */
export function announce(findings: readonly Finding[], report: string, io: Io): void {
  for (const finding of findings) io.error(describeFinding(finding));
  if (io.env.GITHUB_ACTIONS !== "true") return;
  for (const finding of findings.slice(0, MOST_ANNOTATIONS)) io.out(annotationOf(finding));
  const { GITHUB_STEP_SUMMARY: summary } = io.env;
  if (summary === undefined || summary === "") return;
  const list = findings.map(({ says }) => `- ${markdownCode(says)}\n`).join("");
  try {
    appendFileSync(summary, `${list}${list === "" ? "" : "\n"}${report}\n`);
  } catch (error) {
    io.error(`[mprof] the summary of the step cannot be written (${(error as NodeJS.ErrnoException).code})\n`);
  }
}

/** Where the most was taken. */
export function placeOfFinding({ rows, file, line }: Finding): { file: string; line: number } {
  return rows[0] ?? { file, line };
}

export function describeFinding({ says, rows, metric }: Finding): string {
  const lines = rows.map(
    ({ bytes, file, line, text }) => `  ${signed(bytes, metric)}  ${file}:${line}  ${text.trim()}\n`,
  );
  return withoutCommands(`[mprof] ${says}\n${lines.join("")}`);
}

export function size(value: number, metric: string): string {
  return metric === TIME ? `${value.toFixed(3)} ms` : `${formatFixed(value / MIB, 3)} MiB`;
}

export function signed(value: number, metric: string): string {
  return `${value > 0 ? "+" : ""}${size(value, metric)}`;
}

/** `::warning file=…,line=…::…`, as GitHub reads it from standard output. */
function annotationOf(finding: Finding): string {
  const { file, line } = placeOfFinding(finding);
  const message = withoutCommands(finding.says).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  const property = (text: string) =>
    withoutCommands(text)
      .replace(/%/g, "%25")
      .replace(/[\r\n]/g, " ")
      .replace(/:/g, "%3A")
      .replace(/,/g, "%2C");
  return `::warning file=${property(file)},line=${line},title=mprof::${message}\n`;
}
