import type { EChartsOption, SeriesOption } from "echarts";
import { printable, type Sample } from "../../contract/recording.ts";
import { bracketsOf } from "./brackets.ts";
import { callsByName, legendName } from "./calls-by-name.ts";
import type { Curves } from "./curves.ts";
import { type Flame, flameOf } from "./flame.ts";
import { shortNames } from "./short-names.ts";
import { fitLine } from "./slope.ts";
import type { Theme } from "./theme.ts";
import { thin } from "./thin.ts";

export interface ChartOptions {
  title?: string;
  /** Brackets of calls, and the peak. */
  functions: boolean;
  slope: boolean;
  flame: boolean;
  window?: [number, number];
  theme: Theme;
}

/** Pixels of the time axis of the flame view in a picture; a page finds its own. */
const FLAME_WIDTH = 1155;
/** Of the levels of a stack. */
const MOST_TICKS = 10;
/** More points than this cannot be told apart in a picture of this size. */
const POINTS = 4000;

/** What the library draws, as plain data: the same for SVG, PNG and the page. */
export function chartOf(files: readonly Curves[], options: ChartOptions): EChartsOption {
  const { theme, title } = options;
  const [first] = files;
  const isOne = files.length === 1;
  const flame = options.flame && isOne ? flameOf(first!) : undefined;
  const rows = flame?.drawn.reduce((most, { row }) => Math.max(most, row + 1), 0) ?? 0;
  // Without calls to draw, there is no second panel.
  const isFlame = rows > 0;
  const series = isFlame
    ? flameSeries(first!, flame!, theme)
    : files.flatMap((file, index) => curveSeries(file, index, isOne, options));
  const text = { color: theme.text, fontFamily: "DejaVu Sans, sans-serif" };
  const axis = {
    axisLabel: text,
    nameTextStyle: text,
    axisLine: { lineStyle: { color: theme.text } },
    splitLine: { lineStyle: { color: theme.grid } },
    axisPointer: { label: { backgroundColor: theme.text, color: theme.ground } },
  };
  const heading = printable(title ?? (isOne ? first!.title : ""));
  return {
    animation: false,
    backgroundColor: theme.ground,
    textStyle: text,
    title: {
      text: shorten(heading, 120),
      left: "center",
      top: 10,
      textStyle: { ...text, fontSize: 15, fontWeight: "normal" },
    },
    grid: grids(isFlame),
    legend: legendOf(series, isFlame, text),
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "cross" },
      confine: true,
      backgroundColor: theme.ground,
      borderColor: theme.grid,
      textStyle: text,
    },
    xAxis: xAxes(options, isFlame, axis, files),
    yAxis: yAxes(files, rows, axis),
    series,
  };
}

interface AxisStyle {
  axisLabel: object;
  axisPointer: { label: object };
}

const NAME_X = { name: "time (in seconds)", nameLocation: "middle", nameGap: 28 } as const;
const NAME_Y = { name: "memory used (in MiB)", nameLocation: "middle", nameGap: 48 } as const;

function grids(isFlame: boolean): EChartsOption["grid"] {
  const whole = { left: 75, right: isFlame ? 30 : 300, top: 55, bottom: 60 };
  return isFlame
    ? [
        { ...whole, bottom: "48%" },
        { ...whole, top: "60%" },
      ]
    : whole;
}

function xAxes(
  { window }: ChartOptions,
  isFlame: boolean,
  axis: AxisStyle,
  files: readonly Curves[],
): EChartsOption["xAxis"] {
  const end = Math.max(...files.map(({ main }) => main.at(-1)?.time ?? 0));
  const one = {
    type: "value",
    min: window?.[0] ?? 0,
    max: window?.[1] ?? end,
    ...NAME_X,
    ...axis,
    axisLabel: { ...axis.axisLabel, showMaxLabel: false },
  } as const;
  return isFlame
    ? [
        { ...one, name: "" },
        { ...one, gridIndex: 1 },
      ]
    : one;
}

function yAxes(files: readonly Curves[], rows: number, axis: AxisStyle): EChartsOption["yAxis"] {
  // From zero, unless the curve would then be a line at the top; brackets never reach below.
  const lowest = files.reduce(
    (low, { main }) => main.reduce((least, { memory }) => Math.min(least, memory), low),
    Number.POSITIVE_INFINITY,
  );
  const highest = Math.max(...files.map(({ peak }) => peak.memory));
  const memory = {
    type: "value",
    scale: true,
    ...(lowest < highest / 2 ? { min: 0 } : {}),
    ...NAME_Y,
    ...axis,
    // Inside the picture: outside it would hide the name of the axis.
    axisPointer: { label: { ...axis.axisPointer.label, margin: -80 } },
  } as const;
  if (rows === 0) return memory;
  const interval = Math.ceil(rows / MOST_TICKS);
  const stack = { type: "value", gridIndex: 1, min: 0, max: rows, interval, name: "stack level" } as const;
  return [memory, { ...stack, nameLocation: "middle", nameGap: 48, ...axis }];
}

