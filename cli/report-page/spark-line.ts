/** How the increment of a row came over the run, as a line beside its figure. */
import { drawn, element } from "./element.ts";
import { format, seconds, unitOf } from "./format.ts";
import type { RowHistory } from "./model.ts";
import { SHAPE } from "./page-data.ts";

/** Of a drawing, whatever its size on the screen: it is stretched. A piece of time is 1 wide. */
const HEIGHT = SHAPE.length - 1;
/** Between the line and the edge, so that it is not cut. */
const MARGIN = 6;

/** Empty until the page is painted: of rows that are gone by then, as under a key that is held down, nothing is drawn. */
export function sparkLine(of: RowHistory): HTMLElement {
  const spark = element("span", "spark");
  requestAnimationFrame(() => {
    if (spark.isConnected) spark.append(drawingOf(of));
  });
  return spark;
}

function drawingOf({ shape, low, high }: RowHistory): Element {
  const ground = Math.round((HEIGHT * high) / (high - low));
  let points = `0 ${ground}`;
  for (let at = 0; at < shape.length; at++) points += ` ${at + 1} ${HEIGHT - SHAPE.indexOf(shape[at]!)}`;
  const drawing = drawn("svg", {
    viewBox: `0 ${-MARGIN} ${shape.length} ${HEIGHT + 2 * MARGIN}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  drawing.append(
    drawn("polygon", { class: "area", points: `${points} ${shape.length} ${ground}` }),
    drawn("polyline", { points }),
  );
  return drawing;
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
  const [all, half] = [by((value) => value >= high), by((value) => value >= high / 2)];
  const end = history.at(-1)!;
  // What the line does not show is left out here, too.
  const seen = (high - low) / HEIGHT;
  const said = [
    ...(high > seen ? [`${size(high)} ${all}`] : []),
    ...(high > seen && half !== all ? [`half of it ${half}`] : []),
    ...(low < -seen ? [`${size(low)} ${by((value) => value <= low)}`] : []),
    ...(end !== high && end !== low ? [`${size(end)} at the end`] : []),
  ];
  return `${said.join(", ")}; the run took ${seconds((history.length * interval) / 1000)}`;
}

/** What the row had taken by the end of each piece of time. */
function sumsOf({ shape, low, high }: RowHistory): number[] {
  const steps = SHAPE.length - 1;
  return shape.split("").map((each) => low + ((high - low) * SHAPE.indexOf(each)) / steps);
}
