/** Modules that are changed while the program runs: what is unchanged keeps its figures, the rest is superseded. */
import type { ListingTable, ModuleTable } from "../../contract/module-table.ts";
import type { ListingRecord } from "../core/listing-record.ts";

/** Tells the records of the modules that `table` takes the place of where their functions are now, if anywhere. */
export function replaceListings(earlier: readonly ListingRecord[], table: ModuleTable): void {
  const records = earlier.filter(({ file }) => file === table.file);
  for (const alike of groupAlike(records.map((record) => record.table))) {
    const successors = table.listings.filter((listing) => textOf(listing) === textOf(alike[0]!));
    // Functions of one name and text keep their order; earlier modules of this file have moved to where they were last.
    const places = [...new Set(alike.map(({ first }) => first))].sort((a, b) => a - b);
    for (const record of records.filter((each) => alike.includes(each.table))) {
      const successor = successors[Math.min(places.indexOf(record.table.first), successors.length - 1)];
      record.superseded = successor === undefined;
      if (successor) record.table = successor;
    }
  }
}

function groupAlike(tables: readonly ListingTable[]): ListingTable[][] {
  const groups = new Map<string, ListingTable[]>();
  for (const table of tables) groups.set(textOf(table), [...(groups.get(textOf(table)) ?? []), table]);
  return [...groups.values()];
}

function textOf({ name, lines }: ListingTable): string {
  return JSON.stringify([name, lines]);
}
