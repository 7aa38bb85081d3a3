/** The columns that `mprof report --columns` can show. */
import type { Text } from "./values.ts";

export const COLUMNS = [
  "usage",
  "increment",
  "occurrences",
  "rss",
  "heap",
  "external",
  "running",
  "waiting",
  "awaited",
  "self",
  "allocated",
  "freed",
  "net",
  "collections",
  "per-hit",
  "share",
  "time",
  "time-per-hit",
  "alive",
  "age",
  "leak",
] as const;
export type ColumnName = (typeof COLUMNS)[number];

const isColumn = (text: string): text is ColumnName => (COLUMNS as readonly string[]).includes(text);

/** Names with commas between. */
export const COLUMN_NAMES: Text<ColumnName[]> = {
  expected: `names with commas between, of ${COLUMNS.join(", ")}`,
  read(text) {
    const names = text.split(",").map((name) => name.trim());
    return names.every(isColumn) ? names : undefined;
  },
};
