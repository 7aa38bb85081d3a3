/** Who holds the values that the runtime follows: of each row the chain that most of its living samples have. */

import { findWays, holdersOf } from "./find-holders.ts";
import { findSamples } from "./find-samples.ts";
import type { HeapSnapshot } from "./heap-snapshot.ts";
import { type Holder, nameHolders } from "./name-holders.ts";

export interface Chain {
  /** What the runtime wrote down for the row. */
  key: string;
  /** Nearest holder first. Empty where nothing that the program names holds it. */
  holders: Holder[];
  /** Of so many samples that were looked at, so many are held by this chain. */
  looked: number;
  held: number;
}

/** Of each row; more would say no more, and take time. */
const MOST_SAMPLES = 16;

/** @param isWanted by key; all without it */
export function findChains(snapshot: HeapSnapshot, isWanted: (key: string) => boolean = () => true): Chain[] {
  const ways = findWays(snapshot);
  const byKey = new Map<string, Map<string, Chain>>();
  const looked = new Map<string, number>();
  for (const { key, node } of findSamples(snapshot)) {
    const count = looked.get(key) ?? 0;
    // What only the stack holds, or nothing, is about to go.
    if (count >= MOST_SAMPLES || !isWanted(key) || ways[node] === 0) continue;
    looked.set(key, count + 1);
    const holders = nameHolders(snapshot, holdersOf(snapshot, ways, node));
    const chains = byKey.get(key) ?? new Map<string, Chain>();
    byKey.set(key, chains);
    const name = JSON.stringify(holders);
    const chain = chains.get(name) ?? { key, holders, looked: 0, held: 0 };
    chains.set(name, chain);
    chain.held++;
  }
  return [...byKey].map(([key, chains]) => {
    const [first] = [...chains.values()].sort((a, b) => b.held - a.held);
    return { ...first!, looked: looked.get(key)! };
  });
}
