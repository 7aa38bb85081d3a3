/** The text report: tables, and what has to be said below them. */
import type { Profile } from "../../contract/profile.ts";
import { renderCost } from "./cost.ts";
import { paintTable } from "./paint.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { renderFreed } from "./show-freed.ts";
import { renderNoise, withNoise } from "./show-kept.ts";
import { renderLeaks } from "./show-leaks.ts";
import { renderWaiting, withWaiting } from "./show-waiting.ts";
import { renderTable } from "./wide-table.ts";

export const TABLES: Reporter = { name: "text", extension: "txt", render: renderTables };

/** Without waits, estimates, collections, `gc` and times the report of Python's memory_profiler, byte for byte. */
function renderTables(profile: Profile, { color = false }: RenderOptions = {}): string {
  const { listings } = profile;
  if (listings.length === 0) return "";
  const waited = withWaiting(profile);
  const shown = withNoise(waited);
  const tables = shown.listings.map((listing, index) => {
    const table = renderTable(listing, shown, listings[index]!);
    return color ? paintTable(table, listing, shown) : table;
  });
  const below = [renderWaiting, renderFreed, renderCost, renderLeaks].map((each) => each(profile));
  return tables.concat(renderNoise(waited), below).join("");
}
