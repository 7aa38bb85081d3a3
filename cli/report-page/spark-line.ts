/** How the increment of a row came over the run, as a line beside its figure. */
import { drawn, element } from "./element.ts";
import { format, seconds, unitOf } from "./format.ts";
import type { RowHistory } from "./model.ts";
import { SHAPE } from "./page-data.ts";

/** Of the drawing, whatever its size on the screen: it is stretched. */
const [WIDTH, HEIGHT] = [100, 20];
/** Between the line and the edge, so that it is not cut. */
const MARGIN = 2;

export function sparkLine(of: RowHistory): HTMLElement {
  const { low, high } = of;
  const history = sumsOf(of);
  const x = (at: number) => ((at / history.length) * WIDTH).toFixed(1);
  const y = (value: number) =>
    (HEIGHT - MARGIN - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const points = [0, ...history].map((value, at) => `${x(at)},${y(value)}`).join(" ");
  const drawing = drawn("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  drawing.append(
    drawn("polygon", { class: "area", points: `0,${y(0)} ${points} ${WIDTH},${y(0)}` }),
    drawn("polyline", { points }),
  );
  const spark = element("span", "spark");
  spark.append(drawing);
  return spark;
}

/** The same in words: `7.6 MiB by 3.40 s, half of it by 1.20 s`. @param interval milliseconds of a piece */
export function describeHistory(
  of: RowHistory,
  interval: number,
  { metric, decimals }: { metric: string; decimals: number },
): string {
  const { low, high } = of;
  const history = sumsOf(of);
  const size = (value: number) => `${format(value, metric, decimals)} ${unitOf(metric)}`;
  const by = (isThere: (value: number) => boolean) =>
    `by ${seconds(((history.findIndex(isThere) + 1) * interval) / 1000)}`;
  const end = history.at(-1)!;
  const said = [
    ...(high > 0
      ? [`${size(high)} ${by((value) => value >= high)}, half of it ${by((value) => value >= high / 2)}`]
      : []),
    ...(low < 0 ? [`${size(low)} ${by((value) => value <= low)}`] : []),
    ...(end !== high && end !== low ? [`${size(end)} at the end`] : []),
  ];
  return `${said.join("; ")}; the run took ${seconds((history.length * interval) / 1000)}`;
}

/** What the row had taken by the end of each piece of time. */
function sumsOf({ shape, low, high }: RowHistory): number[] {
  const steps = SHAPE.length - 1;
  return shape.split("").map((each) => low + ((high - low) * SHAPE.indexOf(each)) / steps);
}
