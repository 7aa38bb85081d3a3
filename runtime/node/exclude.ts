import type { Sources } from "../core/sources.ts";
import type { ExactReader } from "../core/state.ts";

/** Does `work`, whose allocations are no line's. */
export function excluded(sources: Sources, work: () => void): void {
  let isDone = false;
  try {
    (sources.select("heap") as ExactReader).exclude(() => {
      isDone = true;
      work();
    });
  } catch (error) {
    if (isDone) throw error;
    work();
  }
}
