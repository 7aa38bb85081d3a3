/**
 * A profile for a pull request, or for a language model: what matters and how it was measured, in at most some 2,000 tokens
 * however large the profile is.
 */
import { gcWords } from "../../contract/gc-words.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB, TIME } from "../../contract/units.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { type MeasuredFunction, type MeasuredRow, measure, sum } from "../../runtime/reporters/measure.ts";
import type { Reporter } from "../../runtime/reporters/reporter.ts";
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { cut, markdownCode, markdownRow } from "./markdown-text.ts";

const MOST_FUNCTIONS = 10;
const MOST_ROWS = 12;
/** Characters of a row's text, of a name, of a path, and of a note. */
const MOST_TEXT = 60;
const MOST_NAME = 48;
const MOST_NOTE = 160;
const MOST_NOTES = 3;

export const MARKDOWN: Reporter = { name: "markdown", extension: "md", render: renderMarkdown };

function renderMarkdown(profile: Profile): string {
  const functions = measure(profile);
  const rows = functions.flatMap((of) => of.rows.map((row) => ({ of, row })));
  const grown = functions.toSorted((a, b) => b.net - a.net).slice(0, MOST_FUNCTIONS);
  const largest = rows
    .filter(({ row }) => row.increment !== 0)
    .sort((a, b) => Math.abs(b.row.increment) - Math.abs(a.row.increment))
    .slice(0, MOST_ROWS);
  return withoutCommands(
    [
      "## Memory by line\n",
      `${describeProfile(profile, functions)}\n`,
      "| Function | Calls | Net growth | Peak |\n|---|---:|---:|---:|",
      ...grown.map(functionRow),
      more(functions.length - grown.length, "functions that grew less"),
      "\n| Line | Occurrences | Increment | Source |\n|---|---:|---:|---|",
      ...largest.map(({ of, row }) => lineRow(of, row)),
      more(rows.length - largest.length, "rows that took less"),
      ...profile.notes.slice(0, MOST_NOTES).map((note) => `\n${cut(note, MOST_NOTE)}`),
      "",
    ]
      .filter((line, index, all) => line !== "" || index === all.length - 1)
      .join("\n"),
  );
}

function describeProfile(
  { host, metrics, mode, gc, readings, cost }: Profile,
  functions: readonly MeasuredFunction[],
): string {
  const net = sum(functions.filter(({ metric }) => metric === metrics[0]).map((each) => each.net));
  const unit = metrics[0] === TIME ? "ms" : "bytes";
  const how = [
    `${functions.length} ${functions.length === 1 ? "function" : "functions"} left behind ${Math.round(net)} ${unit} of \`${metrics[0]}\``,
    `${host.runtime} ${host.version} on ${host.platform}`,
    `${readings} readings, mode ${mode}${gc ? `, ${gcWords(gc)}` : ""}`,
  ];
  if (cost) how.push(`rows with ~ are estimated from ${cost.measured} of ${cost.executions} executions`);
  return `${how.join("; ")}. A function counts what profiled functions that it calls took.`;
}

function functionRow({ name, file, first, calls, net, peak, metric }: MeasuredFunction): string {
  return markdownRow(
    `${markdownCode(name, MOST_NAME)} ${markdownCode(`${tail(file)}:${first}`)}`,
    calls,
    size(net, metric),
    size(peak, metric),
  );
}

function lineRow(
  { file, metric }: MeasuredFunction,
  { line, occurrences, increment, isEstimated, text }: MeasuredRow,
): string {
  const taken = `${isEstimated ? "~" : ""}${size(increment, metric)}`;
  return markdownRow(markdownCode(`${tail(file)}:${line}`), occurrences, taken, markdownCode(text.trim(), MOST_TEXT));
}

function more(count: number, what: string): string {
  return count > 0 ? `\n${count} more ${what}.` : "";
}

function size(value: number, metric: string): string {
  return metric === TIME ? `${value.toFixed(3)} ms` : `${formatFixed(value / MIB, 3)} MiB`;
}

/** The end of a path says most. */
function tail(file: string): string {
  return file.length > MOST_NAME ? `…${file.slice(-MOST_NAME)}` : file;
}
