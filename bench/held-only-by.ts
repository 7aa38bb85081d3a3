/** What a part of a program holds that nothing else does, by a heap snapshot. */
import { readFileSync } from "node:fs";
import type { HeapSnapshot } from "../heap/heap-snapshot.ts";
import { readSnapshot } from "../heap/read-snapshot.ts";

/** Bytes of all nodes to which no strong way leads but through doors, the doors included. */
export function heldOnlyBy(path: string, isDoor: (snapshot: HeapSnapshot, node: number) => boolean): number {
  const sizes = selfSizes(path);
  const snapshot = readSnapshot(path);
  try {
    const all = reached(snapshot, () => false);
    const others = reached(snapshot, (node) => isDoor(snapshot, node));
    return sizes.reduce((sum, size, node) => (all[node] === 1 && others[node] === 0 ? sum + size : sum), 0);
  } finally {
    snapshot.close();
  }
}

function selfSizes(path: string): number[] {
  const { nodes, snapshot } = JSON.parse(readFileSync(path, "utf8"));
  const fields: string[] = snapshot.meta.node_fields;
  const at = fields.indexOf("self_size");
  return Array.from({ length: snapshot.node_count }, (_, node) => nodes[node * fields.length + at]);
}

/** By node, 1 where a strong way leads to it that goes through none that is closed. */
function reached({ nodes, edges, nodeCount }: HeapSnapshot, isClosed: (node: number) => boolean): Uint8Array {
  const weak = edges.types.indexOf("weak");
  const isReached = new Uint8Array(nodeCount);
  const isSeen = new Uint8Array(nodeCount);
  const queue = [0];
  isSeen[0] = 1;
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (isClosed(node)) continue;
    isReached[node] = 1;
    for (let edge = nodes.firstEdge[node]!; edge < nodes.firstEdge[node + 1]!; edge++) {
      const next = edges.to[edge]!;
      if (edges.type[edge] === weak || isSeen[next] === 1) continue;
      isSeen[next] = 1;
      queue.push(next);
    }
  }
  return isReached;
}
