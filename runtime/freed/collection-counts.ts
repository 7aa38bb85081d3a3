/** What V8's collections take of what a source reads, for a while at a time. Bytes. */
import type { CollectionCount, Reader } from "../core/state.ts";
import type { HeapGauge } from "../full/heap-gauge.ts";
import type { Collected, Collections } from "./collections.ts";
import { EXTERNAL, type Part, partsOf } from "./layout.ts";

/** V8's profiler of collections, which takes a while for each of them: so it does not run all the time. */
export interface CollectionCheck {
  begin(): void;
  /** @returns the collections since then; undefined where they were too many to be kept for so long */
  end(): readonly Collected[] | undefined;
}

/** Undefined for a source of which nothing is known. */
export function countByCheck(check: CollectionCheck, reader: Reader, gauge: HeapGauge): CollectionCount | undefined {
  const parts = partsOfFirst(reader);
  if (parts.length === 0) return undefined;
  let own = 0;
  return {
    begin() {
      gauge.exclude(() => check.begin());
      own = gauge.collected;
    },
    end() {
      let all: readonly Collected[] | undefined;
      gauge.askBy(() => {
        all = check.end();
        return all !== undefined && all.length > 0;
      });
      return all && takenOf(parts, (part) => sumOf(all!, part) - (part === EXTERNAL ? 0 : gauge.collected - own));
    },
  };
}

/** With the option `freed` they are counted anyway. */
export function countByLooks(collections: Collections, reader: Reader): CollectionCount | undefined {
  const parts = partsOfFirst(reader);
  if (parts.length === 0) return undefined;
  const taken = () => {
    collections.look();
    return takenOf(parts, (part) => collections.taken(part));
  };
  let began = 0;
  return {
    begin() {
      began = taken();
    },
    end: () => taken() - began,
  };
}

function partsOfFirst({ metrics }: Reader): readonly Part[] {
  return metrics.length === 1 ? partsOf(metrics[0]!) : [];
}

function takenOf(parts: readonly Part[], of: (part: Part) => number): number {
  let sum = 0;
  for (let i = 0; i < parts.length; i++) sum += of(parts[i]!);
  return sum;
}

function sumOf(all: readonly Collected[], part: Part): number {
  let sum = 0;
  for (let i = 0; i < all.length; i++) sum += part === EXTERNAL ? all[i]!.external : all[i]!.used;
  return sum;
}
