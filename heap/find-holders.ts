/** Who holds a node: the shortest way to it from the roots of the heap, over references that keep what they lead to. */

import { SAMPLE_CLASS } from "../contract/sample-class.ts";
import type { HeapSnapshot } from "./heap-snapshot.ts";

/** Roots that say nothing of the program: what runs just now, and what only watches. */
const NO_ROOTS =
  /^\((Stack roots|Handle scope|Micro ?tasks|Weak roots|Internal(ized|ised)? strings|Compilation cache|Thread manager|Relocatable)\)/i;

/** By node, the edge by which the shortest way comes to it, plus 1; 0 where none does. */
export type Ways = Uint32Array;

/** Breadth first, so that each node is reached by a shortest way. */
export function findWays(snapshot: HeapSnapshot): Ways {
  const { nodes, edges, nodeCount } = snapshot;
  const { firstEdge } = nodes;
  const { type, to } = edges;
  const weak = edges.types.indexOf("weak");
  const ways = new Uint32Array(nodeCount);
  const isClosed = new Uint8Array(nodeCount);
  for (const node of snapshot.nodesOf("synthetic", (name) => NO_ROOTS.test(name))) isClosed[node] = 1;
  for (const node of snapshot.nodesOf("object", (name) => name === SAMPLE_CLASS)) isClosed[node] = 1;
  // Where it all begins.
  isClosed[0] = 1;
  const queue = new Uint32Array(nodeCount);
  let end = 1;
  for (let at = 0; at < end; at++) {
    const node = queue[at]!;
    const last = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < last; edge++) {
      if (type[edge] === weak) continue;
      const next = to[edge]!;
      if (ways[next] !== 0 || isClosed[next] !== 0) continue;
      ways[next] = edge + 1;
      queue[end++] = next;
    }
  }
  return ways;
}

/** One reference on the way to a node. */
export interface Link {
  edge: number;
  /** The node that refers. */
  holder: number;
}

/** What holds a node, nearest holder first, up to a root. @returns nothing if nothing does */
export function holdersOf(snapshot: HeapSnapshot, ways: Ways, node: number): Link[] {
  const links: Link[] = [];
  for (let at = node; ways[at] !== 0; ) {
    const edge = ways[at]! - 1;
    const holder = snapshot.ownerOf(edge);
    links.push({ edge, holder });
    at = holder;
  }
  return links;
}
