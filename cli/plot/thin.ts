import type { Sample } from "../../contract/recording.ts";

/**
 * At most about `limit` samples that draw the same curve: of each stretch of time the first, the last, the smallest and the
 * largest stay, so that no peak is lost.
 */
export function thin(samples: readonly Sample[], limit: number): Sample[] {
  if (samples.length <= limit) return [...samples];
  const stretches = Math.max(1, Math.floor(limit / 4));
  const size = samples.length / stretches;
  const kept: Sample[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const [from, to] = [Math.floor(stretch * size), Math.floor((stretch + 1) * size)];
    let [low, high] = [from, from];
    for (let index = from; index < to; index++) {
      if (samples[index]!.memory < samples[low]!.memory) low = index;
      if (samples[index]!.memory > samples[high]!.memory) high = index;
    }
    for (const index of new Set([from, Math.min(low, high), Math.max(low, high), to - 1])) kept.push(samples[index]!);
  }
  return kept;
}
