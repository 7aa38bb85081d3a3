/** Changes as a table for a terminal, and as Markdown. */
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { signed, size } from "../check/finding.ts";
import { markdownCode, markdownRow } from "../formats/markdown-text.ts";
import type { FunctionChange, RowChange } from "./compare-profiles.ts";

const MOST = { functions: 20, rows: 20 };
/** Characters of a row's text in Markdown. */
const MOST_TEXT = 72;

const MARKS: Readonly<Record<RowChange["how"], string>> = {
  same: " ",
  moved: ">",
  edited: "~",
  added: "+",
  removed: "-",
};

/** What is more than noise, largest first. */
export interface Told {
  functions: { change: FunctionChange; rows: RowChange[]; left: number }[];
  /** Functions that changed less, and those that did not. */
  left: number;
  unchanged: number;
}

/** Whether it is more than the runs of one program differ. */
export function isChanged({ change, noise }: { change: number; noise: number }): boolean {
  return Math.abs(change) > noise;
}

export function changesAsTable(changes: readonly FunctionChange[]): string {
  const { functions, left, unchanged } = tell(changes);
  const blocks = functions.map(({ change, rows, left: more }) => {
    const { net, metric } = change;
    const head = `${placeOf(change)}   ${size(net.before, metric)} -> ${size(net.after, metric)}   ${signed(change.change, metric)}`;
    const body = rows.map((row) => tableRow(row, metric));
    const rest = more > 0 ? `${" ".repeat(16)}and ${more} more ${more === 1 ? "row" : "rows"}\n` : "";
    return `${head}\n\n${HEADER}${"=".repeat(HEADER.length - 1)}\n${body.join("")}${rest}\n`;
  });
  return withoutCommands(`${total(changes)}\n\n${blocks.join("\n")}${endOf(left, unchanged)}`);
}

export function changesAsMarkdown(changes: readonly FunctionChange[]): string {
  const { functions, left, unchanged } = tell(changes);
  const blocks = functions.map(({ change, rows, left: more }) => {
    const { net, metric } = change;
    const head = `### ${markdownCode(placeOf(change))}: ${signed(change.change, metric)} (${size(net.before, metric)} → ${size(net.after, metric)})`;
    const body = rows.map(({ how, before, after, change: by }) =>
      markdownRow(
        `${before?.line ?? ""} → ${after?.line ?? ""}`,
        cell(before, metric),
        cell(after, metric),
        signed(by, metric),
        how,
        markdownCode((after ?? before)!.text.trim(), MOST_TEXT),
      ),
    );
    const rest = more > 0 ? [`\n${more} more ${more === 1 ? "row" : "rows"}.`] : [];
    return [
      head,
      "",
      "| Line | Base | New | Change | Row | Source |",
      "|---|---:|---:|---:|---|---|",
      ...body,
      ...rest,
      "",
    ].join("\n");
  });
  return withoutCommands(`## ${total(changes)}\n\n${blocks.join("\n")}\n${endOf(left, unchanged)}`);
}

/** `load (src/app.ts:3)`, and what it was called before. */
export function placeOf({ before, after }: Pick<FunctionChange, "before" | "after">): string {
  const { name, file, first } = (after ?? before)!;
  const place = `${name} (${file}:${first})`;
  if (before === undefined) return `${place}, new`;
  if (after === undefined) return `${place}, gone`;
  const was = [before.name !== name && before.name, before.file !== file && before.file].filter(Boolean);
  return was.length > 0 ? `${place}, was ${was.join(" in ")}` : place;
}

function cell(row: { increment: number } | undefined, metric: string): string {
  return row === undefined ? "" : size(row.increment, metric);
}

/** @param most so many are told */
export function tell(changes: readonly FunctionChange[], most = MOST): Told {
  const changed = changes.filter((each) => isChanged(each) || each.rows.some(isChanged));
  const functions = changed.slice(0, most.functions).map((change) => {
    const rows = change.rows.filter(isChanged);
    const shown = new Set(rows.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, most.rows));
    return { change, rows: rows.filter((row) => shown.has(row)), left: rows.length - shown.size };
  });
  return { functions, left: changed.length - functions.length, unchanged: changes.length - changed.length };
}

/** What all functions left behind, by metric. */
export function total(changes: readonly FunctionChange[]): string {
  const metrics = [...new Set(changes.map(({ metric }) => metric))];
  const sums = metrics.map((metric) => {
    const own = changes.filter((each) => each.metric === metric);
    const sum = (of: (change: FunctionChange) => number) => own.reduce((all, each) => all + of(each), 0);
    const [before, after] = [sum(({ net }) => net.before), sum(({ net }) => net.after)];
    return `${metric} ${size(before, metric)} -> ${size(after, metric)}, ${signed(after - before, metric)}`;
  });
  return `Net growth: ${sums.join("; ") || "none"}`;
}

/** What is not told, in a line; empty where that is nothing. */
export function endOf(left: number, unchanged: number): string {
  const parts = [];
  if (left > 0) parts.push(`and ${left} more ${left === 1 ? "function" : "functions"} that changed less`);
  if (unchanged > 0) parts.push(`${unchanged} ${unchanged === 1 ? "function" : "functions"} without change`);
  return parts.length > 0 ? `${parts.join("; ")}\n` : "";
}

/** Characters before the text of a row. */
const TEXT_AT = 56;
const HEADER = line("Base", "New", "Base", "New", "Change", " ", "Line Contents");

function tableRow({ how, before, after, change }: RowChange, metric: string): string {
  const cells = [cell(before, metric), cell(after, metric), signed(change, metric)] as const;
  const row = line(
    String(before?.line ?? ""),
    String(after?.line ?? ""),
    ...cells,
    MARKS[how],
    (after ?? before)!.text,
  );
  return how === "edited" ? `${row}${"was ".padStart(TEXT_AT)}${before?.text ?? ""}\n` : row;
}

function line(
  before: string,
  after: string,
  base: string,
  now: string,
  change: string,
  mark: string,
  text: string,
): string {
  return `${before.padStart(6)} ${after.padStart(6)} ${base.padStart(12)} ${now.padStart(12)} ${change.padStart(13)} ${mark} ${text}\n`;
}
