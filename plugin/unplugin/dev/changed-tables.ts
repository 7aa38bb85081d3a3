/** What a terminal has not shown yet of a profile: whole tables at first, then the rows that changed, no more than fits. */
import type { ListingProfile, Profile } from "../../../contract/profile.ts";
import { metricOf, renderListing } from "../../../runtime/reporters/text.ts";
import { withoutCommands } from "../../../runtime/reporters/without-commands.ts";

/** The lines and columns of a terminal. */
export interface Screen {
  rows: number;
  columns: number;
}

/** A table, or the changed rows of one. */
interface Block {
  head: string[];
  rows: string[];
  /** By how much its figures changed, all together. */
  change: number;
}

interface Shown {
  rows: string[];
  growth: number;
}

/** Lines of a table above its rows. */
const HEAD = 4;
/** Columns of the line's number: where a row stands is no news. */
const NUMBER = 6;
/** Lines of the screen for what others write between, and for what is said of the rest. */
const MARGIN = 6;

export class ChangedTables {
  private readonly shown = new Map<string, Shown>();
  private readonly toldNotes = new Set<string>();

  /** Empty if nothing changed. What does not fit is counted as shown, too. */
  render(profile: Profile, screen: Screen): string {
    const blocks = profile.listings.flatMap((listing) => this.changesOf(listing, profile) ?? []);
    if (blocks.length === 0) return "";
    const notes = profile.notes.filter((note) => !this.toldNotes.has(note));
    for (const note of notes) this.toldNotes.add(note);
    const space = { ...screen, rows: screen.rows - MARGIN - notes.length };
    const lines = [...fit(blocks, space), ...notes.map((note) => `Note: ${note}`)];
    return withoutCommands(lines.join("\n"));
  }

  private changesOf(listing: ListingProfile, profile: Profile): Block | null {
    const lines = renderListing(listing, profile).split("\n");
    const [file, ...head] = lines.slice(0, HEAD) as [string, ...string[]];
    const rows = lines.slice(HEAD, HEAD + listing.rows.length);
    const key = JSON.stringify([
      listing.file,
      listing.name,
      listing.superseded === true,
      listing.rows.map(({ text }) => text),
    ]);
    const before = this.shown.get(key);
    const growth = growthOf(listing, profile);
    this.shown.set(key, { rows, growth });
    if (before === undefined) return { head: [file, ...head], rows, change: Math.abs(growth) };
    const changed = rows.filter((row, index) => row.slice(NUMBER) !== before.rows[index]!.slice(NUMBER));
    if (changed.length === 0) return null;
    return { head: [`${file}, what changed`, ...head], rows: changed, change: Math.abs(growth - before.growth) };
  }
}

function growthOf(listing: ListingProfile, profile: Profile): number {
  const metric = metricOf(listing, profile);
  return listing.rows.slice(1).reduce((sum, { data }) => sum + (data?.figures[metric]?.increment ?? 0), 0);
}

/** The tables that changed most, in the order of the report; the first of them is cut if it alone is too long. */
function fit(blocks: readonly Block[], { rows: space, columns }: Screen): string[] {
  const chosen = new Set<Block>();
  let left = space;
  for (const block of [...blocks].sort((a, b) => b.change - a.change)) {
    const height = block.rows.reduce((sum, row) => sum + linesOf(row, columns), HEAD + 1);
    if (height > left && chosen.size > 0) continue;
    chosen.add(block);
    left -= height;
  }
  const lines = blocks
    .filter((block) => chosen.has(block))
    .flatMap(({ head, rows }) => [...head, ...cut(rows, { rows: space - HEAD - 1, columns }), ""]);
  const rest = blocks.length - chosen.size;
  if (rest > 0) lines.push(`and ${rest} more ${rest === 1 ? "function" : "functions"} that changed`);
  return lines;
}

function cut(rows: readonly string[], { rows: space, columns }: Screen): string[] {
  const kept: string[] = [];
  let left = space;
  for (const row of rows) {
    left -= linesOf(row, columns);
    if (left < 0 && kept.length > 0) break;
    kept.push(row);
  }
  if (kept.length === rows.length) return kept;
  if (kept.length > 1) kept.pop();
  return [...kept, `${" ".repeat(NUMBER)} and ${rows.length - kept.length} more rows`];
}

/** A long row goes on in the next line of the screen. */
function linesOf(row: string, columns: number): number {
  return Math.max(1, Math.ceil(row.length / columns));
}
