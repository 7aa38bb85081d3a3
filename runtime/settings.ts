/** Which options apply to a listing: those of the command, the mark, `profile({…})`, `configure`, or the defaults, in this order. */
import type { ListingTable, MarkOptions } from "../contract/module-table.ts";
import type { ListingSettings } from "./listing-record.ts";
import type { Configuration, FunctionOptions } from "./options.ts";

export interface OptionLayers {
  command: FunctionOptions;
  /** From `profile({…})(fn)`. */
  runtime: FunctionOptions;
  configuration: Configuration;
  defaults: { precision: number; backend: string };
}

export function resolveSettings(
  table: ListingTable,
  { command, runtime, configuration, defaults }: OptionLayers,
): ListingSettings {
  const mark: MarkOptions = table.options ?? {};
  const configured = configuration.functions?.[table.name] ?? {};
  const own: FunctionOptions = { ...defined(configured), ...defined(runtime), ...defined(mark) };
  const all: FunctionOptions = { ...defined(configuration), ...own, ...defined(command) };
  return {
    precision: all.precision ?? defaults.precision,
    backend: all.backend ?? defaults.backend,
    gc: all.gc ?? false,
    report: all.report ?? "exit",
    stream: all.stream,
    shown: optionsToShow(mark, own, all),
  };
}

/** The listing's own options, with the values that apply. */
function optionsToShow(mark: MarkOptions, own: FunctionOptions, all: FunctionOptions): MarkOptions {
  const shown: MarkOptions = mark.name === undefined ? {} : { name: mark.name };
  if (own.precision !== undefined) shown.precision = all.precision;
  if (own.backend !== undefined) shown.backend = backendName(all.backend!);
  if (own.gc !== undefined) shown.gc = all.gc;
  if (own.report !== undefined && all.report !== "none") shown.report = all.report;
  return shown;
}

function backendName(backend: NonNullable<FunctionOptions["backend"]>): string {
  return typeof backend === "string" ? backend : backend.name;
}

/** Without members that are undefined, which would hide those of weaker options. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
