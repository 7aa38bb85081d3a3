/** The figures of a page, counted for the metric that is chosen. */
import type { PageData, PageFunction } from "./page-data.ts";

export interface RowModel {
  line: number;
  text: string;
  /** Undefined on a row without figures. */
  figures?: RowFigures;
}

export interface RowFigures {
  usage: number;
  increment: number;
  /** Parts of it: what came while the row waited and nothing profiled ran, and what those that it waited for took. */
  waiting: number;
  awaited: number;
  /** With the option `self`: of it what is not of profiled functions that the row called. */
  self: number | undefined;
  /** Where collections were followed: what the row allocated while it ran, and what was taken of it, or of others. */
  allocated: number | undefined;
  freed: number | undefined;
  occurrences: number;
  time: number | undefined;
  /** Objects of it. */
  alive: number | undefined;
  isEstimated: boolean;
  history: RowHistory | undefined;
  /** Increments of what was read at once. */
  others: Readonly<Record<string, number | undefined>>;
}

/** As a page has it: see `PageHistory`. */
export interface RowHistory {
  shape: string;
  low: number;
  high: number;
}

export type Heat = "hot" | "warm" | "back" | "";

export interface FunctionModel {
  of: PageFunction;
  /** Milliseconds of a piece of a row's history, where there is one. */
  interval: number | undefined;
  /** The chosen one, or the only one that the function has. */
  metric: string;
  rows: RowModel[];
  /** The sum of its increments. */
  net: number;
  /** The sum of those above zero. */
  taken: number;
  /** With the option `self`: the sum of what its rows took themselves. */
  self: number | undefined;
  peak: number;
  waiting: number;
  /** The largest increment, up or down. */
  largest: number;
}

/** Parts of the largest increment from which on a row is hot, and warm: those of the terminal. */
const HOT = 0.5;
const WARM = 0.1;

export function modelOf({ functions, interval }: PageData, metric: string): FunctionModel[] {
  return functions.map((of) => {
    const own = of.figures[metric] ? metric : Object.keys(of.figures)[0]!;
    const rows = rowsOf(of, own);
    const figures = rows.flatMap((row) => row.figures ?? []);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return {
      of,
      interval,
      metric: own,
      rows,
      net: sum(figures.map(({ increment }) => increment)),
      taken: sum(figures.map(({ increment }) => Math.max(0, increment))),
      self: of.figures[own]?.self && sum(of.figures[own].self),
      peak: figures.reduce((most, { usage }) => Math.max(most, usage), Number.NEGATIVE_INFINITY),
      waiting: sum(figures.map(({ waiting }) => waiting)),
      largest: figures.reduce((most, { increment }) => Math.max(most, Math.abs(increment)), 0),
    };
  });
}

/** As the terminal has it: by the largest increment of the function. */
export function heatOf({ largest }: FunctionModel, { increment }: RowFigures): Heat {
  if (increment < 0 && -increment >= WARM * largest) return "back";
  if (increment <= 0) return "";
  return increment >= HOT * largest ? "hot" : increment >= WARM * largest ? "warm" : "";
}

function rowsOf(of: PageFunction, metric: string): RowModel[] {
  const rows: RowModel[] = of.texts.map((text, offset) => ({ line: of.first + offset, text }));
  const estimated = new Set(of.estimated);
  const { increment: increments, usage, waiting, awaited, self, allocated, freed, history } = of.figures[metric]!;
  for (const [index, offset] of of.lines.entries()) {
    const increment = increments[index];
    const row = rows[offset];
    if (row === undefined || increment === undefined || increment === null) continue;
    row.figures = {
      usage: usage[index] ?? 0,
      increment,
      waiting: waiting?.[index] ?? 0,
      awaited: awaited?.[index] ?? 0,
      self: self?.[index],
      allocated: allocated?.[index],
      freed: freed?.[index],
      occurrences: of.occurrences[index] ?? 0,
      time: of.times?.[index] ?? undefined,
      alive: of.alive?.[index] ?? undefined,
      isEstimated: estimated.has(offset),
      history: history?.shapes[index]
        ? { shape: history.shapes[index], low: history.low[index] ?? 0, high: history.high[index] ?? 0 }
        : undefined,
      others: Object.fromEntries(
        Object.entries(of.figures).map(([name, other]) => [name, other.increment[index] ?? undefined]),
      ),
    };
  }
  return rows;
}
