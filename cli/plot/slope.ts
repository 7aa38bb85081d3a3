import type { Sample } from "../../contract/recording.ts";

/** Least squares: MiB a second, and the line's value at time 0. */
export interface Line {
  slope: number;
  intercept: number;
}

export function fitLine(samples: readonly Sample[]): Line {
  const count = samples.length;
  const meanTime = samples.reduce((sum, { time }) => sum + time, 0) / count;
  const meanMemory = samples.reduce((sum, { memory }) => sum + memory, 0) / count;
  let [above, below] = [0, 0];
  for (const { time, memory } of samples) {
    above += (time - meanTime) * (memory - meanMemory);
    below += (time - meanTime) ** 2;
  }
  const slope = below === 0 ? 0 : above / below;
  return { slope, intercept: meanMemory - slope * meanTime };
}
