import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { markdownCode, markdownRow } from "../formats/markdown-text.ts";
import { format, unitOf } from "./format.ts";
import type { FunctionModel } from "./model.ts";

const MOST_ROWS = 20;
const MOST_TEXT = 100;

/** A function for a comment or an issue: its rows that took or gave back most, in their order. */
export function markdownOf({ of, metric, rows, net, peak }: FunctionModel): string {
  const unit = unitOf(metric);
  const size = (value: number) => `${format(value, metric, of.decimals)} ${unit}`;
  const changed = rows.filter(({ figures }) => figures && figures.increment !== 0);
  const weight = (row: (typeof rows)[number]) => Math.abs(row.figures?.increment ?? 0);
  const shown = new Set([...changed].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_ROWS));
  const left = changed.length - shown.size;
  const calls = of.calls === 1 ? "1 call" : `${of.calls} calls`;
  return withoutCommands(
    [
      `**${markdownCode(of.name)}** ${markdownCode(`${of.file}:${of.first}`)}: left behind ${size(net)} of ${metric} in ${calls}, peak ${size(peak)}`,
      "",
      "| Line | Increment | Occurrences | Source |",
      "|---:|---:|---:|---|",
      ...changed
        .filter((row) => shown.has(row))
        .map(({ line, text, figures }) =>
          markdownRow(
            line,
            `${figures!.isEstimated ? "~" : ""}${size(figures!.increment)}`,
            figures!.occurrences,
            markdownCode(text.trim(), MOST_TEXT),
          ),
        ),
      ...(left > 0 ? ["", `${left} more rows took less.`] : []),
      "",
    ].join("\n"),
  );
}
