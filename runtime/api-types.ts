export type { Activation, MarkOptions, ModuleHandle, ModuleTable } from "../contract/module-table.ts";
export type { CallFigures, Figures, ListingProfile, Profile, Row, RowData } from "../contract/profile.ts";
export type { ReportOptions } from "./core/runtime.ts";
export type { CustomSource } from "./core/sources.ts";
export type { Configuration, FunctionOptions, ProfileOptions, TextSink } from "./full/options.ts";
export type { MarkFunction } from "./full/profile.ts";
export type { LeakingRow, LeakOptions, LeakReport } from "./survivors/leaking-rows.ts";
