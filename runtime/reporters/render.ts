import { MprofError } from "../../contract/errors.ts";
import type { Profile } from "../../contract/profile.ts";
import { REPORTERS } from "./index.ts";
import type { Reporter } from "./reporter.ts";

/** The reporter of a name; one of a program's own is what it is. @throws MprofError for a name that does not exist */
export function reporterOf(reporter: string | Reporter): Reporter {
  if (typeof reporter !== "string") return reporter;
  const wanted = Object.hasOwn(REPORTERS, reporter) ? REPORTERS[reporter] : undefined;
  if (wanted !== undefined) return wanted;
  const cure = `Choose one of ${Object.keys(REPORTERS).join(", ")}.`;
  throw new MprofError("MPROF_REPORTER_UNKNOWN", `unknown reporter: ${JSON.stringify(reporter)}`, cure);
}

/** The report of a name. @throws MprofError for one that does not exist */
export function render(profile: Profile, reporter: string | Reporter): string {
  return reporterOf(reporter).render(profile);
}
