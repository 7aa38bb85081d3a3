import type { FormatName } from "../../contract/formats.ts";
import { JSON_REPORTER } from "../../runtime/reporters/json.ts";
import { COLLAPSED } from "./collapsed.ts";
import { CSV } from "./csv.ts";
import { DAT } from "./dat.ts";
import type { Format } from "./format.ts";
import { HEAPPROFILE } from "./heapprofile.ts";
import { HTML } from "./html.ts";
import { MARKDOWN } from "./markdown.ts";
import { PPROF } from "./pprof.ts";
import { SPEEDSCOPE } from "./speedscope.ts";

/** What `mprof convert` writes, by name. A new one is one file, its name in `contract/formats.ts`, and a row in docs/reports.md. */
export const FORMAT_OF: Readonly<Record<FormatName, Format>> = {
  json: JSON_REPORTER,
  csv: CSV,
  markdown: MARKDOWN,
  html: HTML,
  heapprofile: HEAPPROFILE,
  speedscope: SPEEDSCOPE,
  pprof: PPROF,
  collapsed: COLLAPSED,
  dat: DAT,
};
