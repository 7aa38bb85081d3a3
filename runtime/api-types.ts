export type { Activation, MarkOptions, ModuleHandle, ModuleTable } from "../contract/module-table.ts";
export type { CallFigures, Figures, ListingProfile, Profile, Row, RowData } from "../contract/profile.ts";
export type { ReportOptions } from "./lifecycle.ts";
export type { Configuration, FunctionOptions, ProfileOptions, TextSink } from "./options.ts";
export type { MarkFunction } from "./profile.ts";
export type { CustomSource } from "./sources/source.ts";
