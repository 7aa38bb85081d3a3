/** A profile that comes from outside, as a value or as the text of a file. Entry `mprof/profile`. */
import { profileProblem } from "./check-profile.ts";
import { MprofError } from "./errors.ts";
import { PROFILE_FORMAT, PROFILE_VERSION, type Profile } from "./profile.ts";

export type * from "./profile.ts";
export { PROFILE_FORMAT, PROFILE_VERSION } from "./profile.ts";

/**
 * The profile in `document`, the text of a file or what was parsed of it.
 *
 * @throws MprofError for a text that is cut off or no JSON, another format, a newer version, or a field of a wrong type
 */
export function readProfile(document: unknown): Profile {
  const value = typeof document === "string" ? parse(document) : document;
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== PROFILE_FORMAT) {
    const what = `this is no profile: its format is ${JSON.stringify(format) ?? "missing"}, not "${PROFILE_FORMAT}"`;
    throw new MprofError("MPROF_PROFILE_FILE", what, "Write one by mprof --json <file>.");
  }
  if (typeof version === "number" && version > PROFILE_VERSION) {
    const what = `the profile has version ${version}, this mprof reads up to ${PROFILE_VERSION}`;
    throw new MprofError("MPROF_PROFILE_VERSION", what, "Install the mprof that wrote it, or a newer one.");
  }
  const problem = profileProblem(value);
  if (problem === null) return value as Profile;
  throw new MprofError("MPROF_PROFILE_FILE", `the profile is not as it should be: ${problem}`, "Write it anew.");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = text.trimStart().startsWith("{") ? "the profile is cut off, or no JSON" : "this is no profile";
    throw new MprofError("MPROF_PROFILE_FILE", what, "Write one by mprof --json <file>.");
  }
}
