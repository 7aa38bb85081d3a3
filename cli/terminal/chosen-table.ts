/** The report with columns, rows and an order of one's own; without any choice the classic one does. */
import type { ColumnName } from "../../contract/columns.ts";
import type { Profile } from "../../contract/profile.ts";
import { MIB, TIME } from "../../contract/units.ts";
import { formatFixed } from "../../runtime/reporters/format-fixed.ts";
import { figuresOf, type MeasuredFunction, type MeasuredRow, measure } from "../../runtime/reporters/measure.ts";
import type { Reporter } from "../../runtime/reporters/reporter.ts";
import { formatAge, formatBytes, formatCount } from "../../runtime/reporters/show-leaks.ts";
import { withoutCommands } from "../../runtime/reporters/without-commands.ts";
import { UsageError } from "../command.ts";

export interface Choice {
  columns?: readonly ColumnName[] | undefined;
  /** Rows by this column, largest first, and tables by their largest row; else as they stand in the source. */
  sort?: ColumnName | undefined;
  /** So many rows of all tables, those that took most, or by `sort`. */
  top?: number | undefined;
  /** Bytes: rows that took or gave back less are left out. */
  min?: number | undefined;
}

interface Column {
  heading: string;
  /** Undefined where there is no such figure. */
  value(row: MeasuredRow, of: MeasuredFunction): number | undefined;
  format(value: number, decimals: number): string;
  /** What to do for a profile that has no row with it. */
  cure?: string;
}

const CLASSIC: readonly ColumnName[] = ["usage", "increment", "occurrences"];
const WIDTH = 12;

const mib = (bytes: number, decimals: number) => `${formatFixed(bytes / MIB, decimals)} MiB`;
const ms = (value: number) => `${value.toFixed(3)} ms`;

const NOTHING_WAITED = "Nothing came while rows waited, or the functions were built for mode auto: --mode exact.";

const NOT_COLLECTED = "Profile with --freed, and --backend heap or all.";

const NOT_FOLLOWED = "Profile with --leaks.";

const COLUMN: Readonly<Record<ColumnName, Column>> = {
  usage: {
    heading: "Mem usage",
    value: ({ usage }, { metric }) => (metric === TIME ? undefined : Math.max(usage, 0)),
    format: mib,
  },
  increment: {
    heading: "Increment",
    value: ({ increment }, { metric }) => (metric === TIME ? undefined : increment),
    format: mib,
  },
  occurrences: { heading: "Occurrences", value: ({ occurrences }) => occurrences, format: String },
  rss: metricColumn("RSS", "rss"),
  heap: metricColumn("Heap", "heap"),
  external: metricColumn("External", "external"),
  running: {
    heading: "Running",
    value: ({ increment, waiting = 0, awaited = 0 }, { metric }) =>
      metric === TIME ? undefined : increment - waiting - awaited,
    format: mib,
  },
  waiting: { heading: "Waiting", value: ({ waiting }) => waiting, format: mib, cure: NOTHING_WAITED },
  awaited: { heading: "Awaited", value: ({ awaited }) => awaited, format: mib },
  self: {
    heading: "Self",
    value: ({ self }, { metric }) => (metric === TIME ? undefined : self),
    format: mib,
    cure: "Profile with --self.",
  },
  allocated: { heading: "Allocated", value: ({ allocated }) => allocated, format: mib, cure: NOT_COLLECTED },
  freed: { heading: "Freed", value: ({ freed }) => freed, format: mib, cure: NOT_COLLECTED },
  net: {
    heading: "Net",
    value: ({ allocated, freed }) => (allocated === undefined ? undefined : allocated - freed!),
    format: mib,
    cure: NOT_COLLECTED,
  },
  collections: {
    heading: "Collections",
    value: ({ collections, freed }) => (freed === undefined ? undefined : (collections ?? 0)),
    format: String,
    cure: NOT_COLLECTED,
  },
  "per-hit": {
    heading: "Per hit",
    value: ({ increment, occurrences }, { metric }) =>
      metric === TIME ? undefined : increment / Math.max(1, occurrences),
    format: (bytes) => `${formatFixed(bytes / 1024, 1)} KiB`,
  },
  share: {
    heading: "Share",
    value({ increment }, { rows }) {
      const all = rows.reduce((sum, row) => sum + Math.max(0, row.increment), 0);
      return all === 0 ? 0 : (100 * increment) / all;
    },
    format: (percent) => `${percent.toFixed(1)} %`,
  },
  time: { heading: "Time", value: timeOf, format: ms, cure: "Profile with --time." },
  "time-per-hit": {
    heading: "Time per hit",
    value: (row, of) => {
      const time = timeOf(row, of);
      return time === undefined ? undefined : time / Math.max(1, row.occurrences);
    },
    format: ms,
    cure: "Profile with --time.",
  },
  alive: { heading: "Alive", value: ({ survivors }) => survivors?.alive, format: formatCount, cure: NOT_FOLLOWED },
  age: { heading: "Age", value: ({ survivors }) => survivors?.age, format: formatAge },
  leak: {
    heading: "Leak an hour",
    value: ({ survivors }) => survivors?.leak?.bytesPerHour ?? survivors?.leak?.perHour,
    format: formatBytes,
  },
};

