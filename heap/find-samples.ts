/** Values that the runtime follows, in a snapshot: its registry has a cell for each, with a weak edge to the value. */

import { SAMPLE_CLASS } from "../contract/sample-class.ts";
import type { HeapSnapshot } from "./heap-snapshot.ts";

const CELL = "system / WeakCell";

export interface Sample {
  /** What the runtime wrote down for the value. */
  key: string;
  /** The value. */
  node: number;
}

/** Those that live, in the order of the snapshot. */
export function findSamples(snapshot: HeapSnapshot): Sample[] {
  const { edges } = snapshot;
  const samples = new Set(snapshot.nodesOf("object", (name) => name === SAMPLE_CLASS));
  const found: Sample[] = [];
  for (const type of ["hidden", "object", "native"]) {
    for (const cell of snapshot.nodesOf(type, (name) => name === CELL)) {
      const { from, to } = snapshot.edgesOf(cell);
      let value: number | undefined;
      let key: string | undefined;
      for (let edge = from; edge < to; edge++) {
        const end = edges.to[edge]!;
        if (samples.has(end)) key = keyOf(snapshot, end);
        else if (snapshot.edgeType(edge) === "weak" && snapshot.edgeName(edge) === "target") value = end;
      }
      if (key !== undefined && value !== undefined) found.push({ key, node: value });
    }
  }
  return found;
}

function keyOf(snapshot: HeapSnapshot, sample: number): string | undefined {
  const text = snapshot.follow(sample, "key");
  return text === undefined ? undefined : snapshot.nameOf(text);
}
