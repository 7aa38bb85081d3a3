import type { Profile } from "../../contract/profile.ts";
import type { Reporter } from "../../runtime/reporters/reporter.ts";

/** A reporter for files of others. A binary one ends in `.gz`. */
export interface Format extends Reporter<string | Uint8Array> {
  /** What the format cannot hold of this profile, in one sentence with the cure; undefined if it holds all. */
  omits?(profile: Profile): string | undefined;
}
