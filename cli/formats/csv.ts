import { measure } from "../../runtime/reporters/measure.ts";
import type { Format } from "./format.ts";

const COLUMNS = [
  "file",
  "function",
  "line",
  "metric",
  "occurrences",
  "usage",
  "increment",
  "allocated",
  "freed",
  "self",
  "time",
  "estimated",
  "text",
] as const;

/** A row for each line with figures, as RFC 4180 has it. Bytes and milliseconds; increments are without the reading on entry. */
export const CSV: Format = {
  name: "csv",
  extension: "csv",
  render(profile) {
    const lines = measure(profile).flatMap(({ file, name, metric, rows }) =>
      rows.map(
        ({
          line,
          text,
          occurrences,
          usage,
          increment,
          allocated = "",
          freed = "",
          self = "",
          time = "",
          isEstimated,
        }) =>
          [file, name, line, metric, occurrences, usage, increment, allocated, freed, self, time, isEstimated, text]
            .map(cell)
            .join(","),
      ),
    );
    return [COLUMNS.join(","), ...lines, ""].join("\r\n");
  },
};

function cell(value: string | number | boolean): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
