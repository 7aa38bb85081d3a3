import { MprofError } from "../../contract/errors.ts";
import type { Profile } from "../../contract/profile.ts";
import { REPORTERS } from "./index.ts";

/** The report of a name. @throws MprofError for one that does not exist */
export function render(profile: Profile, reporter: string): string {
  const wanted = Object.hasOwn(REPORTERS, reporter) ? REPORTERS[reporter] : undefined;
  if (wanted !== undefined) return wanted(profile);
  const cure = `Choose one of ${Object.keys(REPORTERS).join(", ")}.`;
  throw new MprofError("MPROF_REPORTER_UNKNOWN", `unknown reporter: ${JSON.stringify(reporter)}`, cure);
}
