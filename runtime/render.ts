import type { Profile } from "../contract/profile.ts";
import { MprofError } from "./errors.ts";
import { REPORTERS } from "./reporters/index.ts";

/** The report of a name. @throws MprofError for one that does not exist */
export function render(profile: Profile, reporter: string): string {
  const wanted = Object.hasOwn(REPORTERS, reporter) ? REPORTERS[reporter] : undefined;
  if (wanted !== undefined) return wanted(profile);
  const cure = `Choose one of ${Object.keys(REPORTERS).join(", ")}.`;
  throw new MprofError(`unknown reporter: ${JSON.stringify(reporter)}`, cure, "MPROF_REPORTER_UNKNOWN");
}