function curveSeries(file: Curves, index: number, isOne: boolean, options: ChartOptions): SeriesOption[] {
  const { theme, functions, slope } = options;
  const color = theme.curves[index % theme.curves.length]!;
  const line = slope ? fitLine(file.main) : null;
  const name = line ? `${file.label} slope ${line.slope.toFixed(5)}` : file.label;
  const main = lineSeries(name, file.main, color);
  if (functions && isOne) Object.assign(main, { markLine: peakCross(file.peak, theme) });
  const children = file.children.map(({ pid, samples }, child) =>
    lineSeries(`child ${pid}`, samples, theme.children[child % theme.children.length]!),
  );
  const brackets = functions && isOne ? bracketSeries(file, options) : [];
  return [main, ...(line ? [slopeSeries(file.main, line, theme)] : []), ...children, ...brackets];
}

function lineSeries(name: string, samples: readonly Sample[], color: string): SeriesOption {
  const data = thin(samples, POINTS).map(({ time, memory }) => [round(time), round(memory)]);
  const isSparse = samples.length <= 300;
  return {
    type: "line",
    name,
    data,
    color,
    symbol: isSparse ? "circle" : "none",
    symbolSize: 4,
    lineStyle: { color, width: 1.5 },
  };
}

function slopeSeries(
  samples: readonly Sample[],
  { slope, intercept }: ReturnType<typeof fitLine>,
  theme: Theme,
): SeriesOption {
  const ends = [samples[0]!.time, samples.at(-1)!.time];
  const data = ends.map((time) => [round(time), round(intercept + slope * time)]);
  return {
    type: "line",
    name: "least squares",
    data,
    symbol: "none",
    color: theme.slope,
    lineStyle: { color: theme.slope, type: "dashed", width: 1.5 },
  };
}

function peakCross(peak: Sample, theme: Theme) {
  const label = { formatter: `${peak.memory.toFixed(2)} MiB`, color: theme.peak, position: "insideEndTop" } as const;
  return {
    symbol: "none",
    silent: true,
    lineStyle: { color: theme.peak, type: "dashed", width: 1.2 },
    data: [
      { yAxis: peak.memory, label },
      { xAxis: peak.time, label: { show: false } },
    ],
  };
}

/** One series, and one entry in the legend, for each function: how often, and how long in all. */
function bracketSeries({ calls, rest, main }: Curves, { theme, window }: ChartOptions): SeriesOption[] {
  // How many of those that are only counted lie in a window, nobody knows.
  const byName = callsByName(calls, window ? new Map() : rest);
  if (byName.size === 0) return [];
  const memory = main.map((sample) => sample.memory);
  const spread =
    memory.reduce((high, each) => Math.max(high, each), 0) -
    memory.reduce((low, each) => Math.min(low, each), Number.POSITIVE_INFINITY);
  const range = { time: (main.at(-1)?.time ?? 1) || 1, memory: spread || 1 };
  return [...byName].map(([name, own], index) => {
    const color = theme.functions[index % theme.functions.length]!;
    return {
      type: "line",
      name: legendName(name, own),
      data: bracketsOf(own.calls, range).map((point) => point?.map(round) ?? [null, null]) as never,
      color,
      symbol: "none",
      tooltip: { show: false },
      lineStyle: { color, width: 2 },
    };
  });
}

/** Memory above, one rectangle for each call below, its height the stack level. */
function flameSeries(
  { main, label, calls, children, peak }: Curves,
  { drawn, hair }: Flame,
  theme: Theme,
): SeriesOption[] {
  const names = shortNames(calls.map(({ name }) => name));
  const pixels = FLAME_WIDTH / Math.max(main.at(-1)?.time ?? 0, Number.EPSILON);
  const data = drawn.map(({ name, enter, exit, row }) => [
    {
      name: names.get(name)!,
      xAxis: round(enter.time),
      yAxis: row,
      itemStyle: {
        color: theme.functions[(row + 3) % theme.functions.length]!,
        opacity: 0.55,
        borderColor: theme.ground,
        borderWidth: 1,
      },
      label: {
        show: exit.time - enter.time > hair * 40,
        width: round((exit.time - enter.time) * pixels) - 8,
        position: "inside",
        color: theme.text,
        fontSize: 11,
        overflow: "truncate",
      },
    },
    { xAxis: round(exit.time), yAxis: row + 1 },
  ]);
  const memory = lineSeries(label, main, theme.curves[0]!);
  Object.assign(memory, { symbol: "none", markLine: peakCross(peak, theme) });
  const lines = children.map(({ pid, samples }, index) =>
    lineSeries(`child ${pid}`, samples, theme.children[index % theme.children.length]!),
  );
  const flame = {
    type: "line",
    name: "calls",
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: [[0, 0]],
    symbol: "none",
    markArea: { data, silent: false },
  };
  return [memory, ...lines, flame as SeriesOption];
}

function legendOf(series: readonly SeriesOption[], isFlame: boolean, text: object): EChartsOption["legend"] {
  const data = series.flatMap(({ name }) => (typeof name === "string" && name !== "calls" ? [name] : []));
  if (isFlame) return { data, top: 30, textStyle: text };
  return {
    data,
    type: "scroll",
    orient: "vertical",
    right: 10,
    top: 55,
    bottom: 40,
    textStyle: { ...text, width: 225, overflow: "break", fontSize: 11, lineHeight: 14 },
  };
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Four decimals of a second or a MiB are below what is measured. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
