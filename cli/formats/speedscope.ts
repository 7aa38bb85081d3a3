import { TIME } from "../../contract/units.ts";
import { version } from "../version.ts";
import type { Format } from "./format.ts";
import { type FunctionLines, type LineValue, linesOf } from "./lines.ts";

interface Frame {
  name: string;
  file: string;
  line: number;
}

/** A sampled profile: a stack of frames for each weight. */
interface Sampled {
  type: "sampled";
  name: string;
  unit: "bytes" | "nanoseconds";
  startValue: 0;
  endValue: number;
  samples: number[][];
  weights: number[];
}

/** speedscope's own format. It has no negative weights: what was given back is a profile beside that of what was taken. */
export const SPEEDSCOPE: Format = {
  name: "speedscope",
  extension: "speedscope.json",
  render(profile) {
    const functions = linesOf(profile);
    const frames: Frame[] = [];
    const indexes = new Map<string, number>();
    const frameOf = (frame: Frame): number => {
      const key = JSON.stringify(frame);
      const index = indexes.get(key) ?? frames.push(frame) - 1;
      indexes.set(key, index);
      return index;
    };
    const metrics = [...new Set(functions.map(({ metric }) => metric))];
    const profiles = metrics.flatMap((metric) => {
      const own = functions.filter((each) => each.metric === metric);
      const taken = sampled(`taken, ${metric}`, metric, own, frameOf, ({ value }) => value);
      const given = sampled(`given back, ${metric}`, metric, own, frameOf, ({ value }) => -value);
      return given.samples.length > 0 ? [taken, given] : [taken];
    });
    const document = {
      $schema: "https://www.speedscope.app/file-format-schema.json",
      exporter: `mprof ${version()}`,
      name: `mprof, ${profile.host.runtime} ${profile.host.version}`,
      activeProfileIndex: 0,
      shared: { frames },
      profiles,
    };
    return `${JSON.stringify(document)}\n`;
  },
};

function sampled(
  name: string,
  metric: string,
  functions: readonly FunctionLines[],
  frameOf: (frame: Frame) => number,
  weigh: (line: LineValue) => number,
): Sampled {
  const stacks = functions.flatMap(({ name: outer, file, first, lines }) =>
    lines
      .filter((line) => weigh(line) > 0)
      .map((line) => ({
        weight: weigh(line),
        stack: [frameOf({ name: outer, file, line: first }), frameOf({ name: line.name, file, line: line.line })],
      })),
  );
  return {
    type: "sampled",
    name,
    unit: metric === TIME ? "nanoseconds" : "bytes",
    startValue: 0,
    endValue: stacks.reduce((sum, { weight }) => sum + weight, 0),
    samples: stacks.map(({ stack }) => stack),
    weights: stacks.map(({ weight }) => weight),
  };
}
