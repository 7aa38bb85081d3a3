/** Rows that log points cannot show: those without a statement of their own, as heads of `while`, operands and links. */
import type { OutlinedFunction } from "../../plugin/node/running-script.ts";

export interface UnseenRows {
  file: string;
  rows: number[];
}

/** Pieces of the list; the others are only counted. */
const MOST_SPANS = 12;

/** @param seen rows with a log point */
export function unseenRows({ file, rows }: OutlinedFunction, seen: readonly number[]): UnseenRows {
  return { file, rows: rows.filter((row) => !seen.includes(row)) };
}

/** One sentence, without its full stop; undefined if there are none. */
export function describeUnseen(all: readonly UnseenRows[]): string | undefined {
  const byFile = new Map<string, Set<number>>();
  for (const { file, rows } of all) byFile.set(file, new Set([...(byFile.get(file) ?? []), ...rows]));
  const spans = [...byFile].flatMap(([file, rows]) =>
    spansOf([...rows].sort((a, b) => a - b)).map((span, index) => (index === 0 ? `${file}:${span}` : span)),
  );
  if (spans.length === 0) return undefined;
  const others = spans.length > MOST_SPANS ? ` and ${spans.length - MOST_SPANS} more` : "";
  const where = `${spans.slice(0, MOST_SPANS).join(", ")}${others}`;
  return `rows without a statement of their own have no figures: ${where}; what they make is of the row that ran before. Start the program with mprof to have them`;
}

/** As `3` and `7-8`. */
function spansOf(rows: readonly number[]): string[] {
  const spans: [first: number, last: number][] = [];
  for (const row of rows) {
    const span = spans.at(-1);
    if (span?.[1] === row - 1) span[1] = row;
    else spans.push([row, row]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}
