import { renderJson } from "./json.ts";
import type { Reporter } from "./reporter.ts";
import { renderSummary } from "./summary.ts";
import { renderTables } from "./tables.ts";

/** A new reporter is one file, one row here and one in docs/reporters.md. */
export const REPORTERS: Readonly<Record<string, Reporter>> = {
  text: renderTables,
  json: renderJson,
  summary: renderSummary,
};
