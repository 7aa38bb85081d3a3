/** Which options apply to a listing: those of the command, the mark, `profile({…})`, `configure`, or the defaults, in this order. */
import type { ListingTable, MarkOptions } from "../../contract/module-table.ts";
import type { Configuration, FunctionOptions } from "../full/options.ts";
import type { ListingSettings } from "./listing-record.ts";

/** No member of any of them is undefined. */
export interface OptionLayers {
  command: FunctionOptions | undefined;
  /** From `profile({…})(fn)`. */
  runtime: FunctionOptions;
  configuration: Configuration;
  defaults: FunctionOptions;
}

export function resolveSettings(
  { name, options }: Pick<ListingTable, "name" | "options">,
  { command, runtime, configuration, defaults }: OptionLayers,
): ListingSettings {
  const own: Record<string, unknown> = { ...configuration.functions?.[name], ...runtime, ...options };
  const all: Record<string, unknown> = { ...defaults, ...configuration, ...own, ...command };
  // What the profile shows are the listing's own, with the values that apply: a source by its name.
  const shown: Record<string, unknown> = {};
  for (const key of Object.keys(own)) {
    if (key !== "stream" && all[key] !== "none") shown[key] = (all[key] as { name?: string }).name ?? all[key];
  }
  return { ...all, shown: shown as MarkOptions } as unknown as ListingSettings;
}
