import { JSON_REPORTER } from "./json.ts";
import type { Reporter } from "./reporter.ts";
import { SUMMARY } from "./summary.ts";
import { TABLES } from "./tables.ts";

/** The reporters that a running program carries, by name. What files are converted to is in `cli/formats/`. */
export const REPORTERS: Readonly<Record<string, Reporter>> = {
  text: TABLES,
  json: JSON_REPORTER,
  summary: SUMMARY,
};
