import type { Profile } from "../../contract/profile.ts";
import type { Recording } from "../../contract/recording.ts";

/** What a report may be told besides the profile; a reporter takes what concerns it. */
export interface RenderOptions {
  /** The absolute path of the folder that the profile's files are relative to, for formats that name files by URL. */
  root?: string | undefined;
  /** Memory over time in the same run, for formats that show it. */
  recording?: Recording | undefined;
  /** For a terminal that shows them. */
  color?: boolean | undefined;
}

/** A report: a pure function of the profile, with its name, and that of its files. */
export interface Reporter<Content extends string | Uint8Array = string> {
  /** As options and flags name it. */
  readonly name: string;
  /** Of a file, without the dot. Who writes a `.gz` compresses it. */
  readonly extension: string;
  /** Empty where there is nothing to report. */
  render(profile: Profile, options?: RenderOptions): Content;
}
