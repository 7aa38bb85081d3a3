/** What is said of collections below the last table. */
import type { Profile } from "../../contract/profile.ts";
import { MIB } from "../../contract/units.ts";
import { formatFixed } from "./format-fixed.ts";

/** Empty where they were not followed, or there were none. */
export function renderFreed({ collections, metrics, precision }: Profile): string {
  if (collections === undefined || collections.count === 0) return "";
  const { count, between } = collections;
  const seen = `${count} ${count === 1 ? "collection was" : "collections were"} seen`;
  const bytes = metrics.map((metric) => between.freed[metric]).find((each) => each !== undefined);
  if (between.count === 0 || bytes === undefined) return `${seen}.\n\n`;
  const taken = `${formatFixed(bytes / MIB, precision)} MiB`;
  return `${seen}; ${between.count} of them while nothing profiled ran: these took ${taken}, which no row has.\n\n`;
}
