/** A table in colours for a terminal: what took most is seen first. */
import type { ListingProfile, Profile } from "../../contract/profile.ts";
import { baselineOf, figuresOf } from "./measure.ts";
import { metricOf } from "./text.ts";

/** Lines of a table above its rows. */
const HEAD = 4;
/** Shares of the largest increment from which on a row is hot, or warm. */
const HOT = 0.5;
const WARM = 0.1;

const BOLD = "1";
const DIM = "2";
const COLOUR = { hot: "1;31", warm: "33" } as const;
/** Stands where the number of a line has a blank. */
const MARK = "\u258c";

/** @param table as `renderTable` writes it, of this listing */
export function paintTable(table: string, listing: ListingProfile, profile: Profile): string {
  const metric = metricOf(listing, profile);
  const increments = listing.rows.map((row, index) => {
    const increment = figuresOf(row, metric)?.increment;
    return increment === undefined ? undefined : increment - (index === 0 ? baselineOf(listing, metric) : 0);
  });
  const most = Math.max(0, ...increments.map((each) => each ?? 0));
  const lines = table.split("\n").map((line, at) => {
    if (at < HEAD) return line === "" ? line : paint(line, at === HEAD - 1 ? DIM : BOLD);
    if (at - HEAD >= increments.length) return line;
    return paintRow(line, increments[at - HEAD], most);
  });
  return lines.join("\n");
}

function paintRow(line: string, increment: number | undefined, most: number): string {
  if (increment === undefined) return paint(line, DIM);
  const heat = most > 0 && increment >= HOT * most ? "hot" : most > 0 && increment >= WARM * most ? "warm" : undefined;
  return heat === undefined ? line : paint(line.replace(/^ /, MARK), COLOUR[heat]);
}

function paint(text: string, code: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}