function timeOf({ time, increment }: MeasuredRow, { metric }: MeasuredFunction): number | undefined {
  return metric === TIME ? increment : time;
}

/** What rows took of a metric, of several that were read at once. */
function metricColumn(heading: string, metric: string): Column {
  return {
    heading,
    value: ({ line, increment }, { listing, metric: main }) => {
      if (metric === main) return increment;
      const row = listing.rows[line - listing.first]!;
      const own = figuresOf(row, metric)?.increment;
      return own === undefined ? undefined : own - (line === listing.first ? (listing.baseline?.[metric] ?? own) : 0);
    },
    format: mib,
    cure: "Profile with --backend all, or with this one.",
  };
}

/** @throws UsageError for a column that the profile has nothing for, when it renders */
export function chosenTable({ columns = CLASSIC, sort, top, min = 0 }: Choice): Reporter {
  return {
    name: "text",
    extension: "txt",
    render(profile) {
      const functions = measure(profile);
      checkColumns(profile, functions, [...columns, ...(sort ? [sort] : [])]);
      const by = COLUMN[sort ?? "increment"];
      const weigh = (row: MeasuredRow, of: MeasuredFunction) => by.value(row, of) ?? Number.NEGATIVE_INFINITY;
      const all = functions.flatMap((of) => of.rows.map((row) => ({ row, weight: weigh(row, of) })));
      const large = all.filter(({ row }) => Math.abs(row.increment) >= min).sort((a, b) => b.weight - a.weight);
      const kept = new Set(large.slice(0, top).map(({ row }) => row));
      const tables = functions
        .map((of) => ({ of, rows: chooseRows(of, kept, sort && weigh) }))
        .filter(({ rows }) => rows.length > 0);
      if (sort) tables.sort((a, b) => weigh(b.rows[0]!, b.of) - weigh(a.rows[0]!, a.of));
      const rest = functions.length - tables.length;
      const end = rest > 0 ? `${rest} ${rest === 1 ? "function" : "functions"} left out\n` : "";
      return withoutCommands(tables.map(({ of, rows }) => tableOf(of, rows, columns)).join("") + end);
    },
  };
}

function checkColumns(profile: Profile, functions: readonly MeasuredFunction[], columns: readonly ColumnName[]): void {
  for (const name of columns) {
    const { cure, value } = COLUMN[name];
    if (cure === undefined || functions.length === 0) continue;
    if (functions.some((of) => of.rows.some((row) => value(row, of) !== undefined))) continue;
    throw new UsageError(`the profile has no ${name}, only ${profile.metrics.join(", ")}`, cure);
  }
}

function chooseRows(
  of: MeasuredFunction,
  kept: ReadonlySet<MeasuredRow>,
  weigh: ((row: MeasuredRow, of: MeasuredFunction) => number) | undefined,
): MeasuredRow[] {
  const rows = of.rows.filter((row) => kept.has(row));
  return weigh ? rows.sort((a, b) => weigh(b, of) - weigh(a, of)) : rows;
}

function tableOf(of: MeasuredFunction, rows: readonly MeasuredRow[], columns: readonly ColumnName[]): string {
  const { listing, file, name, first } = of;
  const header = line(
    "Line #",
    columns.map((each) => COLUMN[each].heading),
    " ",
    "Line Contents",
  );
  const body = rows.map((row) => {
    const cells = columns.map((each) => {
      const value = COLUMN[each].value(row, of);
      return value === undefined ? "" : COLUMN[each].format(value, of.decimals);
    });
    return line(String(row.line), cells, row.isEstimated ? "~" : " ", row.text);
  });
  const left = of.rows.length - rows.length;
  const rest =
    left > 0
      ? line(
          "",
          columns.map(() => ""),
          " ",
          `${left} ${left === 1 ? "row" : "rows"} left out`,
        )
      : "";
  const state = listing.superseded ? " (superseded)" : "";
  return `Filename: ${file}${state}   ${name}:${first}\n\n${header}${"=".repeat(header.length - 1)}\n${body.join("")}${rest}\n\n`;
}

function line(number: string, cells: readonly string[], mark: string, text: string): string {
  return `${number.padStart(6)} ${cells.map((cell) => cell.padStart(WIDTH)).join(" ")}${mark}  ${text}\n`;
}
