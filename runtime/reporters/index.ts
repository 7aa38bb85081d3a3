import { renderJson } from "./json.ts";
import type { Reporter } from "./reporter.ts";
import { renderSummary } from "./summary.ts";
import { renderText } from "./text.ts";

/** A new reporter is one file, one row here and one in docs/reporters.md. */
export const REPORTERS: Readonly<Record<string, Reporter>> = {
  text: renderText,
  json: renderJson,
  summary: renderSummary,
};
