import type { FunctionCall, Sample } from "../../contract/recording.ts";

/** A point of a drawn line, or a gap in it. */
export type Point = [time: number, memory: number] | null;

/** Shares of the picture's width and height. */
const WIDTH = 1 / 60;
const HALF_HEIGHT = 1 / 20;

/** Brackets that would be drawn onto the same spot are drawn once; more than this cannot be told apart. */
const STEPS = 250;
/** More columns than any picture has. */
const WIDEST = 2 ** 20;

/** `[` at the entry and `]` at the exit of each call, at the memory of that moment: one line with gaps. */
export function bracketsOf(calls: readonly FunctionCall[], range: { time: number; memory: number }): Point[] {
  const [width, half] = [range.time * WIDTH, range.memory * HALF_HEIGHT];
  const seen = new Set<number>();
  const points: Point[] = [];
  const add = (at: Sample, inward: number) => {
    const [column, row] = [at.time / range.time, at.memory / range.memory].map((share) => Math.round(share * STEPS));
    const spot = (row! * WIDEST + column!) * 2 + (inward > 0 ? 1 : 0);
    if (seen.has(spot)) return;
    seen.add(spot);
    const [foot, top, bottom] = [at.time + inward, at.memory + half, at.memory - half];
    points.push([foot, top], [at.time, top], [at.time, bottom], [foot, bottom], null);
  };
  for (const { enter, exit } of calls) {
    add(enter, width);
    add(exit, -width);
  }
  return points;
}
